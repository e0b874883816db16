"""The end of a process whose threads still wait for a silent server."""

from __future__ import annotations

import logging
import os

log = logging.getLogger(__name__)


def leave_now() -> None:
    """End the process with work still waiting for a server; every stage is a safe place to die.

    Python itself would wait for its threads, and a silent server holds one for a minute.
    """
    log.info("left with mail servers that did not answer; nothing is lost")
    logging.shutdown()
    os._exit(0)

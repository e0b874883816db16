"""Set up logging: to stderr, one line an event, never a secret, an address or a word of mail."""

from __future__ import annotations

import logging
import sys


def set_up(level: str) -> None:
    """Log our own events at `level` and libraries' only from warning on.

    Libraries log protocol lines and URLs at debug and info, which can hold mail and secrets, so
    they are never let through below warning, whatever the level.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("inboxwatch").setLevel(level.upper())

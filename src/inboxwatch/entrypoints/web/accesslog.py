"""The access log: who looked at what and decided what, and when. Never a word of mail."""

from __future__ import annotations

import json
import logging
import os
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

FILE_NAME = "access.log"
_BYTES = 2_000_000
_OLD_FILES = 5


class _PrivateFile(RotatingFileHandler):
    """A log file that only its owner can read."""

    def _open(self):  # type: ignore[no-untyped-def]
        os.close(os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT, 0o600))
        return super()._open()


class AccessLog:
    """Appends one line of JSON a request; turned over at 2 MB, five old files are kept."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME
        self._writer = _PrivateFile(
            self.path, maxBytes=_BYTES, backupCount=_OLD_FILES, encoding="utf-8", delay=True
        )

    def write(
        self,
        *,
        at: datetime,
        who: str,
        client: str,
        method: str,
        path: str,
        status: int,
        decisions: tuple[int, ...] = (),
    ) -> None:
        """Write a line. `path` comes without its query, which could hold words of mail."""
        told: dict[str, object] = {
            "at": at.isoformat(timespec="seconds"),
            "who": who,
            "from": client,
            "what": f"{method} {path[:200]}",
            "status": status,
        }
        if decisions:
            told["decisions"] = decisions
        line = json.dumps(told)
        self._writer.handle(
            logging.LogRecord("access", logging.INFO, "", 0, line.replace("%", "%%"), (), None)
        )

    def close(self) -> None:
        """Close the file."""
        self._writer.close()

"""The access log: who looked at what and decided what, and when. Never a word of mail."""

from __future__ import annotations

import json
import logging
import os
import threading
from datetime import datetime
from pathlib import Path

log = logging.getLogger(__name__)

FILE_NAME = "access.log"
_BYTES = 2_000_000
_OLD_FILES = 5


class AccessLog:
    """Appends one line of JSON a request; turned over at 2 MB, five old files are kept."""

    def __init__(self, folder: Path, *, largest: int = _BYTES) -> None:
        self.path = folder / FILE_NAME
        self._largest = largest
        self._lock = threading.Lock()

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
        line = (json.dumps(told) + "\n").encode("ascii")
        try:
            with self._lock:
                self._append(line)
        except OSError as error:  # a full disk must not take the page away as well
            log.warning("the access log %s could not be written: %s", self.path, error.strerror)

    def _append(self, line: bytes) -> None:
        # Opened for each line: another process may have turned it over meanwhile.
        number = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(number, line)
            is_full = os.fstat(number).st_size >= self._largest
        finally:
            os.close(number)
        if is_full:
            for old in range(_OLD_FILES - 1, 0, -1):
                if self._old(old).exists():
                    self._old(old).replace(self._old(old + 1))
            self.path.replace(self._old(1))

    def _old(self, number: int) -> Path:
        return self.path.with_name(f"{FILE_NAME}.{number}")

"""How often somebody may try a password. Counts in memory; knows no password."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

_FREE = 5  # wrong tries without a wait
_FIRST_WAIT_SECONDS = 5.0
_LONGEST_WAIT_SECONDS = 900.0
_FORGOTTEN_AFTER_SECONDS = 3600.0
_REMEMBERED = 10_000  # keys at most, so that a flood of them costs no memory


@dataclass(slots=True)
class Attempts:
    """Wrong tries by key (an address, or a user's name); each makes the next wait longer."""

    now: Callable[[], float] = time.monotonic
    _wrong: dict[str, tuple[int, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, *keys: str) -> float:
        """Return how many seconds to wait before the next try; 0 when it may be now."""
        with self._lock:
            return max((self._wait(key) for key in keys), default=0.0)

    def _wait(self, key: str) -> float:
        count, last = self._wrong.get(key, (0, 0.0))
        if count < _FREE:
            return 0.0
        doublings = min(count - _FREE, 20)
        needed = min(_FIRST_WAIT_SECONDS * 2.0**doublings, _LONGEST_WAIT_SECONDS)
        return max(0.0, last + needed - self.now())

    def failed(self, *keys: str) -> None:
        """Count a wrong try."""
        with self._lock:
            at = self.now()
            if len(self._wrong) >= _REMEMBERED:
                self._wrong = {
                    key: (count, last)
                    for key, (count, last) in self._wrong.items()
                    if at - last < _FIRST_WAIT_SECONDS or count > _FREE
                }
            for key in keys:
                count, last = self._wrong.get(key, (0, at))
                self._wrong[key] = (1 if at - last > _FORGOTTEN_AFTER_SECONDS else count + 1, at)

    def succeeded(self, *keys: str) -> None:
        """Forget the wrong tries of these keys."""
        with self._lock:
            for key in keys:
                self._wrong.pop(key, None)

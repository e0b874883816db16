"""When to poll an account again: its rhythm, and patience with a server that is ill. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

_FIRST = timedelta(minutes=1)
_LONGEST = timedelta(hours=1)
# A refused password locks accounts when it is tried again and again.
_REFUSED = timedelta(hours=6)
_REFUSED_TRIES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """An account's rhythm. `failures` in a row; `pause` before the next poll after one."""

    every: timedelta
    failures: int = 0
    pause: timedelta | None = None

    def after_success(self) -> Pace:
        """Return the usual rhythm."""
        return replace(self, failures=0, pause=None)

    def after_failure(self, *, transient: bool, retry_after: float | None, jitter: float) -> Pace:
        """Return the pace after one more failure.

        Args:
            transient: trying again may help; else the server refused us.
            retry_after: seconds the server asked for.
            jitter: between 0 and 1, so that many accounts do not come back at once.
        """
        failures = self.failures + 1
        if not transient and failures >= _REFUSED_TRIES:
            pause = _REFUSED
        else:
            pause = min(_FIRST * 2 ** min(failures - 1, 10), _LONGEST)
        pause *= 1 + jitter / 2
        if retry_after is not None:
            pause = max(pause, timedelta(seconds=retry_after))
        return replace(self, failures=failures, pause=pause)

    def wait(self) -> timedelta:
        """Return how long to wait before the next poll."""
        return self.every if self.pause is None else self.pause

"""Which accounts are polled at the same time: no mail server may take every place. Decides only."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Lanes:
    """Places for polls at once, a part of them kept free of any one mail server.

    A provider that accepts connections and then says nothing holds each of its accounts for a
    minute. Where there are other servers it gets three quarters of the places and no more; the
    rest of its accounts wait here, in order, and hold no thread. Threads share it.

    Args:
        places: how many polls are under way at the same time.
        has_others: whether there is more than one server.
    """

    places: int
    has_others: bool
    _busy: dict[Hashable, int] = field(default_factory=dict)
    _waiting: dict[Hashable, deque[str]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def share(self) -> int:
        """How many places one server may hold."""
        if not self.has_others:
            return self.places
        return max(1, self.places * 3 // 4)

    def enter(self, server: Hashable, account: str) -> bool:
        """Take a place at a server; False when its share is taken, and the account waits here."""
        with self._lock:
            if self._busy.get(server, 0) >= self.share:
                waiting = self._waiting.setdefault(server, deque())
                if account not in waiting:
                    waiting.append(account)
                return False
            self._busy[server] = self._busy.get(server, 0) + 1
            return True

    def leave(self, server: Hashable) -> str | None:
        """Give a place back; return the account that waits longest for it, which may now enter."""
        with self._lock:
            left = self._busy.get(server, 0) - 1
            if left > 0:
                self._busy[server] = left
            else:
                self._busy.pop(server, None)
            waiting = self._waiting.get(server)
            if not waiting:
                return None
            account = waiting.popleft()
            if not waiting:
                del self._waiting[server]
            return account

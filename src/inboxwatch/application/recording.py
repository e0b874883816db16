"""Keep the records of polls: those that end together in one commit, so that disks are spared."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from inboxwatch.application.ports import Store
from inboxwatch.application.records import PollRecord


@dataclass(eq=False, slots=True)
class _Waiting:
    record: PollRecord
    is_saved: bool = False


@dataclass(slots=True)
class Recorder:
    """Saves records; a call returns when its record is committed. Threads share it.

    While one thread's commit is under way the records of others gather, and the next commit takes
    them all: on a disk that needs 10 ms for each, eight polls at once cost two commits, not eight.
    """

    store: Store
    _gathering: threading.Lock = field(default_factory=threading.Lock)
    _writing: threading.Lock = field(default_factory=threading.Lock)
    _waiting: list[_Waiting] = field(default_factory=list)

    def __call__(self, record: PollRecord) -> None:
        """Save one record.

        Raises:
            StoreError: it could not be written.
        """
        mine = _Waiting(record)
        with self._gathering:
            self._waiting.append(mine)
        with self._writing:
            if mine.is_saved:
                return
            with self._gathering:
                taken, self._waiting = self._waiting, []
            if mine not in taken:  # another's commit took it and failed: it is tried once more
                taken.append(mine)
            with self.store.transaction() as tx:
                for one in taken:
                    tx.save_poll(one.record)
            for one in taken:
                one.is_saved = True

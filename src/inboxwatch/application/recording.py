"""Keep the records of polls in few commits, so that disks are spared."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime

from inboxwatch.application.ports import Store, Transaction
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

    Args:
        notes_may_wait: whether the record of a poll without news is kept in memory until `flush`,
            of each account the newest, after one that was saved and told of no problem either.
            One that ended before it, since a clock was set back, does not wait.
            Until then nobody knows of that poll: what is known is known up to an earlier moment,
            and a crash leaves it so.
        noted: the newest note that `flush` saved of each account whose polls brought no news since.
    """

    store: Store
    notes_may_wait: bool = False
    _gathering: threading.Lock = field(default_factory=threading.Lock)
    _writing: threading.Lock = field(default_factory=threading.Lock)
    _waiting: list[_Waiting] = field(default_factory=list)
    _notes: dict[str, PollRecord] = field(default_factory=dict)  # by account
    # Of accounts whose last poll went well, when that ended.
    _well: dict[str, datetime] = field(default_factory=dict)
    noted: dict[str, PollRecord] = field(default_factory=dict)

    def note(self, record: PollRecord) -> None:
        """Save the record of a complete poll without news, now or with the next `flush`.

        Raises:
            StoreError: it could not be written.
        """
        before = self._well.get(record.account)
        if not self.notes_may_wait or before is None or record.ended_at < before:
            self(record)
            return
        with self._gathering:
            self._notes[record.account] = record
            self._well[record.account] = record.ended_at

    def flush(self) -> None:
        """Save the notes that wait, in one commit; none costs nothing.

        Raises:
            StoreError: they could not be written; they wait on.
        """
        with self._gathering:
            notes, self._notes = self._notes, {}
        if not notes:
            return
        try:
            self.store.note(notes.values())
        except BaseException:
            with self._gathering:
                self._notes = {**notes, **self._notes}
            raise
        with self._gathering:
            self.noted.update(notes)

    def save_in(self, tx: Transaction, record: PollRecord) -> None:
        """Save a record together with what its poll stored; an older note of it is not needed."""
        tx.save_poll(record)
        with self._gathering:
            self._supersede(record)

    def _supersede(self, record: PollRecord) -> None:
        self._notes.pop(record.account, None)
        self.noted.pop(record.account, None)
        if record.complete and not record.problem:
            self._well[record.account] = record.ended_at
        else:
            self._well.pop(record.account, None)

    def __call__(self, record: PollRecord) -> None:
        """Save one record.

        Raises:
            StoreError: it could not be written.
        """
        mine = _Waiting(record)
        with self._gathering:
            self._supersede(record)
            self._waiting.append(mine)
        with self._writing:
            if mine.is_saved:
                return
            with self._gathering:
                taken, self._waiting = self._waiting, []
            if mine not in taken:  # another's commit took it and failed: it is tried once more
                taken.append(mine)
            with self.store.transaction(durable=False) as tx:
                for one in taken:
                    tx.save_poll(one.record)
            for one in taken:
                one.is_saved = True

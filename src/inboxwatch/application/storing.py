"""Store what a poll reads: each batch with the cursor behind it, the last ones with the record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from inboxwatch.application.basis import begin_basis
from inboxwatch.application.ours import Ours
from inboxwatch.application.ports import Store, Transaction
from inboxwatch.application.recording import Recorder
from inboxwatch.application.records import Arrival, FolderBatch, PollRecord
from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.message import Message
from inboxwatch.domain.threads import Entry

Judge = Callable[[Message], Entry]  # a first opinion, before its surroundings are known
Keys = Callable[[Entry], frozenset[str]]

_HELD = 100  # messages that wait for a commit at the most, and those of the last batch
_CUT = 4  # batches of a folder still being read that wait: so much a crash has read again


@dataclass(slots=True, kw_only=True)
class Storing:
    """What one poll stores. `new` has the ids of messages not stored before.

    `has_written` tells whether anything but the note of a poll without news was.

    A batch waits for those after it, and the last ones for the record of the poll, so that news is
    one commit and a first scan few. A crash before it leaves the cursor where it was, and the next
    poll reads the same again.
    """

    store: Store
    person: str
    watch: Watch
    judge: Judge
    keys: Keys
    judged_by: str
    ours: Ours
    recorder: Recorder
    new: list[str] = field(default_factory=list)
    _held: list[FolderBatch] = field(default_factory=list)
    _opinions: dict[str, Entry] = field(default_factory=dict)  # of what is held, by id
    has_written: bool = False

    def add(self, batch: FolderBatch) -> None:
        """Take a batch; it is stored with the next commit, when enough wait for it.

        Raises:
            StoreError: it could not be written.
        """
        for message in (arrival.message for arrival in batch.arrivals):
            self.ours.learn(message.message_id)
            if message.message_id not in self._opinions:  # now, while the server works on
                self._opinions[message.message_id] = self.judge(message)
        self._held.append(batch)
        cut = sum(not one.complete for one in self._held)
        if cut == _CUT or sum(len(one.arrivals) for one in self._held) >= _HELD:
            self.settle()

    def settle(self) -> None:
        """Store what was taken.

        Raises:
            StoreError: it could not be written.
        """
        if self._held:
            with self.store.transaction(durable=False) as tx:
                self._save(tx)

    def finish(self, record: PollRecord) -> PollRecord:
        """Store the rest with the poll's record; return that record with its count of new mail.

        Raises:
            StoreError: it could not be written.
        """
        if self._held:
            with self.store.transaction(durable=False) as tx:
                self._save(tx)
                record = replace(record, found=len(self.new))
                self.recorder.save_in(tx, record)
            return record
        record = replace(record, found=len(self.new))
        if record.complete and not record.problem and not self.has_written:
            self.recorder.note(record)
        else:
            self.has_written = True
            self.recorder(record)
        return record

    def _save(self, tx: Transaction) -> None:
        if self.judged_by:
            begin_basis(tx, self.person, self.judged_by, self.watch)
        for batch in self._held:
            self.new += self._save_batch(tx, batch)
        self._held, self._opinions = [], {}
        self.has_written = True

    def _save_batch(self, tx: Transaction, batch: FolderBatch) -> tuple[str, ...]:
        person = self.person
        if batch.reset:
            tx.drop_folder_locations(person, batch.state.account, batch.state.folder)
        known = tx.known_ids(person, (arrival.message.message_id for arrival in batch.arrivals))
        fresh: dict[str, Message] = {}
        for arrival in batch.arrivals:
            message = arrival.message
            if message.message_id in known or message.message_id in fresh:
                continue
            fresh[message.message_id] = message
        entries = [self._opinions[message_id] for message_id in fresh]
        new = tx.save_entries(person, [(entry, self.keys(entry)) for entry in entries])
        for arrival in batch.arrivals:  # further copies of a message: only their places are news
            message = arrival.message
            if fresh.get(message.message_id) is not message:
                tx.add_locations(person, message.message_id, message.locations)
        for arrival in batch.arrivals:
            _keep(tx, person, arrival)
        for unreadable in batch.unreadable:
            tx.save_unreadable(person, unreadable)
        if batch.gone:
            tx.drop_locations(person, batch.gone)
        tx.save_folder_state(batch.state)
        return new


def _keep(tx: Transaction, person: str, arrival: Arrival) -> None:
    if arrival.original is not None:
        sha256 = tx.save_original(arrival.original)
        tx.set_original(person, arrival.message.message_id, sha256)

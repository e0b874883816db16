"""Poll one account: read what is new and store it, batch by batch. Decides nothing about it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from inboxwatch.application.basis import begin_basis
from inboxwatch.application.ports import MailSource, Now, Progress, Store, Transaction
from inboxwatch.application.recording import Recorder
from inboxwatch.application.records import Arrival, FolderBatch, FolderState, PollRecord, Wanted
from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.errors import MailSourceError
from inboxwatch.domain.message import Message
from inboxwatch.domain.threads import Entry

Judge = Callable[[Message], Entry]  # a first opinion, before its surroundings are known
Keys = Callable[[Entry], frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What one poll did. `new` counts messages not stored before."""

    record: PollRecord
    new: int = 0
    new_ids: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def watch_digest(watch: Watch) -> str:
    """Return a short text that changes when what is ours to read changes."""
    parts = sorted(
        "|".join((body.name, *sorted(body.domains), *sorted(body.addresses)))
        for body in watch.bodies
    )
    parts += sorted(f"{place}={body}" for place, body in watch.learned)
    parts += sorted(f"system:{domain}" for domain in watch.systems)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def poll(
    store: Store,
    source: MailSource,
    *,
    account: str,
    person: str,
    watch: Watch,
    judge: Judge,
    keys: Keys,
    now: Now,
    judged_by: str = "",
    since: datetime | None = None,
    excluded: frozenset[str] = frozenset(),
    progress: Progress | None = None,
    record: Callable[[PollRecord], None] | None = None,
) -> Polled:
    """Read an account's news into the store; each batch commits with the cursor behind it.

    Running it again, or dying between two batches, loses and repeats nothing.

    Args:
        judge: gives a message its first classification; `review` decides with its surroundings.
        judged_by: names by what `judge` judges (`Yardstick.judged_by`), so that a first review can
            go on from there.
        excluded: folders that the user excluded; they do not hold up a complete poll.
        record: keeps the record of the poll; None keeps it in a transaction of its own.

    Raises:
        MailSourceError: the account as a whole could not be read; it is recorded first.
        StoreError: the store could not be written.
    """
    started = now()
    save = record or Recorder(store)
    with store.transaction(read_only=True) as tx:
        states = tx.folder_states(account)
    ours = _Ours(store, person)
    wanted = Wanted(
        watch=watch,
        is_ours=ours,
        our_ids=ours.every,
        watch_digest=watch_digest(watch),
        since=since,
        known_uids=lambda acc, folder, validity: _known(store, acc, folder, validity),
    )
    new: list[str] = []
    problems: list[str] = []
    scanned = 0
    read_to_the_end: dict[str, bool] = {}
    stored = dict(states)
    try:
        for batch in source.poll(states, wanted, progress=progress):
            scanned += batch.scanned
            folder = batch.state.folder
            if not batch.complete and batch.state.problem:
                problems.append(f"{folder}: {batch.state.problem}")
            left_out = batch.state.excluded or folder in excluded
            read_to_the_end[folder] = batch.complete or left_out
            if _says_nothing(batch, stored.get(folder)):
                continue
            with store.transaction() as tx:
                if judged_by:
                    begin_basis(tx, person, judged_by, watch)
                new += _save(tx, batch, person, judge=judge, keys=keys, ours=ours)
            stored[folder] = batch.state
    except MailSourceError as error:
        save(
            PollRecord(
                account=account,
                person=person,
                started_at=started,
                ended_at=now(),
                complete=False,
                scanned=scanned,
                found=len(new),
                problem=error.problem,
            )
        )
        raise
    polled = PollRecord(
        account=account,
        person=person,
        started_at=started,
        ended_at=now(),
        complete=all(read_to_the_end.values()),
        scanned=scanned,
        found=len(new),
        problem="; ".join(problems),
    )
    save(polled)
    return Polled(record=polled, new=len(new), new_ids=tuple(new), problems=tuple(problems))


class _Ours:
    """Tells whether an id is of our talk with bodies; learns the ids of this poll as they come.

    Mail of theirs counts too: a case system often answers to the acknowledgement alone.
    """

    def __init__(self, store: Store, person: str) -> None:
        self._store = store
        self._person = person
        self._ids: set[str] | None = None
        self._learned: set[str] = set()

    def learn(self, message_id: str) -> None:
        self._learned.add(message_id)

    def every(self) -> frozenset[str]:
        """Return every id of ours known so far."""
        if self._ids is None:  # loaded only when a header has to be checked
            with self._store.transaction(read_only=True) as tx:
                self._ids = set(tx.message_ids(self._person))
        return frozenset(self._ids | self._learned)

    def __call__(self, message_id: str) -> bool:
        if message_id in self._learned:
            return True
        if self._ids is None:
            self.every()
        return message_id in (self._ids or ())


def _known(store: Store, account: str, folder: str, uidvalidity: int) -> frozenset[int]:
    with store.transaction(read_only=True) as tx:
        return tx.known_uids(account, folder, uidvalidity)


def _says_nothing(batch: FolderBatch, before: FolderState | None) -> bool:
    """Tell whether a batch changes nothing worth a write: gentle on disks too."""
    if batch.arrivals or batch.unreadable or batch.gone or batch.reset or before is None:
        return False
    if batch.state is before:  # as it is for every folder of a quiet poll
        return True
    return replace(batch.state, polled_at=None) == replace(before, polled_at=None)


def _save(
    tx: Transaction,
    batch: FolderBatch,
    person: str,
    *,
    judge: Judge,
    keys: Keys,
    ours: _Ours,
) -> tuple[str, ...]:
    if batch.reset:
        tx.drop_folder_locations(person, batch.state.account, batch.state.folder)
    known = tx.known_ids(person, (arrival.message.message_id for arrival in batch.arrivals))
    fresh: dict[str, Message] = {}
    for arrival in batch.arrivals:
        message = arrival.message
        if message.message_id in known or message.message_id in fresh:
            continue
        fresh[message.message_id] = message
    entries = [judge(message) for message in fresh.values()]
    new = tx.save_entries(person, [(entry, keys(entry)) for entry in entries])
    for entry in entries:
        ours.learn(entry.message_id)
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

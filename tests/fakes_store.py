"""A store in memory: the same promises as the real one, without a disk."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from inboxwatch.application.records import (
    Delivery,
    DeliveryState,
    FiledReminder,
    Placement,
    PollRecord,
    StoreCounts,
)
from inboxwatch.domain.errors import StoreError
from inboxwatch.domain.overrides import Override, Verb
from inboxwatch.domain.reminders import Reminder
from tests.fakes_store_judging import FakeJudging
from tests.fakes_store_mail import Tables

SILENCING = {Verb.MARK, Verb.CLASSIFY, Verb.LINK, Verb.UNLINK, Verb.SNOOZE}


class FakeTransaction(FakeJudging):
    """Reads and writes a copy of the tables."""

    def save_placements(
        self,
        person: str,
        placements: Iterable[Placement],
        before: Collection[str] | None = None,
    ) -> None:
        new = tuple(placements)
        self.drop_placements(
            person, [p.message_id for p in new if before is None or p.message_id in before]
        )
        for placement in new:
            if (person, placement.message_id) in self._t.entries:
                self._t.placements[self._t.next()] = (person, placement)

    def drop_placements(self, person: str, message_ids: Iterable[str]) -> None:
        gone = {(person, message_id) for message_id in message_ids}
        self._t.placements = {
            n: (owner, p)
            for n, (owner, p) in self._t.placements.items()
            if (owner, p.message_id) not in gone
        }

    def placements(self, person: str, thread_id: str | None = None) -> tuple[Placement, ...]:
        mine = [p for owner, p in self._t.placements.values() if owner == person]
        return tuple(p for p in mine if thread_id in (None, p.thread_id))

    def add_override(self, person: str, override: Override) -> Override:
        stored = replace(override, id=self._t.next())
        self._t.overrides[stored.id] = (person, stored)
        self._mark(person, override.target)
        return stored

    def undo_override(self, person: str, override_id: int, at: datetime) -> Override | None:
        owner, override = self._t.overrides.get(override_id, (None, None))
        if owner != person or override is None or override.undone_at is not None:
            return None
        self._t.overrides[override_id] = (person, replace(override, undone_at=at))
        self._mark(person, override.target)
        return self._t.overrides[override_id][1]

    def overrides(self, person: str) -> tuple[Override, ...]:
        return tuple(o for owner, o in self._t.overrides.values() if owner == person)

    def file_reminders(
        self, person: str, reminders: Iterable[Reminder], at: datetime
    ) -> tuple[Reminder, ...]:
        new = []
        for reminder in reminders:
            if (person, reminder.key) not in self._t.reminders:
                filed = FiledReminder(reminder=reminder, filed_at=at)
                self._t.reminders[(person, reminder.key)] = filed
                new.append(reminder)
        return tuple(new)

    def filed_reminders(self, person: str) -> tuple[FiledReminder, ...]:
        found = [f for (owner, _), f in self._t.reminders.items() if owner == person]
        return tuple(sorted(found, key=lambda filed: filed.filed_at))

    def reminders_about(self, person: str, message_ids: Iterable[str]) -> tuple[FiledReminder, ...]:
        wanted = set(message_ids)
        return tuple(
            f
            for f in self.filed_reminders(person)
            if not wanted.isdisjoint({f.reminder.key.unanswered, *f.reminder.covers})
        )

    def add_delivery(self, delivery: Delivery) -> bool:
        is_new = delivery.id not in self._t.deliveries
        self._t.deliveries.setdefault(delivery.id, delivery)
        return is_new

    def pending_deliveries(self, at: datetime) -> tuple[Delivery, ...]:
        waiting = [d for d in self._t.deliveries.values() if d.state is DeliveryState.PENDING]
        due = [d for d in waiting if d.not_before is None or d.not_before <= at]
        return tuple(sorted(due, key=lambda d: d.created_at))

    def count_pending(self) -> int:
        return sum(d.state is DeliveryState.PENDING for d in self._t.deliveries.values())

    def update_delivery(self, delivery: Delivery) -> None:
        known = self._t.deliveries.get(delivery.id)
        if known is not None:
            self._t.deliveries[delivery.id] = replace(
                known,
                state=delivery.state,
                attempts=delivery.attempts,
                not_before=delivery.not_before,
                sent_at=delivery.sent_at,
                problem=delivery.problem,
            )

    def deliveries(
        self,
        person: str,
        *,
        states: Collection[DeliveryState] = tuple(DeliveryState),
        besides: Collection[str] = (),
    ) -> tuple[Delivery, ...]:
        mine = [
            d
            for d in self._t.deliveries.values()
            if d.person == person and d.state in states and d.problem not in besides
        ]
        return tuple(sorted(mine, key=lambda d: d.created_at))

    def last_sent_at(self, person: str, target: str, type: str) -> datetime | None:
        sent = [
            d.sent_at
            for d in self.deliveries(person, states=(DeliveryState.SENT,))
            if d.target == target and d.type == type and d.sent_at is not None
        ]
        return max(sent, default=None)

    def save_original(self, raw: bytes) -> str:
        sha256 = hashlib.sha256(raw).hexdigest()
        self._t.originals.setdefault(sha256, raw)
        return sha256

    def original(self, sha256: str) -> bytes | None:
        return self._t.originals.get(sha256)

    def set_original(self, person: str, message_id: str, sha256: str) -> None:
        entry = self._t.entries.get((person, message_id))
        if entry is not None and entry.message.original_sha256 not in self._t.originals:
            message = replace(entry.message, original_sha256=sha256)
            self._t.entries[(person, message_id)] = replace(entry, message=message)
        self._drop_unused({sha256})

    def _drop_unused(self, candidates: set[str | None]) -> None:
        used = {e.message.original_sha256 for e in self._t.entries.values()}
        for sha256 in candidates - used - {None}:
            self._t.originals.pop(str(sha256), None)

    def purge(self, person: str, message_ids: Iterable[str]) -> int:
        ids = set(message_ids)
        mine = [key for key in self._t.entries if key[0] == person and key[1] in ids]
        threads = {
            (owner, p.thread_id)
            for owner, p in self._t.placements.values()
            if (owner, p.message_id) in mine
        }
        self._t.pages = {key: kept for key, kept in self._t.pages.items() if key not in threads}
        candidates = {self._t.entries.pop(key).message.original_sha256 for key in mine}
        for key in mine:
            del self._t.keys[key]
        self._t.places = {
            s: (i, at) for s, (i, at) in self._t.places.items() if (s[0], i) not in mine
        }
        self._t.strays = {key: s for key, s in self._t.strays.items() if key not in mine}
        self._t.answers = {key: a for key, a in self._t.answers.items() if key[:2] not in mine}
        self.drop_placements(person, ids)
        if mine:
            self._mark(person, None)
        self._drop_unused(candidates)
        for (owner, filed_key), filed in self._t.reminders.items():
            if owner == person and filed_key.unanswered in ids:
                bare = replace(filed.reminder, subject="", action=None, case=None)
                self._t.reminders[(owner, filed_key)] = replace(filed, reminder=bare)
        for number, (owner, override) in list(self._t.overrides.items()):
            if owner == person and override.target in ids:
                if override.verb in SILENCING:
                    self._t.overrides[number] = (owner, replace(override, note=""))
                else:
                    del self._t.overrides[number]
        for delivery in self.deliveries(person) if ids else ():
            if delivery.state is DeliveryState.SENT:
                self._t.deliveries[delivery.id] = replace(delivery, payload="")
        return len(mine)

    def setting(self, name: str) -> str | None:
        return self._t.settings.get(name)

    def settings(self, names: Collection[str]) -> dict[str, str | None]:
        return {name: self._t.settings.get(name) for name in names}

    def set_setting(self, name: str, value: str) -> None:
        self._t.settings[name] = value

    def people(self) -> tuple[str, ...]:
        return tuple(sorted({owner for owner, _ in self._t.entries}))

    def revision(self, person: str, as_of: datetime) -> str:
        t = self._t
        mine = [e.message.at <= as_of for (owner, _), e in t.entries.items() if owner == person]
        decided = [o.undone_at for owner, o in t.overrides.values() if owner == person]
        numbers = [o.id for owner, o in t.overrides.values() if owner == person]
        unread = sum(spot[0] == person for spot in t.quarantine)
        filed = sum(owner == person for owner, _ in t.reminders)
        states = sorted(d.state.value for d in t.deliveries.values() if d.person == person)
        return str((sorted(mine), decided, numbers, unread, filed, states))

    def counts(self, person: str | None = None) -> StoreCounts:
        def of(owner: str) -> bool:
            return person in (None, owner)

        entries = [e for (owner, _), e in self._t.entries.items() if of(owner)]
        used = {e.message.original_sha256 for e in entries}
        kept = [s for s in self._t.originals if person is None or s in used]
        accounts: dict[str, set[tuple[str, str]]] = {}
        for spot, (message_id, location) in self._t.places.items():
            if of(spot[0]):
                accounts.setdefault(location.account, set()).add((spot[0], message_id))
        return StoreCounts(
            messages=len(entries),
            threads=len({(o, p.thread_id) for o, p in self._t.placements.values() if of(o)}),
            unreadable=sum(of(spot[0]) for spot in self._t.quarantine),
            originals=len(kept),
            by_account=tuple(sorted((name, len(ids)) for name, ids in accounts.items())),
        )


class FakeStore:
    """Commits by swapping the tables. A transaction inside another of its thread fails at once."""

    def __init__(self) -> None:
        self._tables = Tables()
        self._writing = threading.Lock()
        self._writer: int | None = None
        self._commits = 0

    def version(self) -> str:
        return str(self._commits)

    def note(self, polls: Iterable[PollRecord]) -> None:
        version = self._commits
        with self.transaction(durable=False) as tx:
            for poll in polls:
                tx.save_poll(poll)
        self._commits = version

    @contextmanager
    def transaction(
        self, *, read_only: bool = False, durable: bool = True
    ) -> Iterator[FakeTransaction]:
        if read_only:
            before = self._tables.clone()
            seen = before.clone()
            yield FakeTransaction(seen)
            if seen != before:
                raise StoreError("store in memory: may not be written", remedy="Only read here.")
            return
        if self._writer == threading.get_ident():
            raise StoreError("store in memory: is locked", remedy="Do not nest transactions.")
        with self._writing:
            self._writer = threading.get_ident()
            try:
                changed = self._tables.clone()
                yield FakeTransaction(changed)
                self._tables = changed
                self._commits += 1
            finally:
                self._writer = None

    def close(self) -> None:
        """Nothing to let go of."""

"""The mail side of a store in memory: messages, where they are, folders, polls, quarantine."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime

from inboxwatch.application.ports import NOTHING
from inboxwatch.application.records import (
    SET_BACK,
    Answer,
    Delivery,
    FiledReminder,
    FolderState,
    Placement,
    PollRecord,
    Stray,
    ThreadPage,
)
from inboxwatch.domain.message import Location, Unreadable
from inboxwatch.domain.overrides import Override
from inboxwatch.domain.reminders import ReminderKey
from inboxwatch.domain.threads import Direction, Entry

Mine = tuple[str, str]  # person, message id
Spot = tuple[str, str, str, int, int]  # person, account, folder, uidvalidity, uid


@dataclass
class Tables:
    entries: dict[Mine, Entry] = field(default_factory=dict)
    keys: dict[Mine, frozenset[str]] = field(default_factory=dict)
    places: dict[Spot, tuple[str, Location]] = field(default_factory=dict)
    sent_ids: dict[Mine, None] = field(default_factory=dict)
    folders: dict[tuple[str, str], FolderState] = field(default_factory=dict)
    polls: dict[int, PollRecord] = field(default_factory=dict)
    quarantine: dict[Spot, Unreadable] = field(default_factory=dict)
    placements: dict[int, tuple[str, Placement]] = field(default_factory=dict)
    overrides: dict[int, tuple[str, Override]] = field(default_factory=dict)
    reminders: dict[tuple[str, ReminderKey], FiledReminder] = field(default_factory=dict)
    changes: dict[int, tuple[str, str | None]] = field(default_factory=dict)
    pages: dict[tuple[str, str], ThreadPage] = field(default_factory=dict)
    strays: dict[Mine, Stray] = field(default_factory=dict)
    answers: dict[tuple[str, str, str], Answer] = field(default_factory=dict)
    deliveries: dict[str, Delivery] = field(default_factory=dict)
    originals: dict[str, bytes] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    number: int = 0

    def next(self) -> int:
        self.number += 1
        return self.number

    def clone(self) -> Tables:
        """A copy that shares nothing that changes; the values are frozen."""
        return Tables(**{f.name: copy.copy(getattr(self, f.name)) for f in fields(self)})


def spot_of(person: str, location: Location) -> Spot:
    return (person, location.account, location.folder, location.uidvalidity, location.uid)


class FakeMail:
    """Reads and writes a copy of the tables."""

    def __init__(self, tables: Tables) -> None:
        self._t = tables

    def _mark(self, person: str, message_id: str | None) -> None:
        self._t.changes[self._t.next()] = (person, message_id)

    def save_entry(self, person: str, entry: Entry, keys: frozenset[str]) -> bool:
        mine = (person, entry.message_id)
        before = self._t.entries.get(mine)
        bare = replace(entry, message=replace(entry.message, locations=()))
        if before is not None:
            original = before.message.original_sha256 or entry.message.original_sha256
            bare = replace(before, message=replace(before.message, original_sha256=original))
        self._t.entries[mine] = bare
        self._t.keys[mine] = self._t.keys.get(mine, frozenset()) | keys
        self.add_locations(person, entry.message_id, entry.message.locations)
        self._mark(person, entry.message_id)
        return before is None

    def save_entries(
        self, person: str, entries: Iterable[tuple[Entry, frozenset[str]]]
    ) -> tuple[str, ...]:
        return tuple([e.message_id for e, keys in entries if self.save_entry(person, e, keys)])

    def judge_entries(self, person: str, entries: Iterable[tuple[Entry, frozenset[str]]]) -> None:
        for entry, keys in entries:
            mine = (person, entry.message_id)
            if mine in self._t.entries:
                self._t.entries[mine] = replace(
                    self._t.entries[mine],
                    classification=entry.classification,
                    direction=entry.direction,
                )
                self._t.keys[mine] |= keys

    def entry(self, person: str, message_id: str) -> Entry | None:
        return next(iter(self.entries(person, (message_id,))), None)

    def entries(self, person: str, message_ids: Iterable[str] | None = None) -> tuple[Entry, ...]:
        wanted = None if message_ids is None else set(message_ids)
        places: dict[str, list[Location]] = {}
        for spot, (message_id, location) in self._t.places.items():
            if spot[0] == person:
                places.setdefault(message_id, []).append(location)
        found = [
            replace(e, message=replace(e.message, locations=tuple(places.get(message_id, ()))))
            for (owner, message_id), e in self._t.entries.items()
            if owner == person and (wanted is None or message_id in wanted)
        ]
        return tuple(sorted(found, key=lambda e: (e.at, e.message_id)))

    def entries_sharing(
        self, person: str, keys: frozenset[str], known: Mapping[str, Entry] = NOTHING
    ) -> tuple[Entry, ...]:
        ids = [i for (owner, i), own in self._t.keys.items() if owner == person and own & keys]
        return tuple(known.get(e.message_id, e) for e in self.entries(person, ids))

    def sent_with(
        self, person: str, keys: frozenset[str]
    ) -> Mapping[str, Sequence[tuple[datetime, str]]]:
        found: dict[str, list[tuple[datetime, str]]] = {}
        for (owner, one), own in self._t.keys.items():
            entry = self._t.entries[(owner, one)]
            for key in own & keys if owner == person else ():
                if entry.direction is Direction.SENT:
                    found.setdefault(key, []).append((entry.at, one))
        return found

    def known_ids(self, person: str, message_ids: Iterable[str]) -> frozenset[str]:
        return frozenset(one for one in message_ids if (person, one) in self._t.entries)

    def without_original(self, person: str, account: str) -> tuple[Entry, ...]:
        return tuple(
            e
            for e in self.entries(person)
            if e.message.original_sha256 is None
            and any(place.account == account for place in e.message.locations)
        )

    def our_ids(self, person: str) -> frozenset[str]:
        sent = {m for m, e in self._t.entries.items() if e.direction is Direction.SENT}
        return frozenset(i for owner, i in sent | set(self._t.sent_ids) if owner == person)

    def message_ids(self, person: str, among: Iterable[str] | None = None) -> frozenset[str]:
        every = set(self._t.entries) | set(self._t.sent_ids)
        mine = frozenset(i for owner, i in every if owner == person)
        return mine if among is None else mine & frozenset(among)

    def remember_sent_id(self, person: str, message_id: str) -> None:
        self._t.sent_ids[(person, message_id)] = None

    def texts_around(
        self,
        person: str,
        sender: str,
        fingerprint: str,
        at: datetime,
        message_id: str,
        *,
        at_most: int | None = None,
    ) -> tuple[int, tuple[str, ...]]:
        same = [
            (e.at, e.message_id)
            for e in self.entries(person)
            if (e.message.sender.address if e.message.sender else "") == sender
            and e.classification.fingerprint == fingerprint
            and fingerprint
        ]
        mine = (at, message_id)
        after = [one for when, one in sorted(same) if (when, one) > mine][:at_most]
        before = [one for one in same if one < mine][:at_most]
        return len(before), tuple(after)

    def add_locations(self, person: str, message_id: str, locations: Iterable[Location]) -> None:
        if (person, message_id) in self._t.entries:
            for location in locations:
                spot = spot_of(person, location)
                before, _ = self._t.places.get(spot, (message_id, location))
                if before != message_id:
                    self._mark(person, before)
                self._t.places[spot] = (message_id, location)
            self._mark(person, message_id)

    def drop_locations(self, person: str, locations: Iterable[Location]) -> None:
        for location in locations:
            gone = self._t.places.pop(spot_of(person, location), None)
            if gone is not None:
                self._mark(person, gone[0])

    def drop_folder_locations(self, person: str, account: str, folder: str) -> None:
        here = (person, account, folder)
        self._t.places = {s: v for s, v in self._t.places.items() if s[:3] != here}
        self._t.quarantine = {s: v for s, v in self._t.quarantine.items() if s[:3] != here}
        self._mark(person, None)

    def known_uids(self, account: str, folder: str, uidvalidity: int) -> frozenset[int]:
        here = (account, folder, uidvalidity)
        return frozenset(spot[4] for spot in self._t.places if spot[1:4] == here)

    def folder_states(self, account: str) -> dict[str, FolderState]:
        return {f: s for (a, f), s in sorted(self._t.folders.items()) if a == account}

    def save_folder_state(self, state: FolderState) -> None:
        self._t.folders[(state.account, state.folder)] = state

    def save_poll(self, record: PollRecord) -> None:
        self._t.polls = {
            number: poll
            for number, poll in self._t.polls.items()
            if poll.account != record.account or poll.ended_at <= record.ended_at + SET_BACK
        }
        self._t.polls[self._t.next()] = record

    def last_complete_poll(self, account: str) -> PollRecord | None:
        return self._newest(account, complete=True)

    def last_poll(self, account: str) -> PollRecord | None:
        return self._newest(account, complete=False)

    def _newest(self, account: str, *, complete: bool) -> PollRecord | None:
        found = [p for p in self._t.polls.values() if p.account == account]
        found = [p for p in found if p.complete or not complete]
        return max(reversed(found), key=lambda p: p.ended_at, default=None)

    def save_unreadable(self, person: str, unreadable: Unreadable) -> None:
        self._t.quarantine[spot_of(person, unreadable.location)] = unreadable

    def unreadables(self, person: str) -> tuple[Unreadable, ...]:
        return tuple(u for spot, u in self._t.quarantine.items() if spot[0] == person)

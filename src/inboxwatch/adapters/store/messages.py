"""Messages with their judgements and threading keys, inside a transaction. Judges nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, func, select

from inboxwatch.adapters.store import rows
from inboxwatch.adapters.store.locations import Locations
from inboxwatch.adapters.store.rows import message_key
from inboxwatch.adapters.store.sql import among, chunks
from inboxwatch.adapters.store.tables import digest, locations, message_keys, messages, sent_ids
from inboxwatch.domain.kinds import Classification
from inboxwatch.domain.message import Location
from inboxwatch.domain.threads import Direction, Entry

# A copy may bring the original along; what was kept first stays.
_JUDGE_AGAIN = (
    messages.update()
    .where(messages.c.digest == bindparam("stored"))
    .values(original_sha256=func.coalesce(messages.c.original_sha256, bindparam("original")))
)


class Messages(Locations):
    """What is known of each message."""

    def save_entry(self, person: str, entry: Entry, keys: frozenset[str]) -> bool:
        """Store one message; True when it is new."""
        return bool(self.save_entries(person, [(entry, keys)]))

    def save_entries(
        self, person: str, entries: Iterable[tuple[Entry, frozenset[str]]]
    ) -> tuple[str, ...]:
        """Store messages with their keys; return the ids of those that are new."""
        new: list[str] = []
        for part in chunks(entries):
            new += self._save(person, part)
        return tuple(new)

    def _save(self, person: str, part: list[tuple[Entry, frozenset[str]]]) -> list[str]:
        keyed = [(message_key(person, entry.message_id), entry, keys) for entry, keys in part]
        known = self._stored(key for key, _, _ in keyed)
        fresh: dict[bytes, Entry] = {}
        again: dict[bytes, Entry] = {}
        for key, entry, _ in keyed:
            (again if key in known or key in fresh else fresh)[key] = entry
        self._sql.run(
            messages.insert(), [rows.entry_columns(person, entry) for entry in fresh.values()]
        )
        self._sql.run(
            _JUDGE_AGAIN,
            [
                {
                    "stored": key,
                    "original": entry.message.original_sha256,
                    **rows.judged_columns(entry.classification, entry.direction),
                }
                for key, entry in again.items()
            ],
        )
        self._locate(person, [(key, at) for key, e, _ in keyed for at in e.message.locations])
        found = {(digest(person, text), key) for key, _, keys in keyed for text in keys}
        self._sql.insert_new(message_keys, [{"key": k, "message": m} for k, m in sorted(found)])
        return [entry.message_id for entry in fresh.values()]

    def save_classification(
        self, person: str, message_id: str, classification: Classification, direction: Direction
    ) -> None:
        """Replace what a stored message was judged to be."""
        columns = rows.judged_columns(classification, direction)
        where = messages.c.digest == message_key(person, message_id)
        self._sql.run(messages.update().where(where).values(**columns))

    def entry(self, person: str, message_id: str) -> Entry | None:
        """Return one stored message."""
        found = self.entries(person, (message_id,))
        return found[0] if found else None

    def entries(self, person: str, message_ids: Iterable[str] | None = None) -> tuple[Entry, ...]:
        """Return stored messages in order of time."""
        if message_ids is None:
            return self._entries([messages.c.person == person])
        return self._entries(
            among(messages.c.digest, (message_key(person, i) for i in message_ids))
        )

    def entries_sharing(self, person: str, keys: frozenset[str]) -> tuple[Entry, ...]:
        """Return the messages that have any of these threading keys."""
        found: set[bytes] = set()
        for condition in among(message_keys.c.key, (digest(person, key) for key in keys)):
            query = select(message_keys.c.message).where(condition)
            found.update(self._sql.column(query))
        return self._entries(among(messages.c.digest, found))

    def without_original(self, person: str, account: str) -> tuple[Entry, ...]:
        """Return the messages seen at an account whose original is not kept yet."""
        copies = locations.alias()  # `_entries` joins the table itself
        seen = select(copies.c.message).where(
            copies.c.account == account, copies.c.message == messages.c.digest
        )
        return self._entries(
            [(messages.c.person == person) & messages.c.original_sha256.is_(None) & seen.exists()]
        )

    def ours_among(self, person: str, message_ids: Iterable[str]) -> frozenset[str]:
        """Return which of these ids are the user's messages or reminders sent."""
        wanted = {message_key(person, message_id): message_id for message_id in message_ids}
        found: set[bytes] = set()
        for condition in among(messages.c.digest, wanted):
            sent = messages.c.direction == Direction.SENT.value
            query = select(messages.c.digest).where(condition, sent)
            found.update(self._sql.column(query))
        for condition in among(sent_ids.c.digest, wanted):
            query = select(sent_ids.c.digest).where(condition)
            found.update(self._sql.column(query))
        return frozenset(wanted[key] for key in found)

    def our_ids(self, person: str) -> frozenset[str]:
        """Return the ids of the user's messages and of the reminders sent."""
        sent = messages.c.direction == Direction.SENT.value
        ours = (
            select(messages.c.message_id).where(messages.c.person == person, sent),
            select(sent_ids.c.message_id).where(sent_ids.c.person == person),
        )
        return frozenset(message_id for query in ours for message_id in self._sql.column(query))

    def message_ids(self, person: str) -> frozenset[str]:
        """Return the ids of all stored messages and of the reminders sent."""
        every = (
            select(messages.c.message_id).where(messages.c.person == person),
            select(sent_ids.c.message_id).where(sent_ids.c.person == person),
        )
        return frozenset(message_id for query in every for message_id in self._sql.column(query))

    def remember_sent_id(self, person: str, message_id: str) -> None:
        """Remember the Message-ID of a reminder we sent."""
        row = {
            "digest": message_key(person, message_id),
            "person": person,
            "message_id": message_id,
        }
        self._sql.insert_new(sent_ids, [row])

    def texts_seen(self, person: str, council_mailbox: str, fingerprint: str) -> int:
        """Return how often a text came from a sender address."""
        return int(
            self._sql.value(
                select(func.count()).where(
                    messages.c.sender_key == digest(person, council_mailbox),
                    messages.c.wording_key == digest(fingerprint),
                )
            )
        )

    def _entries(self, conditions: Iterable[ColumnElement[bool]]) -> tuple[Entry, ...]:
        found: list[Row[Any]] = []
        places: defaultdict[bytes, list[Location]] = defaultdict(list)
        for condition in conditions:
            found += self._sql.rows(select(messages).where(condition))
            copies = select(locations).join(messages).where(condition)
            for row in self._sql.rows(copies.order_by(locations.c.number)):
                places[row.message].append(rows.location_of(row))
        entries = self._read(
            found, lambda row: rows.entry_of(row, tuple(places.get(row.digest, ()))), "messages"
        )
        # Python's order, not the database's: collations differ, and equal times must not.
        return tuple(sorted(entries, key=lambda entry: (entry.at, entry.message_id)))

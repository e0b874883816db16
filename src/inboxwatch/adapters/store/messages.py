"""Messages with their judgements and threading keys, inside a transaction. Judges nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, func, select, union_all

from inboxwatch.adapters.store import rows
from inboxwatch.adapters.store.columns import digest
from inboxwatch.adapters.store.locations import Locations
from inboxwatch.adapters.store.prepared import Prepared, Row
from inboxwatch.adapters.store.rows import message_key
from inboxwatch.adapters.store.sql import chunks, is_among
from inboxwatch.adapters.store.tables import locations, message_keys, messages, sent_ids
from inboxwatch.application.ports import NOTHING
from inboxwatch.domain.message import Location
from inboxwatch.domain.threads import Direction, Entry

_INSERT = Prepared(messages.insert())
# A copy may bring the original along; what was kept first stays.
_KEEP_ORIGINAL = Prepared(
    messages.update()
    .where(messages.c.digest == bindparam("stored"))
    .values(original_sha256=func.coalesce(messages.c.original_sha256, bindparam("original")))
)


_KNOWN = (
    messages.c.digest,
    messages.c.message_id,
    messages.c.at,
    messages.c.direction,
    messages.c.original_sha256,
    messages.c.classification,
    messages.c.message,
    locations.c.place,
    locations.c.account,
    locations.c.folder,
    locations.c.role,
    locations.c.uidvalidity,
    locations.c.uid,
)
_BY_ID = Prepared(
    select(*_KNOWN)
    .select_from(messages.outerjoin(locations))
    .where(is_among(messages.c.digest))
    .order_by(locations.c.number)
)
_BY_KEY = Prepared(
    select(*_KNOWN)
    .select_from(messages.outerjoin(locations))
    .where(
        messages.c.digest.in_(select(message_keys.c.message).where(is_among(message_keys.c.key)))
    )
    .order_by(locations.c.number)
)
_SENT_WITH = Prepared(
    select(message_keys.c.key, messages.c.at, messages.c.message_id)
    .select_from(message_keys.join(messages))
    .where(is_among(message_keys.c.key), messages.c.direction == Direction.SENT.value)
)
_ALL = 2**62
_SAME_TEXT = (
    messages.c.sender_key == bindparam("sender"),
    messages.c.wording_key == bindparam("wording"),
)
_TEXTS = select(messages.c.at, messages.c.message_id).where(*_SAME_TEXT)
_TEXTS_AROUND = Prepared(
    union_all(
        select(
            _TEXTS.where(messages.c.at < bindparam("moment"))
            .order_by(messages.c.at.desc())
            .limit(bindparam("enough"))
            .subquery()
        ),
        select(
            _TEXTS.where(messages.c.at >= bindparam("moment"))
            .order_by(messages.c.at)
            .limit(bindparam("enough"))
            .subquery()
        ),
    )
)
_TEXTS_UNTIL = Prepared(
    _TEXTS.where(messages.c.at >= bindparam("moment"), messages.c.at <= bindparam("until"))
)
_IDS = Prepared(
    union_all(
        select(messages.c.digest).where(is_among(messages.c.digest)),
        select(sent_ids.c.digest).where(is_among(sent_ids.c.digest)),
    )
)
_JUDGED = Prepared(messages.update().where(messages.c.digest == bindparam("stored")))


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
        self._sql.run(_INSERT, [rows.entry_columns(person, entry) for entry in fresh.values()])
        self._sql.stored.update(fresh)
        self._sql.run(
            _KEEP_ORIGINAL,
            [
                {"stored": key, "original": entry.message.original_sha256}
                for key, entry in again.items()
                if entry.message.original_sha256 is not None
            ],
        )
        self._locate(person, [(key, at) for key, e, _ in keyed for at in e.message.locations])
        found = {(digest(person, text), key) for key, _, keys in keyed for text in keys}
        self._sql.insert_new(message_keys, [{"key": k, "message": m} for k, m in sorted(found)])
        self._mark(person, (key for key, _, _ in keyed))
        return [entry.message_id for entry in fresh.values()]

    def judge_entries(self, person: str, entries: Iterable[tuple[Entry, frozenset[str]]]) -> None:
        """Replace what stored messages were judged to be, with the keys that follow."""
        for part in chunks(entries):
            keyed = [(message_key(person, entry.message_id), entry, keys) for entry, keys in part]
            stored = self._stored(key for key, _, _ in keyed)
            keyed = [(key, entry, keys) for key, entry, keys in keyed if key in stored]
            self._sql.run(
                _JUDGED,
                [
                    {"stored": key, **rows.judged_columns(entry.classification, entry.direction)}
                    for key, entry, _ in keyed
                ],
            )
            found = {(digest(person, text), key) for key, _, keys in keyed for text in keys}
            self._sql.insert_new(message_keys, [{"key": k, "message": m} for k, m in sorted(found)])

    def entry(self, person: str, message_id: str) -> Entry | None:
        """Return one stored message."""
        found = self.entries(person, (message_id,))
        return found[0] if found else None

    def entries(self, person: str, message_ids: Iterable[str] | None = None) -> tuple[Entry, ...]:
        """Return stored messages in order of time."""
        if message_ids is None:
            return self._entries([messages.c.person == person])
        found = self._sql.among(_BY_ID, (message_key(person, one) for one in message_ids))
        return self._in_order(self._placed(found))

    def entries_sharing(
        self, person: str, keys: frozenset[str], known: Mapping[str, Entry] = NOTHING
    ) -> tuple[Entry, ...]:
        """Return the messages that have any of these threading keys, known ones as they are."""
        found = self._sql.among(_BY_KEY, (digest(person, key) for key in keys))
        ids = {row.message_id for row in found}
        return self._in_order(
            (*self._placed(found, known), *(known[one] for one in ids & known.keys()))
        )

    def sent_with(
        self, person: str, keys: frozenset[str]
    ) -> Mapping[str, Sequence[tuple[datetime, str]]]:
        """Return when messages of ours that have any of these keys were written, with their ids."""
        wanted = {digest(person, key): key for key in sorted(keys)}
        found: dict[str, list[tuple[datetime, str]]] = {}
        for row in self._sql.among(_SENT_WITH, wanted):
            found.setdefault(wanted[row.key], []).append((row.at, row.message_id))
        return found

    def without_original(self, person: str, account: str) -> tuple[Entry, ...]:
        """Return the messages seen at an account whose original is not kept yet."""
        copies = locations.alias()  # `_entries` joins the table itself
        seen = select(copies.c.message).where(
            copies.c.account == account, copies.c.message == messages.c.digest
        )
        return self._entries(
            [(messages.c.person == person) & messages.c.original_sha256.is_(None) & seen.exists()]
        )

    def known_ids(self, person: str, message_ids: Iterable[str]) -> frozenset[str]:
        """Return which of these ids are of stored messages."""
        wanted = {message_key(person, message_id): message_id for message_id in message_ids}
        return frozenset(wanted[key] for key in self._stored(wanted))

    def our_ids(self, person: str) -> frozenset[str]:
        """Return the ids of the user's messages and of the reminders sent."""
        sent = messages.c.direction == Direction.SENT.value
        ours = (
            select(messages.c.message_id).where(messages.c.person == person, sent),
            select(sent_ids.c.message_id).where(sent_ids.c.person == person),
        )
        return frozenset(message_id for query in ours for message_id in self._sql.column(query))

    def message_ids(self, person: str, among: Iterable[str] | None = None) -> frozenset[str]:
        """Return the ids of stored messages and of the reminders sent; only these, or all."""
        if among is not None:
            wanted = {message_key(person, message_id): message_id for message_id in among}
            return frozenset(wanted[row.digest] for row in self._sql.among(_IDS, wanted))
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
        """Count earlier messages with this text from this sender, and name the later ones."""
        given = {
            "sender": digest(person, sender),
            "wording": digest(fingerprint),
            "moment": at,
            "enough": _ALL if at_most is None else at_most + 1,  # the message itself is there
        }
        around = self._sql.rows(_TEXTS_AROUND, given)
        since = [row for row in around if row.at >= at]
        before = len(around) - len(since)
        if at_most is not None and len(since) > at_most:  # with all of the last one's moment
            last = max(row.at for row in since)
            since = list(self._sql.rows(_TEXTS_UNTIL, {**given, "until": last}))
        # Python's order of the ids, not the database's.
        ordered = sorted((row.at, row.message_id) for row in since)
        before += sum(one < (at, message_id) for one in ordered)
        after = tuple(one for when, one in ordered if (when, one) > (at, message_id))
        return (before if at_most is None else min(before, at_most)), after[:at_most]

    def _entries(self, conditions: Iterable[ColumnElement[bool]]) -> tuple[Entry, ...]:
        found: list[Row] = []
        places: defaultdict[bytes, list[Location]] = defaultdict(list)
        for condition in conditions:
            found += self._sql.rows(select(messages).where(condition))
            copies = select(locations).join(messages).where(condition)
            for row in self._sql.rows(copies.order_by(locations.c.number)):
                places[row.message].append(rows.location_of(row))
        return self._in_order(
            self._read(
                found, lambda row: rows.entry_of(row, tuple(places.get(row.digest, ()))), "messages"
            )
        )

    def _placed(
        self, found: Iterable[Row], known: Mapping[str, Entry] = NOTHING
    ) -> tuple[Entry, ...]:
        """Read rows of messages joined with their places, each message once."""
        first: dict[str, Row] = {}
        places: defaultdict[str, list[Location]] = defaultdict(list)
        for row in found:
            if row.message_id not in known:
                first.setdefault(row.message_id, row)
                self._sql.stored.add(row.digest)
                if row.place is not None:
                    places[row.message_id].append(rows.location_of(row))
        return self._read(
            first.values(),
            lambda row: rows.entry_of(row, tuple(dict.fromkeys(places[row.message_id]))),
            "messages",
        )

    def _in_order(self, entries: Iterable[Entry]) -> tuple[Entry, ...]:
        # Python's order, not the database's: collations differ, and equal times must not.
        return tuple(sorted(entries, key=lambda entry: (entry.at, entry.message_id)))

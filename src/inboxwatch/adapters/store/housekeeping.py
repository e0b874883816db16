"""Originals, purging, remembered values and counts, inside a transaction."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, distinct, func, select

from inboxwatch.adapters.store import rows
from inboxwatch.adapters.store.part import Part
from inboxwatch.adapters.store.prepared import Prepared
from inboxwatch.adapters.store.rows import REMINDER, message_key
from inboxwatch.adapters.store.sql import among, is_among
from inboxwatch.adapters.store.tables import (
    deliveries,
    locations,
    messages,
    originals,
    overrides,
    pages,
    placements,
    reminders,
    settings,
    unreadables,
)
from inboxwatch.application.records import DeliveryState, StoreCounts
from inboxwatch.domain.errors import StoreError
from inboxwatch.domain.overrides import Verb

_PACKING = "zlib"

# Decisions that keep a purged message silent should its mail be read again; the others say
# something about a person and go with it.
SILENCING = frozenset({Verb.MARK, Verb.CLASSIFY, Verb.LINK, Verb.UNLINK, Verb.SNOOZE})


def _told(what: ColumnElement[Any], table: Table, *conditions: ColumnElement[bool]) -> Any:
    """Return one figure about a person's rows, as a part of a larger query."""
    mine = table.c.person == bindparam("whose")
    return select(what).select_from(table).where(mine, *conditions).scalar_subquery()


# One statement, made once: it is asked for everyone every minute.
_REVISION = Prepared(
    select(
        _told(func.count(), messages),
        _told(func.count(), messages, messages.c.at <= bindparam("until")),
        _told(func.max(overrides.c.id), overrides),
        _told(func.count(), overrides),
        _told(func.count(overrides.c.undone_at), overrides),
        _told(func.max(unreadables.c.number), unreadables),
        _told(func.count(), unreadables),
        _told(func.count(), reminders),
        *(
            _told(func.count(), deliveries, deliveries.c.state == state.value)
            for state in DeliveryState
        ),
    )
)


_SETTINGS = Prepared(select(settings.c.name, settings.c.value).where(is_among(settings.c.name)))


class Housekeeping(Part):
    """What is kept, and what is let go."""

    def save_original(self, raw: bytes) -> str:
        """Keep an original once, by content; return its SHA-256 in hex."""
        sha256 = hashlib.sha256(raw).hexdigest()
        if self._sql.value(select(originals.c.size).where(originals.c.sha256 == sha256)) is None:
            packed = zlib.compress(raw)
            row = {"sha256": sha256, "size": len(raw), "packing": _PACKING, "content": packed}
            self._sql.run(originals.insert().values(**row))
        return sha256

    def original(self, sha256: str) -> bytes | None:
        """Return an original's bytes as they were.

        Raises:
            StoreError: they are not what was stored.
        """
        content = self._sql.value(select(originals.c.content).where(originals.c.sha256 == sha256))
        if content is None:
            return None
        try:
            raw = zlib.decompress(content)
        except zlib.error:
            raw = b""
        if hashlib.sha256(raw).hexdigest() != sha256:
            raise StoreError(
                f"{self._sql.place}: the original {sha256} is damaged",
                remedy="Restore a copy with `inboxwatch restore`.",
            )
        return raw

    def set_original(self, person: str, message_id: str, sha256: str) -> None:
        """Note which original a message has; the first one that was kept stays.

        Copies in other folders differ in their headers. The bytes that a message was read from
        are those that are kept; an original that no message has is let go.
        """
        its = messages.c.digest == message_key(person, message_id)
        missing = (
            messages.c.original_sha256.is_(None)
            | ~(
                select(originals.c.sha256).where(originals.c.sha256 == messages.c.original_sha256)
            ).exists()
        )
        changed = messages.update().where(its, missing).values(original_sha256=sha256)
        if not self._sql.run(changed):
            self._drop_unused({sha256})

    def purge(self, person: str, message_ids: Iterable[str]) -> int:
        """Delete messages with all that hangs on them; return how many there were.

        Locations, keys and placements go with them. What is left is what keeps them silent if
        they are read again: the keys of reminders without their words, and decisions without
        their notes. Payloads of what was sent are emptied.
        """
        wanted = {message_key(person, message_id): message_id for message_id in message_ids}
        deleted = 0
        for condition in among(messages.c.digest, wanted):
            query = select(messages.c.original_sha256).where(condition)
            unused = {row.original_sha256 for row in self._sql.rows(query)} - {None}
            threads = select(placements.c.thread_key).join(messages).where(condition)
            self._sql.run(pages.delete().where(pages.c.thread_key.in_(threads)))
            deleted += self._sql.run(messages.delete().where(condition))
            self._sql.stored.clear()
            self._drop_unused(unused)
        if deleted:
            self._mark(person, [None])
        self._silence_reminders(wanted)
        self._silence_overrides(person, frozenset(wanted.values()))
        if wanted:
            sent = deliveries.c.state == DeliveryState.SENT.value
            mine = (deliveries.c.person == person) & sent & (deliveries.c.payload != "")
            self._sql.run(deliveries.update().where(mine).values(payload=""))
        return deleted

    def _drop_unused(self, candidates: set[str]) -> None:
        for condition in among(originals.c.sha256, candidates):
            used = select(messages.c.digest).where(messages.c.original_sha256 == originals.c.sha256)
            self._sql.run(originals.delete().where(condition, ~used.exists()))

    def _silence_reminders(self, keys: Iterable[bytes]) -> None:
        for condition in among(reminders.c.message, keys):
            for row in self._sql.rows(select(reminders).where(condition)):
                (filed,) = self._read([row], rows.filed_of, "reminders")
                bare = replace(filed.reminder, subject="", action=None, case=None)
                where = reminders.c.number == row.number
                self._sql.run(reminders.update().where(where).values(reminder=REMINDER.dump(bare)))

    def _silence_overrides(self, person: str, message_ids: frozenset[str]) -> None:
        query = select(overrides.c.id, overrides.c.target, overrides.c.verb)
        for row in self._sql.rows(query.where(overrides.c.person == person)):
            if row.target not in message_ids:
                continue
            where = overrides.c.id == row.id
            if Verb(row.verb) in SILENCING:
                self._sql.run(overrides.update().where(where).values(note=""))
            else:
                self._sql.run(overrides.delete().where(where))

    def setting(self, name: str) -> str | None:
        """Return a remembered value."""
        return self.settings((name,))[name]

    def settings(self, names: Collection[str]) -> dict[str, str | None]:
        """Return some remembered values."""
        known = self._sql.remembered  # a transaction sees one moment, and its own writing
        missing = [name for name in names if name not in known]
        if missing:
            known.update(dict.fromkeys(missing))
            found = self._sql.among(_SETTINGS, missing)
            known.update((row.name, str(row.value)) for row in found)
        return {name: known[name] for name in names}

    def set_setting(self, name: str, value: str) -> None:
        """Remember a value."""
        self._sql.put(settings, [{"name": name, "value": value}])
        self._sql.remembered[name] = value

    def people(self) -> tuple[str, ...]:
        """Return everyone whose mail is stored, in alphabetical order."""
        found = self._sql.rows(select(messages.c.person).distinct())
        return tuple(sorted(row.person for row in found))

    def revision(self, person: str, as_of: datetime) -> str:
        """Return a text that changes with a person's mail, decisions and outbox."""
        (row,) = self._sql.rows(_REVISION, {"whose": person, "until": as_of})
        return str(tuple(row))

    def counts(self, person: str | None = None) -> StoreCounts:
        """Count what is stored, for one person or everyone."""
        of = [] if person is None else [person]
        kept = select(func.count(distinct(originals.c.sha256)))
        if person is not None:
            kept = kept.join_from(
                originals, messages, messages.c.original_sha256 == originals.c.sha256
            )
        accounts = select(
            locations.c.account, func.count(distinct(locations.c.message)).label("messages")
        ).where(*[locations.c.person == p for p in of])
        return StoreCounts(
            messages=self._count(func.count(), messages, of),
            threads=self._count(func.count(distinct(placements.c.thread_key)), placements, of),
            unreadable=self._count(func.count(), unreadables, of),
            originals=int(self._sql.value(kept.where(*[messages.c.person == p for p in of]))),
            by_account=tuple(
                sorted(
                    (row.account, row.messages)
                    for row in self._sql.rows(accounts.group_by(locations.c.account))
                )
            ),
        )

    def _count(self, what: ColumnElement[int], table: Table, of: list[str]) -> int:
        query = select(what).select_from(table)
        return int(self._sql.value(query.where(*[table.c.person == person for person in of])))

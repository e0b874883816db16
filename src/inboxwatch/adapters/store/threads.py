"""Where messages stand in threads, and what a person decided, inside a transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, select

from inboxwatch.adapters.store import rows, tables
from inboxwatch.adapters.store.columns import digest
from inboxwatch.adapters.store.part import Part
from inboxwatch.adapters.store.prepared import Prepared
from inboxwatch.adapters.store.rows import message_key
from inboxwatch.adapters.store.sql import is_among
from inboxwatch.application.records import Placement
from inboxwatch.domain.overrides import Override

_PLACES = (
    tables.messages.c.message_id,
    tables.placements.c.council_mailbox,
    tables.placements.c.thread_id,
    tables.placements.c.link,
)
_beside = tables.placements.alias()
_AROUND = Prepared(
    select(*_PLACES)
    .select_from(tables.placements.join(tables.messages))
    .where(
        tables.placements.c.thread_key.in_(
            select(_beside.c.thread_key).where(is_among(_beside.c.message))
        )
    )
    .order_by(tables.placements.c.number)
)
_DROP = Prepared(tables.placements.delete().where(is_among(tables.placements.c.message)))
_PLACE = Prepared(tables.placements.insert())
_OVERRIDES = Prepared(
    select(tables.overrides)
    .where(tables.overrides.c.person == bindparam("whose"))
    .order_by(tables.overrides.c.id)
)


class Threads(Part):
    """Places computed, decisions said."""

    def save_placements(
        self,
        person: str,
        placements: Iterable[Placement],
        before: Collection[str] | None = None,
    ) -> None:
        """Replace the places of the messages named.

        A message that was purged meanwhile has no place; that is no error.
        """
        new = [rows.placement_columns(person, placement) for placement in placements]
        named = {row["message"] for row in new}
        if before is None:
            self._drop(named)
        else:
            self._drop(named & {message_key(person, message_id) for message_id in before})
        stored = self._stored(named)
        self._sql.run(_PLACE, [row for row in new if row["message"] in stored])

    def drop_placements(self, person: str, message_ids: Iterable[str]) -> None:
        """Forget where messages stand."""
        self._drop(message_key(person, message_id) for message_id in message_ids)

    def placements(self, person: str, thread_id: str | None = None) -> tuple[Placement, ...]:
        """Return the places of all messages, or of one thread's, in the order of saving."""
        query = select(*_PLACES).select_from(tables.placements.join(tables.messages))
        if thread_id is None:
            query = query.where(tables.placements.c.person == person)
        else:
            query = query.where(tables.placements.c.thread_key == digest(person, thread_id))
        found = self._sql.rows(query.order_by(tables.placements.c.number))
        return self._read(found, rows.placement_of, "placements")

    def placements_around(self, person: str, message_ids: Iterable[str]) -> tuple[Placement, ...]:
        """Return the places of all messages of every thread in which one of these stands."""
        found = self._sql.among(_AROUND, (message_key(person, one) for one in message_ids))
        return tuple(dict.fromkeys(self._read(found, rows.placement_of, "placements")))

    def add_override(self, person: str, override: Override) -> Override:
        """Store a decision under a new id and return it."""
        number = self._sql.insert_number(tables.overrides, rows.override_columns(person, override))
        self._mark(person, [message_key(person, override.target)])
        return replace(override, id=number)

    def undo_override(self, person: str, override_id: int, at: datetime) -> Override | None:
        """Mark a decision undone; None when there is none to undo."""
        its = (tables.overrides.c.id == override_id) & (tables.overrides.c.person == person)
        standing = tables.overrides.c.undone_at.is_(None)
        if not self._sql.run(tables.overrides.update().where(its, standing).values(undone_at=at)):
            return None
        found = self._sql.rows(select(tables.overrides).where(its))
        (undone,) = self._read(found, rows.override_of, "overrides")
        self._mark(person, [message_key(person, undone.target)])
        return undone

    def overrides(self, person: str) -> tuple[Override, ...]:
        """Return every decision, undone ones too, oldest first."""
        found = self._sql.rows(_OVERRIDES, {"whose": person})
        return self._read(found, rows.override_of, "overrides")

    def _drop(self, keys: Iterable[bytes]) -> None:
        self._sql.run_among(_DROP, keys)

"""The places where copies of messages are, inside a transaction."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, select

from inboxwatch.adapters.store import rows, tables
from inboxwatch.adapters.store.part import Part
from inboxwatch.adapters.store.prepared import Prepared
from inboxwatch.adapters.store.rows import folder_key, message_key, place_key
from inboxwatch.adapters.store.sql import among, chunks, is_among
from inboxwatch.domain.message import Location

_PUT = Prepared(tables.locations.insert())
_MOVE = Prepared(tables.locations.update().where(tables.locations.c.place == bindparam("taken")))
_AT = Prepared(
    select(tables.locations.c.place, tables.locations.c.message, tables.locations.c.role).where(
        is_among(tables.locations.c.place)
    )
)


class Locations(Part):
    """Where copies are. A place holds one message: the one last seen there."""

    def add_locations(self, person: str, message_id: str, locations: Iterable[Location]) -> None:
        """Add places where a stored message was seen."""
        key = message_key(person, message_id)
        if self._stored([key]):
            self._locate(person, [(key, location) for location in locations])
            self._mark(person, [key])

    def drop_locations(self, person: str, locations: Iterable[Location]) -> None:
        """Forget copies that are no longer there; messages stay."""
        for condition in among(
            tables.locations.c.place, (place_key(person, at) for at in locations)
        ):
            query = select(tables.locations.c.message).where(condition)
            self._mark(person, self._sql.column(query))
            self._sql.run(tables.locations.delete().where(condition))

    def drop_folder_locations(self, person: str, account: str, folder: str) -> None:
        """Forget every place in one folder, those of unreadable messages too."""
        key = folder_key(account, folder)
        for table in (tables.locations, tables.unreadables):
            where = (table.c.folder_key == key) & (table.c.person == person)
            self._sql.run(table.delete().where(where))
        self._mark(person, [None])

    def known_uids(self, account: str, folder: str, uidvalidity: int) -> frozenset[int]:
        """Return the UIDs of stored messages in a folder."""
        query = select(tables.locations.c.uid).where(
            tables.locations.c.folder_key == folder_key(account, folder),
            tables.locations.c.uidvalidity == uidvalidity,
        )
        return frozenset(self._sql.column(query))

    def _locate(self, person: str, places: list[tuple[bytes, Location]]) -> None:
        for part in chunks(places):
            wanted = {}
            for key, location in part:
                columns = rows.location_columns(person, key, location)
                wanted[columns["place"]] = columns
            found = self._sql.among(_AT, wanted)
            known = {row.place: (row.message, row.role) for row in found}
            self._sql.run(
                _PUT,
                [columns for place, columns in wanted.items() if place not in known],
            )
            moved = [
                place
                for place, (message, _) in known.items()
                if message != wanted[place]["message"]
            ]
            self._mark(person, (known[place][0] for place in moved))
            self._sql.run(
                _MOVE,
                [
                    {"taken": place, "message": columns["message"], "role": columns["role"]}
                    for place, columns in wanted.items()
                    if known.get(place, (columns["message"], columns["role"]))
                    != (columns["message"], columns["role"])
                ],
            )

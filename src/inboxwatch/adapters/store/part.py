"""What the parts of a transaction share: the statements, and reading rows strictly."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from sqlalchemy import select

from inboxwatch.adapters.store.prepared import Prepared, Row
from inboxwatch.adapters.store.rows import damaged
from inboxwatch.adapters.store.sql import Sql, is_among
from inboxwatch.adapters.store.tables import changes, messages

T = TypeVar("T")

_STORED = Prepared(select(messages.c.digest).where(is_among(messages.c.digest)))
_MARK = Prepared(changes.insert())


class Part:
    """One subject of a transaction."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    def _read(self, rows: Iterable[Row], of: Callable[[Row], T], what: str) -> tuple[T, ...]:
        try:
            return tuple([of(row) for row in rows])
        except (ValueError, KeyError) as error:
            raise damaged(self._sql.place, what, error) from None

    def _stored(self, keys: Iterable[bytes]) -> set[bytes]:
        """Return which of these messages are stored; the others may have been purged."""
        wanted, known = set(keys), self._sql.stored
        known.update(row.digest for row in self._sql.among(_STORED, sorted(wanted - known)))
        return wanted & known

    def _mark(self, person: str, keys: Iterable[bytes | None]) -> None:
        """Log that messages are to be judged again; None stands for all of them."""
        marked = [{"person": person, "message": key} for key in dict.fromkeys(keys)]
        self._sql.run(_MARK, marked)

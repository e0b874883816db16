"""Statements inside one transaction, their faults explained. Knows no table and no meaning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Executable, Table, bindparam
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPICursor

from inboxwatch.adapters.store.faults import told
from inboxwatch.adapters.store.prepared import Given, Prepared, Row

T = TypeVar("T")

NOTHING: Given = {}
CHUNK = 500  # values in one IN list: below SQLite's oldest limit of 999


class Sql:
    """What every part of a transaction speaks through."""

    def __init__(self, connection: Connection, place: str) -> None:
        self._connection = connection
        self.place = place
        self.remembered: dict[str, str | None] = {}  # settings read or written in it
        self.stored: set[bytes] = set()  # messages that were read or written in it, and are there

    def run(self, statement: Executable | Prepared, rows: Sequence[Given] | None = None) -> int:
        """Execute a statement, once for each row given; return how many rows it touched."""
        if rows is not None and not rows:
            return 0
        with told(self.place):
            if isinstance(statement, Prepared):
                return max(self._execute(statement, rows or ({},)).rowcount, 0)
            result = self._connection.execute(statement, rows)
            return max(getattr(result, "rowcount", 0), 0)

    def rows(self, statement: Executable | Prepared, given: Given = NOTHING) -> Sequence[Row]:
        """Return every row of a query, its parameters given."""
        with told(self.place):
            if isinstance(statement, Prepared):
                form = statement.form(self._connection.dialect, given)
                self._cursor.execute(form.text, form.values(given))
                return form.read(self._cursor)
            return self._connection.execute(statement, given).all()

    def among(
        self, statement: Prepared, values: Iterable[Any], given: Given = NOTHING
    ) -> list[Row]:
        """Return every row of a query that has one of some values for its parameter `among`."""
        found: list[Row] = []
        for part in chunks(dict.fromkeys(values)):
            found += self.rows(statement, {**given, "among": _filled(part)})
        return found

    def run_among(self, statement: Prepared, values: Iterable[Any]) -> int:
        """Execute a statement with some values for its parameter `among`; count the rows."""
        return sum(
            self.run(statement, [{"among": _filled(part)}])
            for part in chunks(dict.fromkeys(values))
        )

    def column(self, statement: Executable) -> Sequence[Any]:
        """Return the first column of every row."""
        with told(self.place):
            return self._connection.execute(statement).scalars().all()

    def value(self, statement: Executable) -> Any:
        """Return the first column of the first row, or None."""
        with told(self.place):
            return self._connection.execute(statement).scalar()

    def insert_new(self, table: Table, rows: Sequence[Given]) -> None:
        """Insert rows, leaving alone those whose key is there."""
        self.run(_insert_new(table, self._connection.dialect.name), rows)

    def insert_number(self, table: Table, row: Given) -> int:
        """Insert one row and return the number it was given."""
        with told(self.place):
            result = self._connection.execute(table.insert(), row)
            return int(result.inserted_primary_key[0])  # type: ignore[index]

    def put(self, table: Table, rows: Sequence[Given]) -> None:
        """Insert rows, replacing those with the same primary key."""
        self.run(_insert_over(table, self._connection.dialect.name), rows)

    def _execute(self, statement: Prepared, rows: Sequence[Given]) -> DBAPICursor:
        form = statement.form(self._connection.dialect, rows[0])
        if len(rows) == 1:
            self._cursor.execute(form.text, form.values(rows[0]))
        else:
            self._cursor.executemany(form.text, [form.values(row) for row in rows])
        return self._cursor

    @cached_property
    def _cursor(self) -> DBAPICursor:
        return self._connection.connection.cursor()


@cache
def _insert_new(table: Table, dialect: str) -> Prepared:
    return Prepared(_insert(table, dialect).on_conflict_do_nothing())


@cache
def _insert_over(table: Table, dialect: str) -> Prepared:
    statement = _insert(table, dialect)
    key = [column.name for column in table.primary_key]
    others = {c.name: statement.excluded[c.name] for c in table.columns if not c.primary_key}
    return Prepared(statement.on_conflict_do_update(index_elements=key, set_=others))


def _insert(table: Table, dialect: str) -> Any:
    if dialect == "postgresql":  # each loads a whole dialect; one of them is needed
        from sqlalchemy.dialects.postgresql import insert as postgresql_insert

        return postgresql_insert(table)
    from sqlalchemy.dialects.sqlite import insert as sqlite_insert

    return sqlite_insert(table)


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Yield lists of at most `size` values."""
    rest = iter(values)
    while part := list(islice(rest, size)):
        yield part


def _filled(values: list[T]) -> list[T]:
    """Return a list of values with the last one repeated, so that few lengths are asked for.

    Each length is a statement of its own, that the database would have to prepare.
    """
    size = min(1 << (len(values) - 1).bit_length(), CHUNK)
    return values + values[-1:] * (size - len(values))


def is_among(column: ColumnElement[T]) -> ColumnElement[bool]:
    """Return the condition that a column has one of the values of the parameter `among`.

    A statement made with it once is cheaper than one made for each question.
    """
    return column.in_(bindparam("among", expanding=True))


def among(column: ColumnElement[T], values: Iterable[T]) -> Iterator[ColumnElement[bool]]:
    """Yield conditions that together say that a column has one of these values."""
    for part in chunks(dict.fromkeys(values)):
        yield column == part[0] if len(part) == 1 else column.in_(part)

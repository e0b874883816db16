"""Statements that are asked again and again: compiled once, then run by the driver itself.

SQLAlchemy takes many times as long to lead a small statement to the driver as SQLite to answer it.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ClauseElement, Dialect, SelectBase
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

Row = Any  # a named tuple: which columns it has, the statement says
Given = Mapping[str, Any]
_Convert = Callable[[Any], Any]


class Prepared:
    """A statement that many transactions run, made once; threads may share it.

    A parameter whose value is a list stands for an `IN` list (`bindparam(..., expanding=True)`).
    Each set of names and lengths of lists has a text of its own.
    """

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._forms: dict[tuple[object, ...], _Form] = {}

    def form(self, dialect: Dialect, given: Given) -> _Form:
        """Return the text for a database and for parameters such as these."""
        sizes = [len(v) if v.__class__ is list else -1 for v in given.values()]
        key = (dialect.name, *given, *sizes)
        known = self._forms.get(key)
        if known is None:
            known = self._forms[key] = _form(self._statement, dialect, given)
        return known


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """A statement's text for one driver, how values go in, and how rows come out."""

    text: str
    is_positional: bool
    fixed: Given  # what the statement says itself
    lists: Mapping[str, Sequence[str]]  # the names that each list is spread over
    inward: tuple[tuple[str, _Convert | None], ...]  # in the order of the text
    outward: tuple[tuple[int, _Convert], ...]
    row: Callable[..., Row]

    def values(self, given: Given) -> Any:
        """Return parameters as the driver takes them."""
        every = {**self.fixed, **given}
        for name, spread in self.lists.items():
            every.update(zip(spread, every[name], strict=True))
        if self.is_positional:
            return tuple([every[n] if into is None else into(every[n]) for n, into in self.inward])
        return {n: every[n] if into is None else into(every[n]) for n, into in self.inward}

    def read(self, cursor: DBAPICursor) -> list[Row]:
        """Return every row of what was executed."""
        found = []
        for values in cursor.fetchall():
            row = list(values)
            for at, back in self.outward:
                row[at] = back(row[at])
            found.append(self.row(*row))
        return found


def _form(statement: ClauseElement, dialect: Dialect, given: Given) -> _Form:
    # As if for many rows: then no text asks for the number that a row was given.
    compiled = statement.compile(dialect=dialect, column_keys=[*given], for_executemany=True)
    assert isinstance(compiled, SQLCompiler)
    state = compiled.construct_expanded_state(dict(given))
    lists = state.parameter_expansion
    spread = {one: name for name, names in lists.items() for one in names}
    types = {name: one.type for name, one in compiled.binds.items()}
    types |= {one: types[name] for one, name in spread.items()}
    names = state.positiontup if state.positiontup is not None else tuple(state.parameters)
    columns = statement.selected_columns.items() if isinstance(statement, SelectBase) else ()
    outward = ((n, _outward(column.type, dialect)) for n, (_, column) in enumerate(columns))
    return _Form(
        text=state.statement,
        is_positional=state.positiontup is not None,
        fixed={n: v for n, v in state.parameters.items() if n not in given and n not in spread},
        lists=lists,
        inward=tuple((name, _inward(types[name], dialect)) for name in names),
        outward=tuple((n, back) for n, back in outward if back is not None),
        row=namedtuple("Row", [str(name) for name, _ in columns], rename=True),
    )


def _inward(type_: TypeEngine[Any], dialect: Dialect) -> _Convert | None:
    return type_.dialect_impl(dialect).bind_processor(dialect)


def _outward(type_: TypeEngine[Any], dialect: Dialect) -> _Convert | None:
    return type_.dialect_impl(dialect).result_processor(dialect, None)

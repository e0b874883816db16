"""Any value that may be stored, odd text and all, from the types of its fields."""

from __future__ import annotations

import dataclasses
import types
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

# What UTF-8 and PostgreSQL refuse, what JSON and our own escape treat specially.
ODD = ("\x00", "\x10", "\x100000", "\ud800", "\udcff", "\ud83d\ude00", '"', "\\u0000", "é", "😀")
TEXT = st.one_of(
    st.sampled_from(ODD),
    st.text(st.characters(exclude_categories=()), max_size=5),
    st.tuples(st.sampled_from(ODD), st.sampled_from(ODD)).map("".join),
)
INSTANTS = st.datetimes(
    min_value=datetime(1, 1, 2),
    max_value=datetime(9999, 12, 30),
    timezones=st.sampled_from((UTC, timezone(timedelta(hours=1)), timezone(-timedelta(hours=11)))),
)
NUMBERS = st.integers(min_value=0, max_value=2**62)


@cache
def values_of(type_: Any) -> st.SearchStrategy[Any]:
    """Draw values of a dataclass, every field drawn from its own type."""
    hints = get_type_hints(type_)
    return st.builds(
        type_, **{f.name: _of(hints[f.name]) for f in dataclasses.fields(type_) if f.init}
    )


def _of(hint: Any) -> st.SearchStrategy[Any]:
    plain = {
        str: TEXT,
        int: NUMBERS,
        bool: st.booleans(),
        float: st.floats(allow_nan=False),
        datetime: INSTANTS,
        date: st.dates(),
    }
    if hint in plain:
        return plain[hint]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(hint)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return values_of(hint)
    if get_origin(hint) in (Union, types.UnionType):
        (inner,) = (arg for arg in get_args(hint) if arg is not type(None))
        return st.none() | _of(inner)
    args = get_args(hint)
    if args[1:] == (Ellipsis,):
        return st.lists(_of(args[0]), max_size=2).map(tuple)
    return st.tuples(*(_of(arg) for arg in args))

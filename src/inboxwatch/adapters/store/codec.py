"""Frozen values as JSON and back, strictly and losslessly. Knows types, never tables."""

from __future__ import annotations

import dataclasses
import json
import types
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import cache
from typing import Any, Generic, TypeVar, Union, get_args, get_origin, get_type_hints

VERSION = 1  # of the JSON; a field that is added with a default needs no new one

T = TypeVar("T")
Convert = Callable[[Any], Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_FIRST = (datetime.min.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND
_LAST = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND
_PLAIN = (str, int, bool)
_TEXT_ONLY = {str}
# Made once. What is written is a tree, so that nothing can stand in itself.
_JSON = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


def to_microseconds(at: datetime) -> int:
    """Return an aware time as microseconds since 1970 in UTC: it sorts, and loses nothing.

    A hostile Date in the year 9999 at -1200 lies beyond what UTC can say; it becomes the last
    moment there is.

    Raises:
        ValueError: the time has no zone.
    """
    if at.tzinfo is None:
        raise ValueError(f"a stored time must have a time zone, got {at!r}")
    return min(max((at - _EPOCH) // _MICROSECOND, _FIRST), _LAST)


def from_microseconds(count: int) -> datetime:
    """Return the aware UTC time of `to_microseconds`."""
    return _EPOCH + timedelta(microseconds=count)


class Codec(Generic[T]):
    """Reads and writes one dataclass as a JSON object without what equals its default.

    Strict: an unknown field, a missing one or one of another type raises ValueError, so that a
    damaged row is seen instead of becoming a wrong fact.
    """

    def __init__(self, type_: type[T], *, outside: frozenset[str] = frozenset()) -> None:
        """Prepare a type; fields named in `outside` are kept elsewhere and given to `load`."""
        hints = get_type_hints(type_)
        self._type = type_
        self._write: list[tuple[str, Any, Convert | None]] = []
        self._read: dict[str, Convert] = {}
        self._plain: dict[str, type] = {}
        for field in dataclasses.fields(type_):  # type: ignore[arg-type]
            if field.name in outside or not field.init:
                continue
            hint = hints[field.name]
            write, read = _converters(hint)
            self._write.append((field.name, _default(field), write))
            self._read[field.name] = read
            if hint in _PLAIN:
                self._plain[field.name] = hint

    def fields_of(self, value: T) -> dict[str, Any]:
        """Return what JSON holds of a value."""
        found: dict[str, Any] = {}
        for name, default, write in self._write:
            part = getattr(value, name)
            if part is default or (part == default and type(part) is type(default)):
                continue
            found[name] = part if write is None else write(part)
        return found

    def value_of(self, fields: Mapping[str, Any], **outside: Any) -> T:
        """Return the value that JSON fields and those kept outside make."""
        plain, read = self._plain, self._read
        for name, part in fields.items():
            expected = plain.get(name)
            if expected is None:
                outside[name] = read[name](part)
            elif part.__class__ is expected:
                outside[name] = part
            else:
                raise ValueError(f"{name} should be {expected.__name__}")
        return self._type(**outside)

    def dump(self, value: T) -> str:
        """Return a value as compact JSON text that says its version."""
        return _JSON({"v": VERSION, **self.fields_of(value)})

    def load(self, text: str, **outside: Any) -> T:
        """Read what `dump` wrote.

        Raises:
            ValueError: it is of another version, damaged, or of another type.
        """
        try:
            fields = json.loads(text)
            version = fields.pop("v")
            if version != VERSION:
                raise ValueError(f"version {version} of {self._type.__name__} is not known")
            return self.value_of(fields, **outside)
        except (KeyError, TypeError, AttributeError, OverflowError) as error:
            raise ValueError(f"not a stored {self._type.__name__}: {error!r}") from error


@cache
def codec(type_: type[T]) -> Codec[T]:
    """Return the codec of a whole dataclass."""
    return Codec(type_)


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default is not dataclasses.MISSING:
        return field.default
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return dataclasses.MISSING  # equals no value: always written


def _converters(hint: Any) -> tuple[Convert | None, Convert]:
    """Return how a part of a type is written (None: as it is) and read."""
    if hint in _PLAIN:
        return None, lambda part: _checked(part, hint)
    if hint is float:
        return float, lambda part: float(_checked(part, float))
    if hint is datetime:
        return to_microseconds, lambda part: from_microseconds(_checked(part, int))
    if hint is date:
        return date.isoformat, lambda part: date.fromisoformat(part)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return lambda part: part.value, {member.value: member for member in hint}.__getitem__
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        inner: Codec[Any] = codec(hint)
        return inner.fields_of, inner.value_of
    if get_origin(hint) in (Union, types.UnionType):
        return _optional(hint)
    if get_origin(hint) is tuple:
        return _tuple(get_args(hint))
    raise TypeError(f"no JSON form for {hint!r}")


def _optional(hint: Any) -> tuple[Convert | None, Convert]:
    (inner,) = (arg for arg in get_args(hint) if arg is not type(None))
    write, read = _converters(inner)
    return (
        None if write is None else lambda part: None if part is None else write(part),
        lambda part: None if part is None else read(part),
    )


def _tuple(hints: tuple[Any, ...]) -> tuple[Convert | None, Convert]:
    if hints == (str, Ellipsis):
        return list, _words
    if len(hints) == 2 and hints[1] is Ellipsis:
        write, read = _converters(hints[0])
        return (
            list if write is None else lambda parts: [write(part) for part in parts],
            lambda parts: tuple([read(part) for part in _checked(parts, list)]),
        )
    if set(hints) == {str}:
        return list, lambda parts: _words(parts, len(hints))
    pairs = [_converters(hint) for hint in hints]
    return (
        lambda parts: [p if w is None else w(p) for (w, _), p in zip(pairs, parts, strict=True)],
        lambda parts: tuple([r(p) for (_, r), p in zip(pairs, parts, strict=True)]),
    )


def _words(parts: Any, count: int | None = None) -> tuple[str, ...]:
    """Read a list of texts: the most common part of a message, so without a call for each."""
    found = tuple(_checked(parts, list))
    if not {*map(type, found)} <= _TEXT_ONLY or count not in (None, len(found)):
        raise ValueError("expected a list of texts")
    return found


def _checked(part: Any, expected: type) -> Any:
    if part.__class__ is not expected:
        raise ValueError(f"expected {expected.__name__}, found {type(part).__name__}")
    return part

"""Read single values of a preset file: one reader a key, one sentence a fault."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any, TypeVar

from inboxwatch.domain.allowance import Allowance, parse_allowance
from inboxwatch.domain.calendar import CALENDAR_NAMES
from inboxwatch.domain.clocks import (
    Alternative,
    Effect,
    Interruption,
    LegalForce,
    Milestone,
    Party,
    Promise,
    SatisfiedBy,
    Start,
)
from inboxwatch.domain.counting import Roll

Reader = Callable[[Any], Any]
E = TypeVar("E", bound=Enum)
T = TypeVar("T")


class Fault(ValueError):
    """A value that cannot be read; the text says what it must be."""


def text(value: Any) -> str:
    """Read a text."""
    if not isinstance(value, str):
        raise Fault("must be text in quotes")
    return value


def lower(value: Any) -> str:
    """Read a text as lower case."""
    return text(value).strip().lower()


def flag(value: Any) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise Fault("must be true or false")
    return value


def day(value: Any) -> date:
    """Read a date."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise Fault("must be a date without quotes, such as 2026-06-30")
    return value


def allowance(value: Any) -> Allowance:
    """Read a time allowance."""
    return parse_allowance(text(value))


def one_of(*names: str) -> Reader:
    """Make a reader of a text out of a list."""

    def read(value: Any) -> str:
        if value not in names:
            raise Fault(f"must be one of {', '.join(names)}, not {value!r}")
        return str(value)

    return read


def member(kind: type[E]) -> Callable[[Any], E]:
    """Make a reader of an enumeration's values."""
    read = one_of(*(str(e.value) for e in kind))
    return lambda value: kind(read(value))


def many(read: Callable[[Any], T]) -> Callable[[Any], tuple[T, ...]]:
    """Make a reader of a list of things."""

    def read_all(value: Any) -> tuple[T, ...]:
        if not isinstance(value, list | tuple):
            raise Fault("must be a list in square brackets")
        return tuple(read(item) for item in value)

    return read_all


def table(
    make: Callable[..., T], fields: Mapping[str, tuple[str, Reader]], required: tuple[str, ...]
) -> Callable[[Any], T]:
    """Make a reader of a small table; `fields` maps a key to the argument it fills."""

    def read(value: Any) -> T:
        if not isinstance(value, dict):
            raise Fault("must be a table in curly brackets")
        unknown = [key for key in value if key not in fields]
        if unknown:
            raise Fault(f"no such key {unknown[0]!r}; it knows {', '.join(fields)}")
        missing = [key for key in required if key not in value]
        if missing:
            raise Fault(f"{missing[0]!r} is missing")
        return make(**{fields[key][0]: fields[key][1](item) for key, item in value.items()})

    return read


milestone = table(
    Milestone,
    {
        "name": ("name", text),
        "after": ("allowance", allowance),
        "event": ("event", text),
        "base": ("base", one_of("start", "due")),
    },
    ("name", "after"),
)
alternative = table(
    Alternative,
    {"event": ("event", text), "after": ("allowance", allowance)},
    ("event", "after"),
)
interruption = table(
    Interruption,
    {
        "effect": ("effect", member(Effect)),
        "asked": ("asked", text),
        "answered": ("answered", text),
        "what": ("what", text),
        "since": ("since", day),
    },
    ("effect", "asked", "answered", "what"),
)
promise = table(
    Promise,
    {
        "body": ("body", lower),
        "due": ("due", allowance),
        "chase": ("chase", allowance),
        "milestones": ("milestones", many(milestone)),
        "citation": ("citation", text),
        "source_url": ("source_url", text),
        "escalation": ("escalation", text),
        "legal_force": ("legal_force", member(LegalForce)),
        "confidence": ("confidence", one_of("A", "B", "C")),
    },
    ("body", "due"),
)

CLOCK_FIELDS: Mapping[str, Reader] = {
    "title": text,
    "applies_to": text,
    "group": text,
    "due": allowance,
    "chase": allowance,
    "outer": allowance,
    "outer_calendar": one_of(*CALENDAR_NAMES),
    "outer_caps": flag,
    "extended": allowance,
    "extended_outer": allowance,
    "milestones": many(milestone),
    "alternatives": many(alternative),
    "interruptions": many(interruption),
    "promises": many(promise),
    "beginning_with": flag,
    "calendar": one_of(*CALENDAR_NAMES),
    "roll": member(Roll),
    "roll_calendars": many(one_of(*CALENDAR_NAMES)),
    "follows_body_calendar": flag,
    "start": member(Start),
    "satisfied_by": member(SatisfiedBy),
    "stopped_by": text,
    "whose": member(Party),
    "escalation": text,
    "citation": text,
    "source_url": text,
    "legal_force": member(LegalForce),
    "exceptions": text,
    "cautions": many(text),
    "valid_from": day,
    "valid_to": day,
    "verified_on": day,
    "confidence": one_of("A", "B", "C"),
    "enabled": flag,
    "body": lower,
    "replaces": many(text),
}
BODY_FIELDS: Mapping[str, Reader] = {
    "title": text,
    "domains": many(lower),
    "addresses": many(lower),
    "not_the_body": many(lower),
    "watch_only": many(lower),
    "calendar": one_of(*CALENDAR_NAMES),
    "send_authority": flag,
    "successor": lower,
    "promises": many(text),
    "source": text,
}

"""Load clocks and bodies: those that come with the product and the user's own over them."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from inboxwatch.adapters.preset_fields import BODY_FIELDS, CLOCK_FIELDS, Fault
from inboxwatch.adapters.toml_file import read_toml
from inboxwatch.application.wording import plural
from inboxwatch.domain.bodies import Body
from inboxwatch.domain.calendar import CALENDAR_DAYS
from inboxwatch.domain.clocks import Clock, LegalForce
from inboxwatch.domain.counting import Roll
from inboxwatch.domain.errors import ConfigError

CLOCKS_FILE = "clocks.toml"
BODIES_FILE = "bodies.toml"
SYSTEMS_FILE = "systems.toml"

T = TypeVar("T", Clock, Body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Presets:
    """Clocks by id and bodies by name."""

    clocks: Mapping[str, Clock]
    bodies: Mapping[str, Body]


def load(
    *, own_clocks: Path | None = None, own_bodies: Mapping[str, Mapping[str, Any]] | None = None
) -> Presets:
    """Return the presets, the user's own values in place of those shipped.

    A table of the user's whose name is shipped changes the values that it gives and keeps the
    others; any other table is a new clock (it needs `title` and `due`) or body.

    Args:
        own_clocks: TOML, one table a clock.
        own_bodies: the `bodies` tables of the settings, only with the keys that were set.

    Raises:
        ConfigError: something is wrong; every fault at once, with file, table and key.
    """
    faults: list[str] = []
    mine = _read(own_clocks, faults) if own_clocks else {}
    clocks: dict[str, Clock] = {}
    bodies: dict[str, Body] = {}
    for name, table, file in _laid_over(CLOCKS_FILE, mine, str(own_clocks)):
        if name not in _shipped(CLOCKS_FILE):
            # A time of the user's own is their own choice, unless they say whose rule it is.
            table.setdefault("legal_force", LegalForce.CUSTOM.value)
        _add(clocks, name, table, CLOCK_FIELDS, _clock, file, faults)
    for name, table, file in _laid_over(BODIES_FILE, own_bodies or {}, "settings: bodies"):
        _add(bodies, name, table, BODY_FIELDS, _body, file, faults)
    faults += _dangling(clocks, bodies)
    if faults:
        raise ConfigError(
            f"the clocks and bodies of your own have {plural(len(faults), 'mistake')}",
            remedy="Correct what is listed; 'inboxwatch clocks --json' shows shipped values.",
            faults=tuple(faults),
        )
    return Presets(clocks=clocks, bodies=bodies)


@cache
def systems() -> tuple[str, ...]:
    """Return the domains of the case systems through which bodies write, sorted."""
    tables = _shipped(SYSTEMS_FILE)
    return tuple(sorted(domain for table in tables.values() for domain in table["domains"]))


@cache
def _shipped(name: str) -> dict[str, dict[str, Any]]:
    text = files("inboxwatch").joinpath("presets", name).read_text(encoding="utf-8")
    return tomllib.loads(text)


def _read(path: Path, faults: list[str]) -> dict[str, dict[str, Any]]:
    content = read_toml(path, faults)
    faults += [
        f"{path}: {key}: must be a table, written [{key}]"
        for key, table in content.items()
        if not isinstance(table, dict)
    ]
    return {key: table for key, table in content.items() if isinstance(table, dict)}


def _laid_over(
    shipped: str, own: Mapping[str, Mapping[str, Any]], own_file: str
) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield name, values and file of every table, the user's values over the shipped ones."""
    tables = _shipped(shipped)
    for name in dict.fromkeys((*tables, *own)):
        file = own_file if name in own else shipped
        yield name, {**tables.get(name, {}), **own.get(name, {})}, file


def _add(
    made: dict[str, T],
    name: str,
    table: Mapping[str, Any],
    fields: Mapping[str, Callable[[Any], Any]],
    make: Callable[[str, dict[str, Any]], T],
    file: str,
    faults: list[str],
) -> None:
    """Make one value of a table; each wrong key is a fault of its own."""
    values: dict[str, Any] = {}
    before = len(faults)
    for key, value in table.items():
        if key not in fields:
            near = get_close_matches(key, fields, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            faults.append(f"{file}: [{name}] {key}: no such key{hint}")
            continue
        try:
            values[key] = fields[key](value)
        except ValueError as fault:
            faults.append(f"{file}: [{name}] {key}: {fault}")
    if len(faults) > before:
        return
    try:
        made[name] = make(name, values)
    except Fault as fault:
        faults.append(f"{file}: [{name}] {fault}")


def _clock(name: str, values: dict[str, Any]) -> Clock:
    missing = [key for key in ("title", "due") if key not in values]
    if missing:
        raise Fault(f"{missing[0]}: is missing")
    if name[:1].isdigit():
        raise Fault("its name begins with a digit, like a plain time; choose another")
    clock = Clock(id=name, **values)
    if clock.roll is not Roll.NONE and CALENDAR_DAYS in (clock.roll_calendars or (clock.calendar,)):
        raise Fault("roll: needs a calendar with working days, not calendar-days")
    return clock


def _body(name: str, values: dict[str, Any]) -> Body:
    if name != name.lower():
        raise Fault("its name must be in lower case")
    if not values.get("domains") and not values.get("addresses"):
        raise Fault("domains: at least one domain, or address, is needed")
    return Body(name=name, **{"title": name, **values})


def _dangling(clocks: Mapping[str, Clock], bodies: Mapping[str, Body]) -> list[str]:
    """Return a fault for each name in a body or clock that leads nowhere."""
    faults = []
    for body in bodies.values():
        if body.successor is not None and body.successor not in bodies:
            faults.append(f"bodies: [{body.name}] successor: there is no body {body.successor!r}")
        faults += [
            f"bodies: [{body.name}] promises: there is no clock {promise!r}"
            for promise in body.promises
            if promise not in clocks
        ]
    for clock in clocks.values():
        faults += [
            f"clocks: [{clock.id}] replaces: there is no clock {other!r}"
            for other in clock.replaces
            if other not in clocks
        ]
    return faults

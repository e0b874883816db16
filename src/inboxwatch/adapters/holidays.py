"""Build calendars from the `holidays` library and the user's own files. Decides no due date."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

from inboxwatch.adapters.toml_file import read_toml
from inboxwatch.domain.calendar import (
    ANY_UK,
    CALENDAR_DAYS,
    ENGLAND_AND_WALES,
    EVERY_DAY,
    NORTHERN_IRELAND,
    SCHOOL,
    SCOTLAND,
    Calendar,
)
from inboxwatch.domain.errors import ConfigError

# gov.uk/bank-holidays gives these years; outside them the library computes the usual days.
PUBLISHED_FROM = date(2012, 1, 1)
PUBLISHED_UNTIL = date(2028, 12, 31)
_COMPUTED = range(2000, 2041)
# Always a subdivision: plain GB lacks Easter Monday and the August holiday.
_NATIONS = {
    ENGLAND_AND_WALES: (("ENG", ""), ("WLS", "")),
    SCOTLAND: (("SCT", ""),),
    NORTHERN_IRELAND: (("NIR", ""),),
    ANY_UK: (("ENG", ""), ("WLS", ""), ("SCT", "Scotland"), ("NIR", "Northern Ireland")),
}
# Holidays made at short notice, with the day they were announced.
_PROCLAIMED = ((date(2022, 9, 19), date(2022, 9, 10)),)

Faults = list[str]


def calendars(
    *, holiday_file: Path | None = None, term_file: Path | None = None
) -> dict[str, Calendar]:
    """Return every calendar by name; `school` only when there is a term-date file.

    Args:
        holiday_file: TOML, `[[holiday]]` with `on`, `name` and, optionally, `calendars`.
        term_file: TOML, `[[term]]` with `first` and `last`, `[[closure]]` with `on` and `name`.

    Raises:
        ConfigError: a file cannot be read or is wrong; every fault at once, with file and key.
    """
    faults: Faults = []
    added = _added_holidays(holiday_file, faults) if holiday_file else {}
    made = {name: _calendar(name, added.get(name, {})) for name in _NATIONS}
    made[CALENDAR_DAYS] = EVERY_DAY
    if term_file is not None:
        made[SCHOOL] = _school(term_file, dict(made[ENGLAND_AND_WALES].dates), faults)
    if faults:
        raise ConfigError(
            f"a calendar file is wrong: {faults[0]}",
            remedy="Correct it; dates are written without quotes: first = 2026-09-02.",
            faults=tuple(faults),
        )
    return made


def _calendar(name: str, added: Mapping[date, str]) -> Calendar:
    own = " and your own" if added else ""
    return Calendar(
        name=name,
        dates=tuple(sorted({**_published(name), **added}.items())),
        known_from=PUBLISHED_FROM,
        known_until=PUBLISHED_UNTIL,
        version=f"holidays {version('holidays')}{own}",
        proclaimed=_PROCLAIMED,
    )


@cache
def _united_kingdom() -> Callable[..., Mapping[date, str]]:
    """Return the library's class for the United Kingdom, without every other country's.

    Its package of countries imports all 250 of them, for 9 MB and half a second of every start. A
    bare package in its place while the one module is imported avoids that.
    """
    import holidays

    whole = f"{holidays.__name__}.countries"
    if whole in sys.modules:
        known: Callable[..., Mapping[date, str]] = vars(holidays)["UnitedKingdom"]
        return known
    bare = ModuleType(whole)
    bare.__path__ = [str(Path(holidays.__file__).parent / "countries")]
    sys.modules[whole] = bare
    try:
        module = import_module(f"{whole}.united_kingdom")
    finally:
        del sys.modules[whole]  # whoever wants another country gets the true package
    return module.UnitedKingdom  # type: ignore[no-any-return]


@lru_cache(maxsize=len(_NATIONS))
def _published(name: str) -> Mapping[date, str]:
    """Return the bank holidays of a calendar, those of one nation alone marked with its name."""
    kingdom = _united_kingdom()
    found: dict[date, str] = {}
    for subdivision, nation in _NATIONS[name]:
        for day, title in kingdom(subdiv=subdivision, years=_COMPUTED).items():
            if day not in found:
                found[day] = f"{title} ({nation})" if nation else title
            elif nation and found[day].endswith(")") and title in found[day]:
                found[day] = f"{found[day][:-1]}, {nation})"
    return found


def _read(path: Path, faults: Faults, allowed: Iterable[str]) -> dict[str, list[Any]]:
    """Return the arrays of tables in a TOML file; faults are added to the list."""
    known = tuple(allowed)
    content = read_toml(path, faults)
    faults += [
        f"{path}: {key}: no such table; it knows [[{']], [['.join(known)}]]"
        for key in content
        if key not in known
    ]
    tables: dict[str, list[Any]] = {}
    for key in known:
        entries = content.get(key, [])
        if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
            faults.append(f"{path}: {key}: must be written [[{key}]]")
            entries = []
        tables[key] = entries
    return tables


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _added_holidays(path: Path, faults: Faults) -> dict[str, dict[date, str]]:
    added: dict[str, dict[date, str]] = {}
    for number, entry in enumerate(_read(path, faults, ("holiday",)).get("holiday", []), 1):
        place = f"{path}: holiday {number}"
        on, name = entry.get("on"), entry.get("name", "a holiday of your own file")
        names = entry.get("calendars", list(_NATIONS))
        faults += [f"{place}: {k}: unknown key" for k in entry.keys() - {"on", "name", "calendars"}]
        if not _is_day(on):
            faults.append(f"{place}: on: must be a date such as 2027-05-10")
        elif not isinstance(name, str):
            faults.append(f"{place}: name: must be text in quotes")
        elif not isinstance(names, list) or not set(map(str, names)) <= set(_NATIONS):
            faults.append(f"{place}: calendars: must be a list of {', '.join(_NATIONS)}")
        else:
            # A day that is a holiday anywhere in the UK is one of the union as well.
            for calendar in {*names, ANY_UK}:
                added.setdefault(calendar, {})[on] = name
    return added


def _school(path: Path, bank_holidays: dict[date, str], faults: Faults) -> Calendar:
    tables = _read(path, faults, ("term", "closure"))
    before = len(faults)
    terms: list[tuple[date, date]] = []
    for number, entry in enumerate(tables.get("term", []), 1):
        place = f"{path}: term {number}"
        first, last = entry.get("first"), entry.get("last")
        faults += [f"{place}: {k}: unknown key" for k in entry.keys() - {"first", "last", "name"}]
        wrong = [k for k, v in (("first", first), ("last", last)) if not _is_day(v)]
        faults += [f"{place}: {k}: must be a date such as 2026-09-02" for k in wrong]
        if not wrong and last < first:
            faults.append(f"{place}: last: {last} lies before first, {first}")
        elif not wrong:
            terms.append((first, last))
    closures: dict[date, str] = {}
    for number, entry in enumerate(tables.get("closure", []), 1):
        on, name = entry.get("on"), entry.get("name", "the school is closed")
        place = f"{path}: closure {number}"
        faults += [f"{place}: {k}: unknown key" for k in entry.keys() - {"on", "name"}]
        if not _is_day(on):
            faults.append(f"{place}: on: must be a date such as 2026-09-01")
        else:
            closures[on] = str(name)
    if not terms and len(faults) == before:
        faults.append(f"{path}: term: there is none; write [[term]] with first and last")
    return Calendar(
        name=SCHOOL,
        dates=tuple(sorted({**bank_holidays, **closures}.items())),
        terms=tuple(sorted(terms)),
        known_from=min((first for first, _ in terms), default=date.min),
        known_until=max((last for _, last in terms), default=date.max),
        version=f"holidays {version('holidays')} and {path.name}",
    )

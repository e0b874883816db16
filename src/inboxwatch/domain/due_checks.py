"""What is refused or warned of before and after a count: events, years, validity. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from inboxwatch.domain.calendar import EVERY_DAY, SCHOOL, Calendar
from inboxwatch.domain.clocks import Clock
from inboxwatch.domain.counting import CountedDay
from inboxwatch.domain.errors import ConfigError

_YEARS = range(1900, 2200)


class MissingCalendar(ConfigError):
    """A clock needs a calendar that was not given."""


def calendar_named(name: str, clock: Clock, calendars: Mapping[str, Calendar]) -> Calendar:
    """Return the calendar of that name.

    Raises:
        MissingCalendar: it was not given.
    """
    if name in calendars:
        return calendars[name]
    if name == EVERY_DAY.name:
        return EVERY_DAY
    if name == SCHOOL:
        raise MissingCalendar(
            f"the preset {clock.id!r} counts school days, and no term-date file was given",
            remedy="Write the school's terms into a term-date file (term-dates.toml: [[term]] with"
            " first and last), and name it as term_dates_file in inboxwatch.toml or with"
            " --term-dates FILE.",
        )
    raise MissingCalendar(
        f"the clock {clock.id!r} counts on the calendar {name!r}, which does not exist",
        remedy="Use one of: england-and-wales, scotland, northern-ireland, any-uk, calendar-days.",
    )


def check(clock: Clock, start: date, events: Mapping[str, date]) -> None:
    """Refuse events a clock does not know, or out of order, and years out of range.

    Raises:
        ConfigError: one of these.
    """
    for name in events:
        if name not in clock.events:
            known = ", ".join(clock.events) or "none"
            raise ConfigError(
                f"the preset {clock.id!r} knows no event {name!r}",
                remedy=f"Events that it takes: {known}.",
            )
    for name, on in {"start": start, **events}.items():
        if on.year not in _YEARS:
            raise ConfigError(
                f"the {name} {on.isoformat()} is not in the years {_YEARS[0]} to {_YEARS[-1]}",
                remedy="Check the year; dates are written 2026-06-30.",
            )
        if on < start:
            raise ConfigError(
                f"the event {name!r} on {on.isoformat()} lies before the start,"
                f" {start.isoformat()}",
                remedy="Check both dates; an event happens on or after the day the clock starts.",
            )


def standing_warnings(clock: Clock, received: date) -> list[str]:
    """Return what is to be said of a clock whatever the count: switched off, not in force."""
    warnings = []
    if not clock.enabled:
        warnings.append(
            f"{clock.id} is switched off: its rule has not been checked against a source"
            f" (confidence {clock.confidence}). Do not rely on this date."
        )
    if clock.valid_from is not None and received < clock.valid_from:
        warnings.append(
            f"{clock.id} is in force only from {clock.valid_from.isoformat()};"
            " the start lies before it."
        )
    if clock.valid_to is not None and received > clock.valid_to:
        warnings.append(
            f"{clock.id} was in force only until {clock.valid_to.isoformat()};"
            " the start lies after it."
        )
    return [*warnings, *clock.cautions]


def contested(counted: tuple[CountedDay, ...], received: date, calendar: Calendar) -> list[str]:
    """Warn of a skipped holiday that was proclaimed after the message arrived."""
    announced = dict(calendar.proclaimed)
    return [
        f"{day.on.isoformat()} ({day.note}) was proclaimed after receipt; whether it counts is"
        " contested. It is skipped, which is the later day for the council."
        for day in counted
        if day.number is None and day.on in announced and announced[day.on] >= received
    ]

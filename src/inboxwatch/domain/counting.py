"""Count an allowance day by day, every skipped day with its name. Pure; knows no preset."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from inboxwatch.domain.allowance import Allowance, Days, FixedDate, Months, Weeks, WorkingDays
from inboxwatch.domain.calendar import EVERY_DAY, Calendar

_ONE_DAY = timedelta(days=1)


class Roll(Enum):
    """What becomes of a last day that is not a working day."""

    NONE = "none"
    NEXT_WORKING_DAY = "next-working-day"
    TRIBUNAL = "tribunal"  # HESC Rules 2008 r.12: also leaps over August and 25 December-1 January


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A stretch of days, both ends in it, that does not count."""

    first: date
    last: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedDay:
    """One day of a count: its number, or None with the name of what skips it.

    `received_later` says of the day a message was sent why it counts as received on a later one.
    """

    on: date
    number: int | None
    note: str = ""
    received_later: str = ""


def add_months(day: date, months: int) -> date:
    """Return the corresponding date so many months on, or that month's last day.

    Source: ICO, "How long do we have to comply" (a month without that date ends on its last day).
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _length(start: date, allowance: Days | Weeks | Months | FixedDate) -> int:
    """Return how many days after `start` the last day lies."""
    if isinstance(allowance, Days):
        return allowance.count
    if isinstance(allowance, Weeks):
        return allowance.count * 7
    if isinstance(allowance, Months):
        return (add_months(start, allowance.count) - start).days
    end = date(start.year, allowance.month, allowance.day)
    if end < start:
        end = date(start.year + 1, allowance.month, allowance.day)
    return (end - start).days


def count(
    start: date,
    allowance: Allowance,
    calendar: Calendar,
    *,
    beginning_with: bool = False,
    pauses: Sequence[Pause] = (),
    note: str = "the count starts",
) -> tuple[CountedDay, ...]:
    """Count `allowance` from `start`, which is day 0, or day 1 when `beginning_with` it.

    Only working days are looked up in `calendar`; days, weeks and months count every day. The
    last entry is the last day allowed, before any roll.

    Raises:
        CalendarEnds: the calendar's school terms end before the count.
    """
    counts_on = calendar
    if isinstance(allowance, WorkingDays):
        total = allowance.count
    else:
        total, counts_on = _length(start, allowance), EVERY_DAY
    days: list[CountedDay] = []
    number, day = 0, start
    if beginning_with and not isinstance(allowance, FixedDate):
        day = start - _ONE_DAY
    else:
        days.append(CountedDay(on=start, number=0, note=note))
    while number < total:
        day = counts_on.next_day(day)
        why = next((p.reason for p in pauses if p.first <= day <= p.last), counts_on.skipped(day))
        number += why is None
        days.append(CountedDay(on=day, number=number if why is None else None, note=why or ""))
    return tuple(days)


def rolled(days: tuple[CountedDay, ...], roll: Roll, calendar: Calendar) -> tuple[CountedDay, ...]:
    """Extend a count until its last day may be a last day; the days leapt over are named.

    Source: HESC Rules 2008 (SI 2008/2699) r.12(2) and (3) for `Roll.TRIBUNAL`.
    """
    day = days[-1].on
    if roll is Roll.NONE:
        return days
    closed_until = _tribunal_closed_until(day) if roll is Roll.TRIBUNAL else None
    extra: list[CountedDay] = []
    while (closed_until and day <= closed_until) or not calendar.is_working_day(day):
        why = calendar.skipped(day) or "the tribunal rules leap over this time of year"
        extra.append(CountedDay(on=day, number=None, note=why))
        day = calendar.next_day(day)
    if not extra:
        return days
    first = extra[0]
    moved = CountedDay(
        on=first.on, number=days[-1].number, note=f"would be the last day, but: {first.note}"
    )
    return (*days[:-1], moved, *extra[1:], CountedDay(on=day, number=None, note="moved to here"))


def _tribunal_closed_until(day: date) -> date | None:
    """Return 1 January or 31 August when the day lies in a stretch that ends then."""
    if day.month == 8:
        return date(day.year, 8, 31)
    if (day.month, day.day) == (1, 1):
        return day
    return date(day.year + 1, 1, 1) if day.month == 12 and day.day >= 25 else None

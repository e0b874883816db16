"""Calendars: which days count, and the name of each that does not. Values; never fetches any."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, timedelta

from inboxwatch.domain.errors import ConfigError

ENGLAND_AND_WALES = "england-and-wales"
SCOTLAND = "scotland"
NORTHERN_IRELAND = "northern-ireland"
ANY_UK = "any-uk"  # a day counts only when it is a working day in every part of the UK
CALENDAR_DAYS = "calendar-days"  # every day counts
SCHOOL = "school"  # days in term; needs the user's term dates
CALENDAR_NAMES = (ENGLAND_AND_WALES, SCOTLAND, NORTHERN_IRELAND, ANY_UK, CALENDAR_DAYS, SCHOOL)

_ONE_DAY = timedelta(days=1)
_WEEKEND = {5: "Saturday", 6: "Sunday"}


class CalendarEnds(ConfigError):
    """A calendar of school terms ends before the count does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The days that count under one name.

    `dates` are the named holidays, sorted. Outside `known_from` to `known_until` they are computed
    and not published, so a later proclamation can still add one. `terms` are first and last days,
    both in term; a day outside every term does not count. `proclaimed` gives, for a holiday made
    at short notice, the day it was announced. `version` says what the dates were made from, so
    that a computed day can be reproduced.
    """

    name: str
    dates: tuple[tuple[date, str], ...] = ()
    known_from: date = date.min
    known_until: date = date.max
    version: str = ""
    has_weekends: bool = True  # Saturdays and Sundays do not count
    terms: tuple[tuple[date, date], ...] | None = None
    proclaimed: tuple[tuple[date, date], ...] = ()
    _names: dict[date, str] = field(init=False, repr=False, compare=False)
    _weekdays: tuple[date, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the holidays, and those on weekdays apart."""
        names = dict(self.dates)
        object.__setattr__(self, "_names", names)
        object.__setattr__(self, "_weekdays", tuple(sorted(d for d in names if d.weekday() < 5)))

    def skipped(self, day: date) -> str | None:
        """Return why a day does not count ("Saturday", "Good Friday"), None when it counts."""
        if self.has_weekends and day.weekday() in _WEEKEND:
            return _WEEKEND[day.weekday()]
        if day in self._names:
            return self._names[day]
        if self.terms is not None and not any(a <= day <= b for a, b in self.terms):
            return "not in term"
        return None

    def is_working_day(self, day: date) -> bool:
        """Tell whether a day counts."""
        return self.skipped(day) is None

    def is_known(self, day: date) -> bool:
        """Tell whether the holidays around a day are published, not only computed."""
        return self.known_from <= day <= self.known_until

    def next_day(self, day: date) -> date:
        """Return the day after, working or not.

        Raises:
            CalendarEnds: it lies after the last term known, so that no count could end.
        """
        if self.terms is not None:
            last = max((b for _, b in self.terms), default=date.min)
            if day >= last:
                raise CalendarEnds(
                    f"the term dates end on {last.isoformat()}, before the count is finished",
                    remedy="Add the terms that follow to your term-date file (term-dates.toml).",
                )
        return day + _ONE_DAY

    def working_day_after(self, day: date, number: int) -> date:
        """Return the `number`-th working day after a day; that day itself is day 0.

        Raises:
            ValueError: `number` is below 1.
            CalendarEnds: the terms known are too few.
        """
        if number < 1:
            raise ValueError(f"the number of working days must be at least 1, got {number}")
        while number:
            day = self.next_day(day)
            number -= self.is_working_day(day)
        return day

    def on_or_after(self, day: date) -> date:
        """Return the day itself if it counts, else the next that does."""
        while not self.is_working_day(day):
            day = self.next_day(day)
        return day

    def on_or_before(self, day: date) -> date:
        """Return the day itself if it counts, else the last before it that does.

        Raises:
            CalendarEnds: no term known lies before it.
        """
        while not self.is_working_day(day):
            if self.terms is not None and all(first >= day for first, _ in self.terms):
                raise CalendarEnds(
                    f"the term dates begin after {day.isoformat()}",
                    remedy="Add the terms before it to your term-date file (term-dates.toml).",
                )
            day -= _ONE_DAY
        return day

    def working_days_between(self, after: date, until: date) -> int:
        """Count the working days after one day, up to and including another."""
        if until <= after:
            return 0
        if self.terms is not None:
            days = range(1, (until - after).days + 1)
            return sum(self.is_working_day(after + timedelta(days=n)) for n in days)
        if not self.has_weekends:
            inside = sum(after < day <= until for day in self._names)
            return (until - after).days - inside
        weeks, rest = divmod((until - after).days, 7)
        weekdays = weeks * 5 + sum((after.weekday() + n) % 7 < 5 for n in range(1, rest + 1))
        holidays = bisect_right(self._weekdays, until) - bisect_right(self._weekdays, after)
        return weekdays - holidays


EVERY_DAY = Calendar(name=CALENDAR_DAYS, has_weekends=False)

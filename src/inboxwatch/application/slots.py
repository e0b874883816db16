"""When a digest may come: on chosen days, at one local time, once a day, never in quiet hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from inboxwatch.domain.calendar import Calendar
from inboxwatch.domain.london import LONDON, local
from inboxwatch.domain.reminders import Reminder

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ONE_DAY = timedelta(days=1)
_AHEAD = 400  # days looked through; holidays in a row are far fewer
# What is new comes on the next day that mail may come; the rest waits for the regular day.
_NEW = ("overdue-1", "undelivered", "action", "own-deadline-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """The user's choice. Weekdays count from Monday, 0; times are local.

    `weekdays`: days on which a digest may come at all, except on `holidays`. `regular`: the days
    of the regular digest; one that may not be moves to the next day that may. Quiet hours go from
    `quiet_from` to `quiet_until`, over midnight or not; there are none when the two are equal.
    """

    weekdays: frozenset[int]
    at_time: time
    regular: frozenset[int] = frozenset({0})
    quiet_from: time = time(20, 0)
    quiet_until: time = time(8, 0)
    holidays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        """Refuse a choice by which no digest could ever come."""
        if not self.weekdays or not self.regular:
            raise ValueError("a digest needs at least one weekday")
        if self._quiet_at(self.at_time):
            raise ValueError("the time of the digest lies in the quiet hours")

    def is_permitted(self, day: date) -> bool:
        """Tell whether a digest may come on a local day."""
        return day.weekday() in self.weekdays and day not in self.holidays

    def is_regular(self, day: date) -> bool:
        """Tell whether the regular digest comes on a local day, perhaps moved there."""
        if not self.is_permitted(day):
            return False
        while day.weekday() not in self.regular:
            day -= _ONE_DAY
            if self.is_permitted(day):
                return False
        return True

    def is_quiet(self, now: datetime) -> bool:
        """Tell whether a moment lies in the quiet hours."""
        return self._quiet_at(local(now).time())

    def is_open(self, now: datetime) -> bool:
        """Tell whether a digest may go out at a moment: its day, its hour, not too late."""
        opens, closes = self._window(local(now).date())
        return self.is_permitted(local(now).date()) and opens <= now < closes

    def next_after(
        self, now: datetime, *, last_sent_on: date | None, urgent: bool = True
    ) -> datetime:
        """Return the first moment, now or later, at which a digest may go out, as aware UTC.

        Args:
            last_sent_on: the local day of the last digest; only one comes on a day.
            urgent: on the next day that may be; else on a regular one.
        """
        day = local(now).date()
        for _ in range(_AHEAD):
            may = self.is_permitted(day) if urgent else self.is_regular(day)
            opens, closes = self._window(day)
            if may and day != last_sent_on and now < closes:
                return max(now, opens).astimezone(UTC)
            day += _ONE_DAY
        raise ValueError("every day for a year is a holiday")

    def _window(self, day: date) -> tuple[datetime, datetime]:
        """Return when a day's time for digests begins and ends, aware UTC."""
        opens = datetime.combine(day, self.at_time, LONDON)
        quiet = self.quiet_from != self.quiet_until and self.quiet_from > self.at_time
        ends = datetime.combine(day, self.quiet_from, LONDON)
        closes = ends if quiet else datetime.combine(day + _ONE_DAY, time(), LONDON)
        return opens.astimezone(UTC), closes.astimezone(UTC)

    def _quiet_at(self, hour: time) -> bool:
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= hour < self.quiet_until
        return hour >= self.quiet_from or hour < self.quiet_until


def is_urgent(reminders: tuple[Reminder, ...]) -> bool:
    """Tell whether any of these is news: newly overdue or undelivered, or a day of the user's."""
    return any(reminder.key.step.startswith(_NEW) for reminder in reminders)


def slots(
    weekdays: tuple[str, ...],
    at_time: time,
    *,
    regular: tuple[str, ...] = ("monday",),
    quiet_from: time = time(20, 0),
    quiet_until: time = time(8, 0),
    calendar: Calendar | None = None,
) -> Slots:
    """Make slots from the names of weekdays and the calendar whose holidays are kept."""
    return Slots(
        weekdays=frozenset(WEEKDAYS.index(name) for name in weekdays),
        at_time=at_time,
        regular=frozenset(WEEKDAYS.index(name) for name in regular),
        quiet_from=quiet_from,
        quiet_until=quiet_until,
        holidays=frozenset(day for day, _ in calendar.dates) if calendar else frozenset(),
    )

"""When a digest may come: on chosen weekdays, at one local time, once a day, never at night."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from inboxwatch.domain.london import LONDON, local

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """The user's choice. `weekdays` count from Monday, 0; times are local."""

    weekdays: frozenset[int]
    at_time: time
    quiet_from: time = time(20, 0)

    def next_after(self, now: datetime, *, last_sent_on: date | None) -> datetime:
        """Return the first moment, now or later, at which a digest may go out.

        Args:
            last_sent_on: the local day of the last digest; only one comes on a day.
        """
        here = local(now)
        day = here.date()
        for ahead in range(15):
            on = day + timedelta(days=ahead)
            if on.weekday() not in self.weekdays or on == last_sent_on:
                continue
            opens = datetime.combine(on, self.at_time, LONDON)
            closes = datetime.combine(on, max(self.quiet_from, self.at_time), LONDON)
            if ahead == 0 and here > opens:
                if here < closes:
                    return now
                continue
            return opens.astimezone(UTC)
        return now


def slots(weekdays: tuple[str, ...], at_time: time) -> Slots:
    """Make slots from the names of weekdays."""
    return Slots(weekdays=frozenset(WEEKDAYS.index(name) for name in weekdays), at_time=at_time)

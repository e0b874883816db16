"""Local time: the day and hour of a message where the council is, Europe/London. Pure."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
CLOSE_OF_BUSINESS = time(17, 0)


def local(moment: datetime) -> datetime:
    """Return an aware moment as London time, whatever zone it came in.

    Raises:
        ValueError: it has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"a moment must have a time zone, got {moment!r}")
    return moment.astimezone(LONDON)


def local_day(start: date | datetime) -> date:
    """Return the London day of an aware moment; a plain date is that day.

    Raises:
        ValueError: a moment without a time zone.
    """
    return local(start).date() if isinstance(start, datetime) else start


def is_after_hours(start: date | datetime) -> bool:
    """Tell whether a moment is later than 17:00 in London; a plain date never is."""
    return isinstance(start, datetime) and local(start).time() > CLOSE_OF_BUSINESS

"""Write a calendar file (RFC 5545): the same days, the same bytes; no text but subjects."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from inboxwatch.application.agenda import Occasion

_ONE_DAY = timedelta(days=1)


def ics_bytes(occasions: Iterable[Occasion], *, as_of: datetime) -> bytes:
    """Return the file's bytes: an all-day event for each occasion.

    Args:
        as_of: aware, up to when the mail is known; it is every event's DTSTAMP, so that a
            calendar program takes a newer file's event for the newer one.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//inboxwatch//due days//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Council replies")
    stamp = as_of.astimezone(UTC).replace(microsecond=0)
    for occasion in occasions:
        event = Event()
        event.add("uid", occasion.uid)
        event.add("dtstamp", stamp)
        event.add("dtstart", occasion.on)
        event.add("dtend", occasion.on + _ONE_DAY)
        event.add("summary", _plain(occasion.title))
        event.add("description", _plain(occasion.text))
        event.add("class", "PRIVATE")
        event.add("transp", "TRANSPARENT")  # it takes no time of the day
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _plain(text: str) -> str:
    """Return text that can be written as UTF-8: broken mail leaves lone surrogates."""
    return text.encode("utf-8", "replace").decode("utf-8")

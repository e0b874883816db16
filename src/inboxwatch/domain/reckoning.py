"""What judging needs to know of clocks: when a reply is due, and which days count. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from inboxwatch.domain.bodies import Body
from inboxwatch.domain.calendar import Calendar
from inboxwatch.domain.clocks import Clock, Start, find_clock
from inboxwatch.domain.deadlines import OWN_EVENTS
from inboxwatch.domain.due import Due
from inboxwatch.domain.due import due as compute_due
from inboxwatch.domain.promises import for_body

# These clocks run from a day that no message tells; an event of the same name gives it.
NAMED_STARTS = (Start.REFERRAL, Start.MEETING, Start.LETTER, Start.ORDER, Start.NOTICE)


class DueDays(Protocol):
    """Computes when a reply is due."""

    def __call__(
        self,
        clock: str,
        start: datetime,
        *,
        body: str,
        calendar: str | None,
        events: Mapping[str, date],
    ) -> Due:
        """Return the due days of a clock (a preset's id or an allowance) at a body.

        Raises:
            ConfigError: there is no such clock, or the events do not fit it.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoning:
    """What judging needs to know of clocks: due days, and the calendar that counts days."""

    due: DueDays
    calendar: Callable[[str], Calendar]  # by its name


def reckoning(
    clocks: Mapping[str, Clock], calendars: Mapping[str, Calendar], bodies: Iterable[Body]
) -> Reckoning:
    """Make a reckoning of presets, calendars and bodies."""
    by_name = {body.name: body for body in bodies}

    def due(
        clock: str,
        start: datetime,
        *,
        body: str,
        calendar: str | None,
        events: Mapping[str, date],
    ) -> Due:
        preset = find_clock(clock, clocks)
        if body in by_name:
            preset, _ = for_body(preset, by_name[body], clocks)
        if calendar is not None:
            preset = replace(preset, calendar=calendar)
        first = preset.start.value if preset.start in NAMED_STARTS else ""
        # A decision that opens a deadline of the user's own says nothing to most clocks.
        known = {
            name: on
            for name, on in events.items()
            if name != first and (name in preset.events or name not in OWN_EVENTS)
        }
        if first and first not in events:
            counted = compute_due(preset, start, calendars=calendars, events=known)
            why = (
                f"{preset.id} counts from the day of the {first}, which is not known; it is counted"
                f" from your message. Note it with: inboxwatch event THREAD {first}=DATE"
            )
            return replace(counted, warnings=(why, *counted.warnings))
        begins = events[first] if first else start
        return compute_due(preset, begins, calendars=calendars, events=known)

    return Reckoning(due=due, calendar=lambda name: calendars[name])

"""When a reply is due: a clock, a start and what happened since, counted day by day. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from inboxwatch.domain.allowance import Allowance, WorkingDays
from inboxwatch.domain.calendar import CALENDAR_DAYS, Calendar
from inboxwatch.domain.clocks import Clock, Milestone, Party, Start, in_words
from inboxwatch.domain.counting import CountedDay, Pause, Roll, count, rolled
from inboxwatch.domain.due_checks import calendar_named, check, contested, standing_warnings
from inboxwatch.domain.interruptions import Interrupted, interruptions
from inboxwatch.domain.london import is_after_hours, local_day

_ONE_DAY = timedelta(days=1)
AFTER_HOURS = "after 5 pm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When a reply is due and how that was counted.

    `received_on` is the day it counts as received. `due_on` is the clock's own limit: for a
    user's own deadline the earliest last day under any reading. `latest_on` is the latest
    defensible last day. A council is late from `overdue_from`, the day after the later of them.
    `safe_on`, for a user's own deadline, is the last office day not after `due_on`.
    `is_running` is False while a body waits for an answer of the user's: then nothing is late.
    `count` holds every day up to `due_on`, the last entry.
    """

    clock: Clock
    received_on: date
    counted_from: date
    due_on: date
    latest_on: date
    overdue_from: date
    chase_on: date | None = None
    safe_on: date | None = None
    milestones: tuple[tuple[str, date], ...] = ()
    is_running: bool = True
    warnings: tuple[str, ...] = ()
    count: tuple[CountedDay, ...] = ()
    allowed: str = ""  # the time that `due_on` was counted by, in words
    calendar_version: str = ""


def received_on(
    start: date | datetime, rule: Start, calendar: Calendar
) -> tuple[date, tuple[CountedDay, ...]]:
    """Return the day a message counts as received, and the named days before it.

    Only `receipt-5pm` moves it: after 17:00 London time, or on a day that is not a working day of
    `calendar`, it counts as received on the next working day.
    """
    day = local_day(start)
    if rule is not Start.RECEIPT_5PM:
        return day, ()
    why = calendar.skipped(day)
    if why is None and not is_after_hours(start):
        return day, ()
    why = why or AFTER_HOURS
    skipped = [CountedDay(on=day, number=None, note=f"sent: {why}", received_later=why)]
    day = calendar.next_day(day)
    while (why := calendar.skipped(day)) is not None:
        skipped.append(CountedDay(on=day, number=None, note=why))
        day = calendar.next_day(day)
    return day, tuple(skipped)


def due(
    clock: Clock,
    start: date | datetime,
    *,
    calendars: Mapping[str, Calendar],
    events: Mapping[str, date] | None = None,
    extended: bool = False,
) -> Due:
    """Compute when a reply is due.

    Args:
        start: when it was sent, or the date of the letter, meeting, order or notice. A moment
            must have a time zone and is taken in London; a bare date counts as before 17:00.
        calendars: by name, with every calendar that the clock names.
        events: what happened since, by the names in `clock.events`.
        extended: the body has told in time that it takes the longer time allowed.

    Raises:
        MissingCalendar: the clock counts on a calendar not given (school terms).
        ConfigError: an unknown event, one before the start, or a year out of range.
        ValueError: `start` is a moment without a time zone.
    """
    events = dict(events or {})
    day_calendar = calendar_named(clock.day_calendar, clock, calendars)
    check(clock, local_day(start), events)
    received, before = received_on(start, clock.start, day_calendar)
    warnings = standing_warnings(clock, received)
    first = _Counter(clock=clock, calendars=calendars)
    allowance, outer = clock.due, clock.outer
    if extended:
        if clock.extended is None:
            warnings.append(f"{clock.id} knows no extension: its dates stand as they are.")
        allowance = clock.extended or clock.due
        outer = clock.extended_outer or clock.outer
    base, note = received, "received"
    if clock.start is Start.ACK:
        if "ack" in events:
            base, note = events["ack"], "acknowledged"
        else:
            warnings.append(
                "due_on is the latest from receipt: give the day it was acknowledged"
                " (--event ack=DATE) for the due day counted from it."
            )
            allowance = outer or allowance
    elif clock.start in (Start.REFERRAL, Start.MEETING, Start.LETTER, Start.ORDER, Start.NOTICE):
        note = f"day of the {clock.start.value}"
    stopped = Interrupted()
    if clock.interruptions and events:
        unpaused = max(days[-1].on for days in first.ends(base, allowance, events, note))
        stopped = interruptions(clock, received, unpaused, events)
    warnings += stopped.warnings
    if stopped.restarted_on is not None and stopped.restarted_on > base:
        base, note = stopped.restarted_on, stopped.restart_note
        before = (CountedDay(on=received, number=None, note="received"),)
    begins = base if clock.start is not Start.ACK else received
    counter = _Counter(clock=clock, calendars=calendars, pauses=stopped.pauses)
    ends = counter.ends(base, allowance, events, note)
    counted = min(ends, key=lambda days: days[-1].on) if clock.whose is Party.USER else ends[0]
    latest_on = max(days[-1].on for days in ends)
    if outer is not None:
        by_outer = counter.outer(begins, outer)
        if clock.outer_caps and by_outer[-1].on < counted[-1].on:
            counted = by_outer
        latest_on = min(latest_on, by_outer[-1].on) if clock.outer_caps else by_outer[-1].on
    due_on = counted[-1].on
    if due_on > latest_on:
        warnings.append(
            "It was acknowledged late: counted from receipt the last day was"
            f" {latest_on.isoformat()}. overdue_from allows the council the later day."
        )
    chase_on = counter.end(begins, clock.chase) if clock.chase is not None else None
    milestones = tuple(
        (m.name, counter.milestone(m, begins, due_on, events)) for m in clock.milestones
    )
    by_user = clock.whose is Party.USER
    warnings += counter.unknown((due_on, latest_on, *(on for _, on in milestones)))
    warnings += contested(counted, received, day_calendar)
    return Due(
        clock=clock,
        received_on=received,
        counted_from=base,
        due_on=due_on,
        latest_on=latest_on,
        overdue_from=(due_on if by_user else max(due_on, latest_on)) + _ONE_DAY,
        chase_on=chase_on,
        safe_on=day_calendar.on_or_before(due_on) if by_user else None,
        milestones=milestones,
        is_running=stopped.is_running,
        warnings=tuple(dict.fromkeys(warnings)),
        count=(*before, *counted) if before and before[-1].on < counted[0].on else counted,
        allowed=in_words(allowance, clock.calendar),
        calendar_version=counter.version,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counter:
    """Counts one clock's allowances with its calendars, roll and pauses."""

    clock: Clock
    calendars: Mapping[str, Calendar]
    pauses: tuple[Pause, ...] = ()

    @property
    def calendar(self) -> Calendar:
        return calendar_named(self.clock.calendar, self.clock, self.calendars)

    @property
    def rolls_by(self) -> tuple[Calendar, ...]:
        names = self.clock.roll_calendars or (self.clock.calendar,)
        return tuple(calendar_named(name, self.clock, self.calendars) for name in names)

    @property
    def version(self) -> str:
        """What the calendars used were made from; empty when every day counts alike."""
        used = [self.calendar]
        used += self.rolls_by if self.clock.roll is not Roll.NONE else ()
        if self.clock.start is Start.RECEIPT_5PM:
            used.append(calendar_named(self.clock.day_calendar, self.clock, self.calendars))
        return next((calendar.version for calendar in used if calendar.version), "")

    def days(self, start: date, allowance: Allowance, note: str) -> tuple[CountedDay, ...]:
        return count(
            start,
            allowance,
            self.calendar,
            beginning_with=self.clock.beginning_with,
            pauses=self.pauses,
            note=note,
        )

    def ends(
        self, start: date, allowance: Allowance, events: Mapping[str, date], note: str
    ) -> tuple[tuple[CountedDay, ...], ...]:
        """Return the count of the main limit, rolled by each calendar the clock rolls by."""
        counts = [self.days(start, allowance, note)]
        counts += [
            self.days(events[other.event], other.allowance, other.event)
            for other in self.clock.alternatives
            if other.event in events
        ]
        return tuple(
            max((rolled(c, self.clock.roll, by) for c in counts), key=lambda days: days[-1].on)
            for by in self.rolls_by
        )

    def end(self, start: date, allowance: Allowance) -> date:
        """Return a softer day on the way; its working days are never bare calendar days."""
        calendar = self.calendar
        if self.clock.calendar == CALENDAR_DAYS and isinstance(allowance, WorkingDays):
            calendar = calendar_named(self.clock.day_calendar, self.clock, self.calendars)
        by = self.clock.beginning_with
        days = count(start, allowance, calendar, beginning_with=by, pauses=self.pauses)
        return rolled(days, self.clock.roll, self.rolls_by[0])[-1].on

    def outer(self, start: date, allowance: Allowance) -> tuple[CountedDay, ...]:
        name = self.clock.outer_calendar or self.clock.calendar
        calendar = calendar_named(name, self.clock, self.calendars)
        return count(start, allowance, calendar, pauses=self.pauses, note="received")

    def milestone(
        self, milestone: Milestone, begins: date, due_on: date, events: Mapping[str, date]
    ) -> date:
        base = due_on if milestone.base == "due" else begins
        start = events.get(milestone.event, base) if milestone.event else base
        return self.end(start, milestone.allowance)

    def unknown(self, days: tuple[date, ...]) -> list[str]:
        """Return a warning for each calendar whose published holidays end before a day."""
        used = [*self.rolls_by] if self.clock.roll is not Roll.NONE else []
        if isinstance(self.clock.due, WorkingDays):
            used.append(self.calendar)
        return [
            f"{day.isoformat()} lies outside the years whose {calendar.name} holidays are"
            f" published ({calendar.known_from.year} to {calendar.known_until.year}):"
            " they are computed there, and a one-off holiday may be missing."
            for calendar in dict.fromkeys(used)
            for day in (max(days), min(days))
            if not calendar.is_known(day)
        ][:1]

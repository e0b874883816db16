"""The user's own last days: for the Ombudsman, for an appeal. Pure; told as reminders by `plan`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from inboxwatch.domain.allowance import Months
from inboxwatch.domain.calendar import Calendar
from inboxwatch.domain.clocks import Clock, Party
from inboxwatch.domain.counting import Roll, add_months
from inboxwatch.domain.due import due
from inboxwatch.domain.errors import ConfigError
from inboxwatch.domain.ladder import INFORMATION, group
from inboxwatch.domain.london import local_day
from inboxwatch.domain.overrides import Decisions, Verb
from inboxwatch.domain.verdict import OwnDeadline, Status, Verdict

OWN = "own-deadline-"
OMBUDSMAN = "lgsco-12m"
APPEAL = "send-appeal"
DECISION = "decision"
CERTIFICATE = "certificate"
# Events that open a deadline of the user's, whatever clock runs for the thread.
OWN_EVENTS = frozenset({DECISION, CERTIFICATE})

_AFTER_MONTHS = (9, 11)  # of the twelve for the Ombudsman
_ONE_DAY = timedelta(days=1)
_DAYS_BEFORE = (28, 7)  # the end of the time for an appeal


def events_about(verdict: Verdict, decisions: Decisions) -> dict[str, date]:
    """Return the events a person recorded for a thread, by name; the latest word counts."""
    ids = frozenset(placed.entry.message_id for placed in verdict.thread.placed)
    events: dict[str, date] = {}
    for said in decisions.about(Verb.EVENT, ids, verdict.thread.council_mailbox.address):
        name, _, on = said.value.partition("=")
        events[name.strip()] = date.fromisoformat(on.strip())
    return events


def own_deadlines(
    verdict: Verdict,
    decisions: Decisions,
    *,
    clocks: Mapping[str, Clock],
    calendars: Mapping[str, Calendar],
) -> tuple[OwnDeadline, ...]:
    """Return the user's own last days that a thread brings with it, the nearest first.

    The Ombudsman's twelve months run from the first question that is still unanswered, a careful
    reading of "the day you first knew". A decision that the user recorded opens the time for an
    appeal to the SEND Tribunal. Presets that are missing or switched off give none.
    """
    found = [
        *_ombudsman(verdict, clocks, calendars),
        *_appeal(verdict, decisions, clocks, calendars),
    ]
    return tuple(sorted(found, key=lambda deadline: (deadline.last_on, deadline.clock)))


def _ombudsman(
    verdict: Verdict, clocks: Mapping[str, Clock], calendars: Mapping[str, Calendar]
) -> list[OwnDeadline]:
    clock, wait = clocks.get(OMBUDSMAN), verdict.wait
    is_open = wait is not None and wait.is_open
    if clock is None or not clock.enabled or wait is None or not is_open:
        return []
    # Silence on a request for information goes to the Information Commissioner.
    if group(verdict) == INFORMATION or verdict.status is Status.UNDELIVERED:
        return []
    start = local_day(wait.unanswered.at)
    last_on = _plain_last_day(clock, start, calendars) or _last_day(clock, start, calendars, {})
    if last_on is None:
        return []
    marks = ((f"{months}m", add_months(start, months)) for months in _AFTER_MONTHS)
    return [
        OwnDeadline(
            clock=OMBUDSMAN,
            what="complain to the Local Government and Social Care Ombudsman",
            last_on=last_on,
            remind=tuple((f"{OWN}{name}", on) for name, on in marks),
        )
    ]


def _appeal(
    verdict: Verdict,
    decisions: Decisions,
    clocks: Mapping[str, Clock],
    calendars: Mapping[str, Calendar],
) -> list[OwnDeadline]:
    clock = clocks.get(APPEAL)
    events = events_about(verdict, decisions)
    decided = events.get(DECISION)
    if clock is None or not clock.enabled or decided is None:
        return []
    more = {CERTIFICATE: events[CERTIFICATE]} if CERTIFICATE in events else {}
    last_on = _last_day(clock, decided, calendars, more)
    if last_on is None:
        return []
    return [
        OwnDeadline(
            clock=APPEAL,
            what="appeal to the SEND Tribunal",
            last_on=last_on,
            remind=tuple(
                # The days are in the key, so that a later certificate opens new reminders.
                (
                    f"{OWN}appeal-{decided.isoformat()}-{days}d" + ("-certificate" if more else ""),
                    last_on - timedelta(days=days),
                )
                for days in _DAYS_BEFORE
            ),
            follows_decision=True,
        )
    ]


def _last_day(
    clock: Clock, start: date, calendars: Mapping[str, Calendar], events: Mapping[str, date]
) -> date | None:
    """Return the user's safe last day; None where the dates recorded do not fit together."""
    try:
        counted = due(clock, start, calendars=calendars, events=events)
    except ConfigError:
        return None
    return counted.safe_on or counted.due_on if clock.whose is Party.USER else counted.due_on


def _plain_last_day(clock: Clock, start: date, calendars: Mapping[str, Calendar]) -> date | None:
    """Return what `due` counts day by day, by sums alone: every thread asks, at every review."""
    calendar = calendars.get(clock.day_calendar)
    if not isinstance(clock.due, Months) or clock.roll is not Roll.NONE or calendar is None:
        return None
    last_on = add_months(start, clock.due.count)
    return calendar.on_or_before(last_on - _ONE_DAY if clock.beginning_with else last_on)


def due_step(deadline: OwnDeadline, told: frozenset[str], *, today: date) -> str | None:
    """Return the step of a deadline to tell of now: only the latest reached, never one missed.

    Args:
        told: steps filed before for this wait.
        today: the local day. Nothing is told of a day that is over.
    """
    if today > deadline.last_on:
        return None
    reached = [step for step, on in deadline.remind if on <= today]
    return reached[-1] if reached and reached[-1] not in told else None

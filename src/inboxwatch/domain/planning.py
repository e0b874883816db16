"""Plan which reminders are due now. Pure: no clock, nothing sent, the same facts give the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Protocol

from inboxwatch.domain import ladder
from inboxwatch.domain.deadlines import OWN, due_step
from inboxwatch.domain.london import local_day
from inboxwatch.domain.reminders import Reminder, ReminderKey, ReminderPolicy
from inboxwatch.domain.suggestions import suggest
from inboxwatch.domain.verdict import OwnDeadline, Status, Verdict, Wait

OVERDUE = "overdue-"
UNDELIVERED = "undelivered"
ACTION = "action"
PROMISE_PASSED = "promise-passed"

WorkingDays = Callable[[date, date], int]  # after one day, up to and including another


class Filed(Protocol):
    """A reminder that was filed, and when."""

    @property
    def reminder(self) -> Reminder:
        """What was filed."""

    @property
    def filed_at(self) -> datetime:
        """When, aware UTC."""


def plan(
    verdicts: Iterable[Verdict],
    *,
    filed: Iterable[Filed],
    as_of: datetime,
    policy: ReminderPolicy,
    working_days: WorkingDays,
    today: date,
) -> tuple[Reminder, ...]:
    """Return the reminders that are due and not filed yet, at most one a wait.

    What was filed for any message of a wait counts for it, so that a merge or a split repeats
    nothing. However long nothing ran, only the present step comes, never those missed.

    Args:
        as_of: aware UTC, the end of the last complete poll.
        working_days: counts the working days after one day up to another.
        today: the local day; repeats count up to the earlier of it and `as_of`, so that a stalled
            poll repeats nothing.
    """
    history: dict[tuple[str, str], list[Filed]] = {}
    keys = set()
    for one in filed:
        reminder = one.reminder
        keys.add(reminder.key)
        for message_id in {reminder.key.unanswered, *reminder.covers}:
            history.setdefault((reminder.key.council_mailbox, message_id), []).append(one)
    planned: dict[ReminderKey, Reminder] = {}
    for verdict in verdicts:
        wait = verdict.wait
        if wait is None or _is_snoozed(verdict, today):
            continue
        address = verdict.thread.council_mailbox.address
        told = [one for i in wait.message_ids for one in history.get((address, i), ())]
        known_on = min(today, local_day(as_of))
        may_speak = _may_speak(verdict, wait, policy)
        found = _own_step(verdict, wait, told, may_speak, known_on=known_on, today=today)
        if found is None and may_speak:
            found = _step(verdict, wait, told, policy, working_days, known_on)
        if found is not None:
            step, number = found
            reminder = _reminder(verdict, wait, step, number, policy)
            if reminder.key not in keys:
                planned[reminder.key] = reminder
    return tuple(planned[key] for key in sorted(planned))


def _is_snoozed(verdict: Verdict, today: date) -> bool:
    return verdict.snoozed_until is not None and today < verdict.snoozed_until


def _own_deadlines(verdict: Verdict, wait: Wait, may_speak: bool) -> tuple[OwnDeadline, ...]:
    """Return the own deadlines that may be told: an answer does not end those that it opened."""
    stopped = verdict.status is Status.CLOSED and wait.closed_as != "answered"
    return tuple(
        d for d in verdict.own_deadlines if may_speak or (d.follows_decision and not stopped)
    )


def _own_step(
    verdict: Verdict,
    wait: Wait,
    told: list[Filed],
    may_speak: bool,
    *,
    known_on: date,
    today: date,
) -> tuple[str, int] | None:
    steps = frozenset(one.reminder.key.step for one in told)
    for deadline in _own_deadlines(verdict, wait, may_speak):
        on = today if deadline.follows_decision else known_on
        step = due_step(deadline, steps, today=on)
        if step is not None:
            return step, 1
    return None


def _may_speak(verdict: Verdict, wait: Wait, policy: ReminderPolicy) -> bool:
    if verdict.status not in (Status.OVERDUE, Status.UNDELIVERED, Status.WAITING):
        return False
    begun = wait.undelivered_at or wait.unanswered.at
    return policy.remind_from is None or begun >= policy.remind_from


def _step(
    verdict: Verdict,
    wait: Wait,
    told: list[Filed],
    policy: ReminderPolicy,
    working_days: WorkingDays,
    known_on: date,
) -> tuple[str, int] | None:
    """Return the step that is due now and its number, None when there is none."""
    steps = {one.reminder.key.step for one in told}
    if verdict.status is Status.UNDELIVERED:
        return None if UNDELIVERED in steps else (UNDELIVERED, 1)
    overdue = [one for one in told if one.reminder.key.step.startswith(OVERDUE)]
    if verdict.status is Status.OVERDUE:
        if not overdue:
            return (f"{OVERDUE}1", 1) if policy.stop_after >= 1 else None
        last = max(one.filed_at for one in overdue)
        number = max(one.reminder.step for one in overdue) + 1
        passed = working_days(local_day(last), known_on)
        if number <= policy.stop_after and passed >= policy.repeat_every_working_days:
            return f"{OVERDUE}{number}", number
    if wait.action is not None and not any(one.reminder.action is not None for one in told):
        return ACTION, 1
    promise_passed = wait.promised_on is not None and wait.promised_on < known_on
    told_since = any(
        wait.promised_on is not None and local_day(one.filed_at) > wait.promised_on for one in told
    )
    if promise_passed and not told_since and PROMISE_PASSED not in steps:
        return PROMISE_PASSED, 1
    return None


def _reminder(
    verdict: Verdict, wait: Wait, step: str, number: int, policy: ReminderPolicy
) -> Reminder:
    box = verdict.thread.council_mailbox
    own = next((d for d in verdict.own_deadlines if step in dict(d.remind)), None)
    suggestion = suggest(verdict)
    return Reminder(
        key=ReminderKey(
            council_mailbox=box.address,
            rule=verdict.rule,
            unanswered=wait.unanswered.message_id,
            step=step,
        ),
        thread_id=verdict.thread.id,
        body=box.body,
        council_mailbox=box.address,
        subject=verdict.thread.subject,
        status=verdict.status,
        sent_at=wait.unanswered.at,
        chasers=len(wait.chasers),
        last_chased_at=wait.last_chased_at,
        due_on=verdict.due_on,
        acknowledged_at=wait.acknowledged_at,
        holding_at=wait.holding_at,
        promised_on=wait.promised_on,
        waiting_days=verdict.waiting_days,
        waiting_working_days=verdict.waiting_working_days,
        action=wait.action,
        case=verdict.case,
        step=number,
        final=step == f"{OVERDUE}{policy.stop_after}",
        covers=tuple(sorted(wait.message_ids)),
        rung=ladder.choose(verdict).value,
        own_last_on=own.last_on if own else None,
        own_what=own.what if own else "",
        suggested_clock=suggestion.clock if suggestion else None,
        suggested_what=suggestion.what if suggestion else "",
    )


def refreshed(
    reminder: Reminder, verdicts: Iterable[Verdict], *, today: date | None = None
) -> Reminder | None:
    """Return a filed reminder with the facts of now; None when it is settled.

    Settled is a wait that is answered, closed, in doubt, or no longer there; on a local day that
    is given, also one that is snoozed or whose own last day is over.
    """
    step = reminder.key.step
    ids = {reminder.key.unanswered, *reminder.covers}
    for verdict in verdicts:
        wait = verdict.wait
        if wait is None or verdict.thread.council_mailbox.address != reminder.council_mailbox:
            continue
        if ids.isdisjoint(wait.message_ids):
            continue
        speaks = verdict.status in (Status.OVERDUE, Status.UNDELIVERED, Status.WAITING)
        if step.startswith(OWN):
            own = _own_deadlines(verdict, wait, speaks)
            left = [d for d in own if step in dict(d.remind)]
            speaks = any(today is None or today <= d.last_on for d in left)
        if not speaks or (today is not None and _is_snoozed(verdict, today)):
            return None
        fresh = _reminder(verdict, wait, reminder.key.step, reminder.step, ReminderPolicy())
        return replace(fresh, key=reminder.key, step=reminder.step, final=reminder.final)
    return None

"""Judge what became of each question: answered, waiting, overdue and so on.

Pure: sees neither the wall clock nor the network; what is due is computed when asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from inboxwatch.domain.calendar import Calendar
from inboxwatch.domain.clocks import LegalForce, SatisfiedBy
from inboxwatch.domain.doubts import doubt
from inboxwatch.domain.due import Due
from inboxwatch.domain.errors import ConfigError
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.london import local_day
from inboxwatch.domain.message import FolderRole
from inboxwatch.domain.overrides import NONE, Decisions, Verb
from inboxwatch.domain.reckoning import Reckoning
from inboxwatch.domain.rules import Rule, first_match
from inboxwatch.domain.sides import sender_address
from inboxwatch.domain.threads import Assembly, Thread
from inboxwatch.domain.verdict import Status, Verdict, Wait
from inboxwatch.domain.waits import STOP_WATCHING, waits

HOLDING_AT_MOST = 20  # working days that a person's promise can move a service standard
_ONE_DAY = timedelta(days=1)
_MOVABLE = frozenset({LegalForce.SERVICE_STANDARD, LegalForce.COUNCIL_PROMISE, LegalForce.CUSTOM})
_ASIDE = {FolderRole.JUNK: "Junk", FolderRole.TRASH: "Bin"}


def judge_all(
    assembly: Assembly,
    rules: Sequence[Rule],
    *,
    as_of: datetime,
    reckoning: Reckoning,
    decisions: Decisions = NONE,
) -> tuple[Verdict, ...]:
    """Judge every thread by the first rule that matches it."""
    return tuple(
        judge(
            thread,
            first_match(rules, thread),
            as_of=as_of,
            reckoning=reckoning,
            decisions=decisions,
        )
        for thread in assembly.threads
        if any(placed.at <= as_of for placed in thread.placed)
    )


def judge(
    thread: Thread,
    rule: Rule,
    *,
    as_of: datetime,
    reckoning: Reckoning,
    decisions: Decisions = NONE,
) -> Verdict:
    """Judge one thread by the mail known up to `as_of`.

    Args:
        as_of: aware UTC, the end of the last complete poll, never the wall clock: a stalled poll
            must not turn anything overdue.

    Raises:
        ValueError: `as_of` has no time zone.
        ConfigError: the rule names a clock that does not exist.
    """
    if as_of.tzinfo is None:
        raise ValueError(f"as_of must have a time zone, got {as_of!r}")
    every = waits(thread, decisions, as_of=as_of)
    about = _About.of(thread, decisions)
    if not every:
        return Verdict(
            thread=thread,
            status=Status.CLOSED if about.stopped_at else Status.ANSWERED,
            as_of=as_of,
            reason="you stopped watching it" if about.stopped_at else _nothing_owed(thread),
            wait=None,
            rule=rule.name,
            closed_at=about.stopped_at,
            case=about.case,
            notes=about.notes,
        )
    wait = every[-1]
    due, notes = _due(wait, rule, about, thread, reckoning)
    days = reckoning.calendar(due.clock.day_calendar)
    due_on, overdue_from, moved = _moved(wait, due, days)
    today = local_day(as_of)
    since = local_day(wait.unanswered.at)
    until = local_day(wait.answered_at) if wait.answered_at is not None else today
    status, reason = _status(wait, about, due, due_on, overdue_from, today)
    return Verdict(
        thread=thread,
        status=status,
        as_of=as_of,
        reason=reason,
        wait=wait,
        waits=every,
        rule=rule.name,
        clock=due.clock.id,
        due_on=due_on,
        overdue_from=overdue_from,
        chase_on=due.chase_on,
        closed_at=(about.stopped_at or wait.closed_at) if status is Status.CLOSED else None,
        case=about.case,
        snoozed_until=about.snoozed_until(wait),
        notes=(*_facts(wait, thread, moved), *notes, *about.notes),
        waiting_days=(until - since).days,
        waiting_working_days=days.working_days_between(since, until),
        due=due,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _About:
    """What a person said of one thread."""

    thread: Thread
    decisions: Decisions
    ids: frozenset[str]
    address: str
    stopped_at: datetime | None = None
    case: str | None = None
    clock: str | None = None
    notes: tuple[str, ...] = ()

    @staticmethod
    def of(thread: Thread, decisions: Decisions) -> _About:
        ids = frozenset(placed.entry.message_id for placed in thread.placed)
        address = thread.council_mailbox.address

        def last(verb: Verb) -> str | None:
            said = decisions.about(verb, ids, address)
            return said[-1].value or None if said else None

        marks = decisions.about(Verb.MARK, ids, address)
        stopped = bool(marks) and marks[-1].value == STOP_WATCHING
        return _About(
            thread=thread,
            decisions=decisions,
            ids=ids,
            address=address,
            stopped_at=marks[-1].at if stopped else None,
            case=last(Verb.CASE),
            clock=last(Verb.CLOCK),
            notes=tuple(
                f"{local_day(o.at).isoformat()}, {o.value}: {o.note}".rstrip(": ")
                for o in decisions.about(Verb.LOG, ids, address)
            ),
        )

    def events(self) -> dict[str, date]:
        events: dict[str, date] = {}
        for override in self.decisions.about(Verb.EVENT, self.ids, self.address):
            name, _, on = override.value.partition("=")
            events[name.strip()] = date.fromisoformat(on.strip())
        return events

    def snoozed_until(self, wait: Wait) -> date | None:
        said = self.decisions.about(Verb.SNOOZE, frozenset(wait.message_ids), self.address)
        return date.fromisoformat(said[-1].value) if said else None


def _nothing_owed(thread: Thread) -> str:
    if any(placed.entry.classification.needs_no_reply for placed in thread.placed):
        return "your message needs no reply"
    return "they were only copied in, so no reply is owed"


def _due(
    wait: Wait, rule: Rule, about: _About, thread: Thread, reckoning: Reckoning
) -> tuple[Due, tuple[str, ...]]:
    """Compute the due day; a person's clock or event that does not fit is left out and said."""
    body = thread.council_mailbox.body
    start = wait.unanswered.at
    if about.clock is not None:
        try:
            events = about.events()
            due = reckoning.due(about.clock, start, body=body, calendar=None, events=events)
            return due, due.warnings
        except ConfigError as error:
            note = f"the clock {about.clock} was left out: {error.problem}"
    else:
        events = about.events()
        note = ""
        if events:
            try:
                due = reckoning.due(
                    rule.clock, start, body=body, calendar=rule.calendar, events=events
                )
                return due, due.warnings
            except ConfigError as error:
                note = f"what you told of events was left out: {error.problem}"
    due = reckoning.due(rule.clock, start, body=body, calendar=rule.calendar, events={})
    return due, (*((note,) if note else ()), *due.warnings)


def _moved(wait: Wait, due: Due, days: Calendar) -> tuple[date, date, str]:
    """Return due day and first day overdue, moved by a person's promise where one may move them.

    A service standard moves to the promised day, never earlier, and at most to the 20th working
    day after the holding reply. A statutory clock never moves.
    """
    unmoved = (due.due_on, due.overdue_from, "")
    if wait.promised_on is None or wait.promise_made_at is None:
        return unmoved
    if due.clock.legal_force not in _MOVABLE:
        return (due.due_on, due.overdue_from, "a promise does not move a clock set by law")
    latest = days.working_day_after(local_day(wait.promise_made_at), HOLDING_AT_MOST)
    promised = min(wait.promised_on, latest)
    if promised <= due.due_on:
        return unmoved
    words = f"the due day moved to {_written(promised)}, as a person promised"
    if promised < wait.promised_on:
        words = (
            f"the due day moved to {_written(promised)}, {HOLDING_AT_MOST} working days after"
            " the holding reply; a later promise moves it no further"
        )
    return promised, max(due.overdue_from, promised + _ONE_DAY), words


def _status(
    wait: Wait, about: _About, due: Due, due_on: date, overdue_from: date, today: date
) -> tuple[Status, str]:
    if about.stopped_at is not None:
        return Status.CLOSED, "you stopped watching it"
    if wait.answered_at is not None:
        return Status.ANSWERED, _answered_words(wait, due_on)
    if wait.closed_at is not None:
        how = {"answered": "you said it was answered", "no-reply-needed": "you said it needs none"}
        words = how.get(wait.closed_as, "you closed it")
        return Status.CLOSED, f"{words}: {wait.closed_note}" if wait.closed_note else words
    if wait.possible:
        return Status.REVIEW, f"there may be a reply: {doubt(wait.possible[-1])}"
    if wait.undelivered_at is not None:
        return Status.UNDELIVERED, f"it did not arrive: {wait.failure}".rstrip(": ")
    if not due.is_running:
        return Status.WAITING, "the clock stands still while they wait for something of yours"
    if due.clock.satisfied_by is SatisfiedBy.ACKNOWLEDGEMENT and wait.acknowledged_at is not None:
        return Status.WAITING, "acknowledged, which is all that this clock asks; not answered yet"
    if today >= overdue_from:
        if due_on > due.due_on:
            return Status.OVERDUE, "no human reply, and the day a person promised has passed"
        return Status.OVERDUE, f"no human reply after {due.clock.allowed}"
    last = overdue_from - _ONE_DAY
    return Status.WAITING, f"no human reply yet; the last day on time is {_written(last)}"


def _written(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _answered_words(wait: Wait, due_on: date) -> str:
    assert wait.answer is not None
    assert wait.answered_at is not None
    kind = wait.answer.entry.classification.kind
    who = "a system that answers" if kind is Kind.SYSTEM_ANSWER else "a person"
    on = local_day(wait.answered_at)
    words = f"answered by {who} on {_written(on)}"
    late = (on - due_on).days
    if late > 0:
        words += f", {late} {'day' if late == 1 else 'days'} after the due day"
    return words


def _facts(wait: Wait, thread: Thread, moved: str) -> tuple[str, ...]:
    notes = [moved] if moved else []
    for placed in (*((wait.answer,) if wait.answer else ()), *wait.possible):
        roles = {location.role for location in placed.entry.message.locations}
        if roles and roles <= _ASIDE.keys():
            folder = _ASIDE[min(roles, key=lambda role: role.value)]
            what = "their answer" if placed is wait.answer else "what may be their answer"
            notes.append(f"{what} is in your {folder} folder")
    if wait.answer is not None:
        if wait.answer.entry.classification.kind is Kind.SYSTEM_ANSWER:
            notes.append("the answer was sent by a system; have a look at it")
        if wait.answer.entry.classification.may_hold:
            notes.append("the answer may only say that somebody will see to it; have a look at it")
        if wait.answer.body != thread.council_mailbox.body:
            sender = sender_address(wait.answer.entry.message)
            notes.append(
                f"the answer came from {sender}, an address elsewhere ({wait.answer.link.evidence})"
            )
    if wait.failed and wait.undelivered_at is None:
        count = len(wait.failed)
        notes.append(f"{count} of your messages did not arrive; the wait counts from one that did")
    return tuple(notes)

"""The words of a digest: facts, kindly. Pure; the layout is in the templates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from inboxwatch.application.digest import Digest, NextStep, next_step
from inboxwatch.application.wording import no_reply_found, plural, times_words
from inboxwatch.domain.london import local
from inboxwatch.domain.plain import one_line
from inboxwatch.domain.reminders import Reminder
from inboxwatch.domain.verdict import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One reminder in words. `wait_percent` is its wait against the longest of the digest."""

    number: int
    thread_id: str
    step: str
    subject: str
    lines: tuple[str, ...]
    wait: str = ""
    wait_percent: int = 0
    undelivered: bool = False
    commands: tuple[tuple[str, str], ...] = ()  # what for, and what to type


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A whole digest in words."""

    subject: str
    opening: str
    undelivered: tuple[Section, ...]
    others: tuple[Section, ...]
    counts: tuple[tuple[str, str], ...]  # what, and the command that shows it
    troubles: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    example: str  # a thread id for the commands
    snooze_until: str  # ISO date
    answers_by_reply: bool


_SHOWN = 100  # reminders in one mail; a longer one is read by nobody and refused by servers
# What the reader may write as the first line of an answer, and what it says. The first digest
# item stands for all; docs/reminders.md has the rest.
REPLIES = (
    ("It was answered another way:", "done 1"),
    ("No reminders about it for 14 days:", "snooze 1 14"),
    ("They rang you, and it goes on:", "called 1: what they said"),
    ("No longer watch it:", "stop 1"),
)
_OPEN = (Status.WAITING, Status.OVERDUE, Status.UNDELIVERED)
_LETTERS = (
    NextStep.ASK_ABOUT_PROMISE,
    NextStep.CHASE,
    NextStep.CHASE_FIRMLY,
    NextStep.COMPLAIN,
    NextStep.ESCALATE,
)


def day(moment: date | datetime) -> str:
    """Return a local day as people say it: 1 June 2026."""
    on = local(moment) if isinstance(moment, datetime) else moment
    return f"{on.day} {on:%B %Y}"


def put_in_words(digest: Digest) -> Words:
    """Write the words of a digest."""
    situation = digest.situation
    waits = [r.waiting_working_days or 0 for r in digest.reminders]
    longest = max(waits) if len(waits) > 1 else 0  # a single bar would compare nothing
    sections = tuple(
        _section(number, reminder, as_of=situation.as_of, longest=longest)
        for number, reminder in enumerate(digest.reminders[:_SHOWN], start=1)
    )
    snooze_until = local(situation.as_of).date() + timedelta(days=14)
    return Words(
        subject=_subject(digest),
        opening=_opening(digest),
        undelivered=tuple(s for s in sections if s.undelivered),
        others=tuple(s for s in sections if not s.undelivered),
        counts=_counts(digest),
        troubles=tuple(
            (one_line(t.what, 300), one_line(t.remedy, 300)) for t in situation.troubles
        ),
        notes=tuple(one_line(note, 300) for note in situation.notes),
        example=sections[0].thread_id if sections else "",
        snooze_until=snooze_until.isoformat(),
        answers_by_reply=situation.answers_by_reply,
    )


def step_in_words(reminder: Reminder) -> str:
    """Say the next step as something to do."""
    match next_step(reminder):
        case NextStep.RESEND:
            return "Check the address and send it again. It did not arrive."
        case NextStep.ACT:
            return f"They ask something of you: {one_line(reminder.action or '', 200)}"
        case NextStep.ASK_ABOUT_PROMISE:
            promised = f" for {day(reminder.promised_on)}" if reminder.promised_on else ""
            return f"Ask about the answer they promised{promised}."
        case NextStep.CHASE:
            return "Send a short, friendly note to ask for a reply."
        case NextStep.CHASE_FIRMLY:
            asked = day(reminder.sent_at)
            return f"Ask again: mention your email of {asked} and ask for a date."
        case NextStep.COMPLAIN:
            times = times_words(reminder.chasers + 1)
            return f"You have written {times}. You could now make a formal complaint."
        case NextStep.ESCALATE:
            return "You could now ask someone outside the council to look at it."
        case NextStep.OWN_DEADLINE:
            last = day(reminder.own_last_on) if reminder.own_last_on else ""
            return f"A day of your own: you can {reminder.own_what} until {last}."


def _subject(digest: Digest) -> str:
    if not digest.reminders:
        return "inboxwatch: a note about your mail"
    first = digest.reminders[0]
    lead = {
        NextStep.RESEND: "Send again",
        NextStep.ACT: "They ask something of you",
        NextStep.ASK_ABOUT_PROMISE: "Ask about the promised answer",
        NextStep.CHASE: "Ask for a reply",
        NextStep.CHASE_FIRMLY: "Ask again",
        NextStep.COMPLAIN: "Next step",
        NextStep.ESCALATE: "Next step",
        NextStep.OWN_DEADLINE: "A day of your own",
    }[next_step(first)]
    others = len(digest.reminders) - 1
    more = f" and {others} more" if others else ""
    return f"{lead}: “{one_line(first.subject, 60) or 'no subject'}”{more}"


def _opening(digest: Digest) -> str:
    lost = sum(r.status is Status.UNDELIVERED for r in digest.reminders)
    waiting = sum(r.status in (Status.WAITING, Status.OVERDUE) for r in digest.reminders)
    own = len(digest.reminders) - lost - waiting
    parts = []
    if lost:
        parts.append(f"{plural(lost, 'email', 'emails')} of yours did not arrive")
    if waiting:
        is_or_are = "is" if waiting == 1 else "are"
        emails = plural(waiting, "email", "emails")
        parts.append(f"{emails} {is_or_are} still waiting for a reply")
    known = f". {no_reply_found(digest.situation.as_of)}" if waiting else ""
    if own:
        parts.append(plural(own, "day of your own is near", "days of your own are near"))
    if not parts:
        return "Nothing new is waiting for you."
    each = (
        "Here is one small next step for each."
        if len(digest.reminders) > 1
        else "Here is a next step."
    )
    return " and ".join(parts) + f"{known}. {each}"


def _section(number: int, reminder: Reminder, *, as_of: datetime, longest: int) -> Section:
    undelivered = reminder.status is Status.UNDELIVERED
    working = reminder.waiting_working_days
    wait = ""
    writes = next_step(reminder) in _LETTERS and reminder.rung is not None
    if working is not None and reminder.status in (Status.WAITING, Status.OVERDUE):
        wait = plural(working, "working day", "working days")
    return Section(
        number=number,
        thread_id=reminder.thread_id,
        step=step_in_words(reminder),
        subject=one_line(reminder.subject, 120) or "(no subject)",
        lines=tuple(_facts(reminder, as_of=as_of, wait=wait)),
        wait=wait,
        wait_percent=round(100 * (working or 0) / longest) if wait and longest else 0,
        undelivered=undelivered,
        commands=tuple(_commands(reminder, writes=writes)),
    )


def _commands(reminder: Reminder, *, writes: bool) -> Iterator[tuple[str, str]]:
    if reminder.suggested_clock:
        yield (
            f"This looks like {reminder.suggested_what}, which has a clock of its own. To use it:",
            f"inboxwatch clock {reminder.thread_id} {reminder.suggested_clock}",
        )
    if writes:
        yield "A letter for this step:", f"inboxwatch draft {reminder.thread_id}"


def _facts(reminder: Reminder, *, as_of: datetime, wait: str) -> list[str]:
    to = one_line(reminder.council_mailbox, 120)
    lines = [f"To {to}, sent {day(reminder.sent_at)}."]
    if reminder.status is Status.UNDELIVERED:
        lines.append("Their mail system sent it back, so nobody there has seen it.")
    elif reminder.own_last_on is not None and reminder.status not in _OPEN:
        lines.append("It runs from the decision that you noted. Take advice in good time.")
    else:
        lines += _waited(reminder, as_of=as_of, wait=wait)
    if reminder.chasers and reminder.last_chased_at is not None:
        times = times_words(reminder.chasers) + (", last" if reminder.chasers > 1 else "")
        lines.append(f"You asked again {times} on {day(reminder.last_chased_at)}.")
    if reminder.acknowledged_at is not None:
        on = day(reminder.acknowledged_at)
        lines.append(f"An automatic message of {on} says that it was received.")
    lines += _promise(reminder, as_of=as_of)
    if reminder.case:
        lines.append(f"Case: {one_line(reminder.case, 120)}.")
    if reminder.final:
        lines.append("This is the last reminder about this one.")
    elif reminder.step > 1:
        lines.append(f"This is reminder {reminder.step} about this one.")
    return lines


def _waited(reminder: Reminder, *, as_of: datetime, wait: str) -> list[str]:
    """Say how long, and by when, in one line; up to when that is known stands in the opening."""
    days = reminder.waiting_days
    total = f" ({plural(days, 'day', 'days')} in all)" if days is not None and wait else ""
    parts = [f"No reply found for {wait}{total}." if wait else ""]
    if reminder.due_on is not None:
        is_or_was = "was" if reminder.due_on < local(as_of).date() else "is"
        parts.append(f"The last day on time {is_or_was} {day(reminder.due_on)}.")
    line = " ".join(part for part in parts if part)
    return [line] if line else []


def _promise(reminder: Reminder, *, as_of: datetime) -> list[str]:
    lines = []
    if reminder.holding_at is not None:
        lines.append(f"Someone wrote on {day(reminder.holding_at)} that they will answer.")
    if reminder.promised_on is not None:
        promised = day(reminder.promised_on)
        has_passed = reminder.promised_on < local(as_of).date()
        lines.append(
            f"The day they promised, {promised}, has passed."
            if has_passed
            else f"They promised an answer by {promised}."
        )
    return lines


def _counts(digest: Digest) -> tuple[tuple[str, str], ...]:
    situation = digest.situation
    lines = []
    left_out = len(digest.reminders) - _SHOWN
    if left_out > 0:
        lines.append((f"{left_out:,} more. To see them all:", "inboxwatch list"))
    if situation.review:
        found = plural(situation.review, "message may be a reply", "messages may be replies")
        lines.append((f"{found}. Please have a look:", "inboxwatch list --status review"))
    if situation.unreadable:
        found = plural(situation.unreadable, "message", "messages")
        lines.append((f"{found} could not be read. To see which:", "inboxwatch list"))
    return tuple(lines)

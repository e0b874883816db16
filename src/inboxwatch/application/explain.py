"""Explain a verdict in words: why this status, how the days were counted, why each message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from inboxwatch.application.count_words import count_words
from inboxwatch.application.wording import (
    LINK_WORDS,
    STATUS_WORDS,
    day_words,
    moment_words,
    plural,
    times_words,
)
from inboxwatch.domain.due import Due
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.overrides import Override
from inboxwatch.domain.plain import one_line
from inboxwatch.domain.suggestions import suggest
from inboxwatch.domain.threads import Direction, LinkKind, Placed
from inboxwatch.domain.verdict import Status, Verdict

_MAX_EVIDENCE = 3
_TELLING = frozenset({"human", "system-answer", "unsure", "calendar", "bounce", "challenge"})
OBVIOUS = "you sent it"  # a reason that whoever sees the sender needs no more


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLine:
    """One message of a thread, for a reader."""

    message_id: str
    at: datetime
    direction: str
    who: str
    kind: str
    subject: str
    folder: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A verdict in words: a headline, facts as pairs, the count, the messages, the decisions."""

    thread_id: str
    subject: str
    status: str
    headline: str
    facts: tuple[tuple[str, str], ...]
    count: tuple[str, ...]
    messages: tuple[MessageLine, ...]
    decisions: tuple[str, ...]
    notes: tuple[str, ...]


def explain(
    verdict: Verdict,
    *,
    due: Due | None = None,
    decisions: tuple[Override, ...] = (),
    hints: bool = False,
) -> Explanation:
    """Put a verdict into words.

    Args:
        due: the count of the clock that runs, for the day-by-day account.
        decisions: what a person said about this thread and its messages.
        hints: with what only the user is to read: a clock that may fit, days of their own.
    """
    called = {p.entry.message_id: _called(p) for p in verdict.thread.placed}
    return Explanation(
        thread_id=verdict.thread.id,
        subject=one_line(verdict.thread.subject) or "(no subject)",
        status=verdict.status.value,
        headline=f"{STATUS_WORDS[verdict.status]}: {verdict.reason}",
        facts=(*_facts(verdict, due), *(_hints(verdict) if hints else ())),
        count=(*count_words(due), *_moved(verdict, due))
        if due is not None and _arrived(verdict)
        else (),
        messages=tuple(message_line(placed, called) for placed in verdict.thread.placed),
        decisions=tuple(_decision(o) for o in decisions),
        notes=verdict.notes,
    )


def condensed(messages: Sequence[MessageLine], most: int) -> tuple[MessageLine | str, ...]:
    """Return at most about so many messages, with words for what is left out.

    What decides stays: the first and the last of them, and whatever a person at the body wrote.
    Left out are runs of our own messages and of machines'.
    """
    if len(messages) <= most:
        return tuple(messages)
    ends = max(most // 3, 1)
    shown: list[MessageLine | str] = []
    skipped: list[MessageLine] = []
    for number, line in enumerate(messages):
        telling = line.direction == "received" and line.kind.partition(" ")[0] in _TELLING
        if number < ends or number >= len(messages) - ends or telling:
            shown += [_left_out(skipped)] if skipped else []
            skipped = []
            shown.append(line)
        else:
            skipped.append(line)
    return tuple(shown)


def _left_out(skipped: Sequence[MessageLine]) -> str:
    ours = sum(line.direction == "sent" for line in skipped)
    machines = len(skipped) - ours
    parts = [plural(ours, "more message") + " of yours"] if ours else []
    parts += [plural(machines, "automatic message")] if machines else []
    first, last = (moment_words(one.at).partition(",")[0] for one in (skipped[0], skipped[-1]))
    return f"{' and '.join(parts)}, {first} to {last}"


def _called(placed: Placed) -> str:
    whose = "your message" if placed.entry.direction is Direction.SENT else "their message"
    return f"{whose} of {moment_words(placed.at)}"


def _moved(verdict: Verdict, due: Due) -> list[str]:
    if verdict.due_on is None or verdict.due_on <= due.due_on:
        return []
    return [f"a person promised {day_words(verdict.due_on)}, so that day counts in its place"]


def message_line(placed: Placed, called: Mapping[str, str] | None = None) -> MessageLine:
    """Put one placed message into words.

    Args:
        called: what messages of the thread are called, by id, instead of their ids.
    """
    message, classification = placed.entry.message, placed.entry.classification
    why = []
    if placed.link.kind is not LinkKind.ROOT:
        words, evidence = LINK_WORDS[placed.link.kind], placed.link.evidence
        for one, name in (called or {}).items():
            evidence = evidence.replace(f"<{one}>", name)
        if called is None:  # ids alone mean little to a reader
            evidence = f"{words}: {evidence}" if evidence else words
        why.append(evidence or words)
    why += _reasons(placed)
    if classification.holding:
        why.append("only says that somebody will answer, so it answers nothing yet")
    if classification.may_hold:
        why.append("it may only say that somebody will see to it; in doubt it is an answer")
    return MessageLine(
        message_id=message.message_id,
        at=message.at,
        direction=placed.entry.direction.value,
        who=one_line(str(message.sender)) if message.sender else "(no sender)",
        kind=classification.kind.value + (" (your word)" if classification.by_hand else ""),
        subject=one_line(message.subject),
        folder=", ".join(dict.fromkeys(loc.folder for loc in message.locations)),
        why=tuple(one_line(reason, 160) for reason in why),
    )


def _reasons(placed: Placed) -> list[str]:
    """Return the weightiest evidence, each thing once; what speaks against the kind as such."""
    classification = placed.entry.classification
    kind, named = classification.kind, placed.link.kind is LinkKind.REFERENCES
    ordered = sorted(classification.evidence, key=lambda seen: -abs(seen.weight))
    speaks = [seen for seen in ordered if kind is Kind.UNSURE or seen.towards is kind]
    against = [seen for seen in ordered if seen not in speaks]
    reasons = [seen.text for seen in speaks if not (named and seen.row == "names a message")]
    reasons += [f"though {seen.text}" for seen in against[:1]]
    return list(dict.fromkeys(reasons))[:_MAX_EVIDENCE]


def _facts(verdict: Verdict, due: Due | None) -> list[tuple[str, str]]:
    facts = [
        ("council mailbox", f"{verdict.thread.council_mailbox.address}"),
        ("known up to", moment_words(verdict.as_of)),
    ]
    wait = verdict.wait
    if verdict.case:
        facts.append(("case", verdict.case))
    if wait is None:
        return facts
    since = "sent" if verdict.status is Status.UNDELIVERED else "waiting since"
    facts.append((since, moment_words(wait.unanswered.at)))
    if wait.chasers:
        last = wait.last_chased_at
        assert last is not None
        facts.append(
            (
                "asked again",
                f"{times_words(len(wait.chasers))}, last on {moment_words(last)};"
                " asking again never restarts the clock",
            )
        )
    for label, at in (
        ("acknowledged", wait.acknowledged_at),
        ("read", wait.read_at),
        ("deleted unread", wait.deleted_at),
        ("delivery delayed", wait.delayed_at),
        ("holding reply", wait.holding_at),
        ("not delivered", wait.undelivered_at),
        ("answered", wait.answered_at),
    ):
        if at is not None:
            facts.append((label, moment_words(at)))
    if wait.promised_on:
        facts.append(("promised by a person", day_words(wait.promised_on)))
    if wait.machine_promise:
        facts.append(("a machine said", f'"{one_line(wait.machine_promise, 120)}"'))
    if wait.action:
        facts.append(("what you can do", one_line(wait.action, 160)))
    if due is not None:
        facts.append(("clock", _clock_words(due)))
    arrived = _arrived(verdict)
    if verdict.due_on and arrived:
        facts.append(("due", f"by the end of {day_words(verdict.due_on)}"))
    if verdict.waiting_working_days is not None and arrived:
        facts.append(
            (
                "waited",
                f"{verdict.waiting_days} days, {verdict.waiting_working_days} of them working days",
            )
        )
    if verdict.snoozed_until:
        facts.append(("no reminders before", day_words(verdict.snoozed_until)))
    return facts


def _arrived(verdict: Verdict) -> bool:
    """Tell whether days count: what did not arrive was not late, and a due day would mislead."""
    return verdict.status is not Status.UNDELIVERED


def _hints(verdict: Verdict) -> list[tuple[str, str]]:
    hints = []
    suggestion = suggest(verdict)
    if suggestion is not None:
        hints.append(
            (
                "looks like",
                f"{suggestion.what} ({'; '.join(suggestion.evidence)}). To use its clock:"
                f" inboxwatch clock {verdict.thread.id} {suggestion.clock}",
            )
        )
    hints += [
        ("a day of your own", f"you can {own.what} until {day_words(own.last_on)} ({own.clock})")
        for own in verdict.own_deadlines
    ]
    return hints


def _clock_words(due: Due) -> str:
    clock = due.clock
    words = f"{clock.id}: {clock.title}" if clock.title else clock.id
    return f"{words} ({clock.citation})" if clock.citation else words


def _decision(override: Override) -> str:
    text = f"{moment_words(override.at)}, {override.by}: {override.verb.value} {override.value}"
    return f"{text.rstrip()}: {one_line(override.note)}" if override.note else text.rstrip()


def short_day(day: date) -> str:
    """Write a day for a narrow column."""
    return f"{day.day} {day:%b %Y}"

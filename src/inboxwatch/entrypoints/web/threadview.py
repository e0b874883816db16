"""A thread as its page shows it: messages, the line of time, the days counted. Pure values."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from inboxwatch.application.explain import OBVIOUS, MessageLine, message_line
from inboxwatch.application.wording import day_words, plural
from inboxwatch.domain.counting import CountedDay
from inboxwatch.domain.doubts import doubt, doubtful_answer
from inboxwatch.domain.due import Due
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.london import LONDON, local_day
from inboxwatch.domain.plain import many_lines, one_line
from inboxwatch.domain.threads import Direction, Placed, Standing
from inboxwatch.domain.verdict import Status, Verdict

_LONGEST_TEXT = 6000  # characters of a message on the page; the original holds the rest
_ROOM = 2  # percent of the line of time that stay free at both ends


def ref(message_id: str) -> str:
    """Return what a form calls a message: an id as a stranger wrote it has no place in a page."""
    return hashlib.sha256(message_id.encode("utf-8", "surrogatepass")).hexdigest()[:20]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One message on the page."""

    ref: str
    line: MessageLine
    why: tuple[str, ...]
    kind: Kind
    is_ours: bool
    text: str
    is_cut: bool
    to: str
    attachments: tuple[str, ...]
    is_root: bool
    in_doubt: str  # why it may or may not be a reply; empty when there is no doubt


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One message on the line of time."""

    x: float  # in percent
    shape: str  # sent, machine, person
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The line of time, from the first message to `as_of`."""

    first_on: datetime
    last_on: datetime
    dots: tuple[Dot, ...]
    due_x: float | None  # in percent


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Monday to Sunday of a count; None where the count has no such day."""

    label: str  # the month, where one begins
    monday: date
    days: tuple[CountedDay | None, ...]


def shown(verdict: Verdict) -> tuple[Shown, ...]:
    """Return the messages of a thread in order."""
    possible = verdict.wait.possible if verdict.wait else ()
    answer = doubtful_answer(verdict)
    doubts = {p.entry.message_id: doubt(p) for p in (*possible, *((answer,) if answer else ()))}
    return tuple(_shown(p, verdict, doubts) for p in verdict.thread.placed)


def _shown(placed: Placed, verdict: Verdict, doubts: dict[str, str]) -> Shown:
    message = placed.entry.message
    text = many_lines(message.own_text[:_LONGEST_TEXT]).strip()
    return Shown(
        ref=ref(message.message_id),
        line=message_line(placed),
        why=tuple(r for r in message_line(placed).why if r != OBVIOUS),
        kind=placed.entry.classification.kind,
        is_ours=placed.entry.direction is Direction.SENT,
        text=text,
        is_cut=len(message.own_text) > _LONGEST_TEXT,
        to=", ".join(one_line(str(one), 80) for one in message.recipients[:6]),
        attachments=tuple(one_line(a.name, 80) or "(no name)" for a in message.attachments[:12]),
        is_root=message.message_id == verdict.thread.root,
        in_doubt=doubts.get(message.message_id, ""),
    )


def standing(verdict: Verdict) -> str:
    """Say in a sentence or two how a thread stands: since when, how long, by when."""
    wait, status = verdict.wait, verdict.status
    answered = next((w for w in reversed(verdict.waits) if w.answered_at), None)
    if status is Status.ANSWERED and answered is not None and answered.answered_at is not None:
        asked, came = local_day(answered.unanswered.at), local_day(answered.answered_at)
        late = (came - verdict.due_on).days if verdict.due_on and verdict.due_on < came else 0
        after = f"; you had written on {day_words(asked)}"
        told = f", {plural(late, 'day')} after the last day on time" if late else ""
        return f"A reply came on {day_words(came)}{told}{after}."
    if wait is None or status in (Status.CLOSED, Status.ANSWERED):
        return f"{verdict.reason[:1].upper()}{verdict.reason[1:]}."
    asked = local_day(wait.unanswered.at)
    if status is Status.UNDELIVERED:
        return f"Your email of {day_words(asked)} did not arrive, so nobody there has seen it."
    days = plural(verdict.waiting_working_days or 0, "working day")
    parts = ["There may be a reply." if status is Status.REVIEW else ""]
    parts.append(f"{days} since you wrote on {day_words(asked)}.")
    if verdict.due_on is not None:
        is_or_was = "was" if verdict.due_on < local_day(verdict.as_of) else "is"
        parts.append(f"The last day on time {is_or_was} {day_words(verdict.due_on)}.")
    return " ".join(part for part in parts if part)


def is_doubtful_place(placed: Placed) -> bool:
    """Tell whether it is unsure that a message belongs here, rather than what it is."""
    return placed.standing is Standing.DOUBTED


def line_of_time(verdict: Verdict) -> Line:
    """Return where each message stands on the line of time."""
    first = verdict.thread.placed[0].at
    last = max(verdict.as_of, first + timedelta(days=1))
    span = (last - first).total_seconds()

    def x(moment: datetime) -> float:
        """Return a place in percent, with room for a dot at both ends."""
        share = min(max((moment - first).total_seconds() / span, 0), 1)
        return round(_ROOM + (100 - 2 * _ROOM) * share, 1)

    dots = []
    for placed in verdict.thread.placed:
        kind = placed.entry.classification.kind
        if placed.entry.direction is Direction.SENT:
            shape = "sent"
        else:
            shape = "person" if kind.stops_the_clock else "machine"
        dots.append(Dot(x=x(placed.at), shape=shape, words=kind.value))
    due_x = None
    if verdict.due_on is not None and verdict.status is not Status.UNDELIVERED:
        end = _end_of(verdict.due_on)
        due_x = x(end) if first <= end <= last else None
    return Line(first_on=first, last_on=last, dots=tuple(dots), due_x=due_x)


def _end_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 23, 59, tzinfo=LONDON)


def weeks(due: Due | None) -> tuple[Week, ...]:
    """Return the count week by week, for a table; none without a count of days."""
    if due is None or not due.count:
        return ()
    by_day = {counted.on: counted for counted in due.count}
    first, last = min(by_day), max(by_day)
    monday = first - timedelta(days=first.weekday())
    found, month = [], 0
    while monday <= last:
        days = tuple(by_day.get(monday + timedelta(days=n)) for n in range(7))
        start = next(d.on for d in days if d is not None) if any(days) else monday
        label = f"{start:%B}" if start.month != month else ""
        month = start.month
        found.append(Week(label=label, monday=monday, days=days))
        monday += timedelta(days=7)
    return tuple(found)

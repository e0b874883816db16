"""A thread as its page shows it: messages, the line of time, the days counted. Pure values."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from inboxwatch.application.explain import MessageLine, message_line
from inboxwatch.domain.counting import CountedDay
from inboxwatch.domain.due import Due
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.london import LONDON
from inboxwatch.domain.plain import many_lines, one_line
from inboxwatch.domain.threads import Direction, Placed, Standing
from inboxwatch.domain.verdict import Verdict

_LONGEST_TEXT = 6000  # characters of a message on the page; the original holds the rest
_OBVIOUS = "you sent it"  # said already by whose message it is
_WIDTH = 1000  # of the line of time, in its own units


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

    x: int
    shape: str  # sent, machine, person
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The line of time, from the first message to `as_of`."""

    first_on: datetime
    last_on: datetime
    dots: tuple[Dot, ...]
    due_x: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Monday to Sunday of a count; None where the count has no such day."""

    label: str  # the month, where one begins
    monday: date
    days: tuple[CountedDay | None, ...]


def shown(verdict: Verdict) -> tuple[Shown, ...]:
    """Return the messages of a thread in order."""
    possible = verdict.wait.possible if verdict.wait else ()
    doubts = {p.entry.message_id: p.why_doubted or _doubt(p) for p in possible}
    return tuple(_shown(p, verdict, doubts) for p in verdict.thread.placed)


def _doubt(placed: Placed) -> str:
    if placed.entry.classification.kind is Kind.CALENDAR:
        return "an invitation, which may be the answer"
    return "it could be a person's or a machine's"


def _shown(placed: Placed, verdict: Verdict, doubts: dict[str, str]) -> Shown:
    message = placed.entry.message
    text = many_lines(message.own_text[:_LONGEST_TEXT]).strip()
    return Shown(
        ref=ref(message.message_id),
        line=message_line(placed),
        why=tuple(r for r in message_line(placed).why if r != _OBVIOUS),
        kind=placed.entry.classification.kind,
        is_ours=placed.entry.direction is Direction.SENT,
        text=text,
        is_cut=len(message.own_text) > _LONGEST_TEXT,
        to=", ".join(one_line(str(one), 80) for one in message.recipients[:6]),
        attachments=tuple(one_line(a.name, 80) or "(no name)" for a in message.attachments[:12]),
        is_root=message.message_id == verdict.thread.root,
        in_doubt=doubts.get(message.message_id, ""),
    )


def is_doubtful_place(placed: Placed) -> bool:
    """Tell whether it is unsure that a message belongs here, rather than what it is."""
    return placed.standing is Standing.DOUBTED


def line_of_time(verdict: Verdict) -> Line:
    """Return where each message stands on the line of time."""
    first = verdict.thread.placed[0].at
    last = max(verdict.as_of, first + timedelta(days=1))
    span = (last - first).total_seconds()

    def x(moment: datetime) -> int:
        return round(_WIDTH * min(max((moment - first).total_seconds() / span, 0), 1))

    dots = []
    for placed in verdict.thread.placed:
        kind = placed.entry.classification.kind
        if placed.entry.direction is Direction.SENT:
            shape = "sent"
        else:
            shape = "person" if kind.stops_the_clock else "machine"
        dots.append(Dot(x=x(placed.at), shape=shape, words=kind.value))
    due_x = None
    if verdict.due_on is not None:
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

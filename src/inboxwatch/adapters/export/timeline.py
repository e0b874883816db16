"""Timelines: for each council mailbox, when each thread was written, asked again and answered."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from inboxwatch.application.listing import local_day
from inboxwatch.application.picture import Picture
from inboxwatch.domain.london import local_day as day_of
from inboxwatch.domain.plain import one_line
from inboxwatch.domain.verdict import Status, Verdict

_MOST_TICKS = 7
_MAY_BE_LATE = frozenset(("overdue", "waiting", "answered"))
_MOST_ROWS = 36  # so many fit a page


def timelines(picture: Picture, numbers: dict[str, int]) -> list[dict[str, Any]]:
    """Return a chart for each council mailbox; places on the axis are shares from 0 to 1.

    Args:
        numbers: of the threads that are listed, by id; others have no bar.
    """
    charts: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in picture.verdicts:
        if verdict.thread.id in numbers and verdict.waits:
            place = verdict.thread.council_mailbox
            charts.setdefault((place.body, place.address), []).append(verdict)
    today = day_of(picture.as_of)
    asked = [day_of(v.waits[0].unanswered.at) for found in charts.values() for v in found]
    first = min(asked, default=today)  # one axis for all, so that charts can be compared
    made = []
    for (_body, address), found in sorted(charts.items()):
        found.sort(key=lambda v: numbers[v.thread.id])
        for at in range(0, len(found), _MOST_ROWS):
            more = f", continued ({at // _MOST_ROWS + 1})" if at else ""
            part = found[at : at + _MOST_ROWS]
            made.append(_chart(address, more, part, numbers, first, today))
    return made


def _chart(
    address: str,
    more: str,
    verdicts: list[Verdict],
    numbers: dict[str, int],
    first: date,
    today: date,
) -> dict[str, Any]:
    span = max((today - first).days, 1)

    def at(day: date) -> float:
        return round(min(max((day - first).days / span, 0), 1), 4)

    return {
        "title": one_line(address) + more,
        "ticks": [[at(day), f"{day.day} {day:%b %y}"] for day in _ticks(first, today)],
        "rows": [
            {
                "number": numbers[v.thread.id],
                "waited": "" if v.waiting_working_days is None else str(v.waiting_working_days),
                "bars": [_bar(v, number, at, today) for number in range(len(v.waits))],
            }
            for v in verdicts
        ],
        "spoken": f"Timeline of {address}: "
        + "; ".join(f"thread {numbers[v.thread.id]}, {_words(v)}" for v in verdicts),
    }


def _bar(verdict: Verdict, number: int, at: Any, today: date) -> dict[str, Any]:
    wait = verdict.waits[number]
    is_last = number == len(verdict.waits) - 1
    end = local_day(wait.answered_at or wait.closed_at) or today
    if wait.answered_at is not None:
        state = "answered"
    elif not is_last or verdict.status is Status.CLOSED:
        state = "closed"
    else:
        state = verdict.status.value
    due = verdict.due_on if is_last and state in _MAY_BE_LATE else None
    return {
        "start": at(day_of(wait.unanswered.at)),
        "end": at(end),
        "due": None if due is None or due > end else at(due),
        "state": state,
        "chasers": [at(day_of(m.at)) for m in wait.chasers],
        "acknowledged": None if wait.acknowledged_at is None else at(day_of(wait.acknowledged_at)),
    }


def _words(verdict: Verdict) -> str:
    sent = day_of(verdict.waits[0].unanswered.at)
    days = verdict.waiting_working_days
    return f"from {sent.day} {sent:%b %Y}, {verdict.status.value}, {days} working days"


def _ticks(first: date, last: date) -> list[date]:
    """Return the first day of months between two days, as many as fit."""
    months = []
    day = first.replace(day=1)
    while day <= last:
        if day >= first:
            months.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    step = -(-len(months) // _MOST_TICKS) or 1
    return months[::step] or [first]

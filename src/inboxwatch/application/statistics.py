"""Statistics: how each council mailbox answers. Numbers out of a picture; no mail, no names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from inboxwatch.application.picture import Picture
from inboxwatch.domain.calendar import Calendar
from inboxwatch.domain.london import local_day
from inboxwatch.domain.survival import HALF, NINE_TENTHS, Spell, days_until, survival
from inboxwatch.domain.verdict import Status, Verdict, Wait


class Outcome(Enum):
    """What became of one question."""

    ANSWERED = "answered"
    NO_REPLY = "no-reply"
    UNSETTLED = "unsettled"  # a person has to look, or closed it by their own word
    UNDELIVERED = "undelivered"  # it never arrived, so nobody could answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question: where, when, what became of it, and how many working days that took.

    `spell` ends with the answer, with what may be one, with the user's own word, or at `as_of`.
    None for what was not delivered.
    """

    body: str
    council_mailbox: str
    month: str  # of asking, as "2026-03"
    outcome: Outcome
    acknowledged: bool
    chasers: int
    spell: Spell | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of a group. Questions that did not arrive count only in `undelivered`.

    `median_days` and `p90_days` are working days to a human reply; None when fewer than half (or
    nine in ten) are known to have one. `longest_days` is the longest wait still without a reply.
    """

    sent: int
    acknowledged: int
    answered: int
    no_reply: int
    unsettled: int
    undelivered: int
    chasers: int
    median_days: int | None
    p90_days: int | None
    longest_days: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Figures under a name: a council mailbox, a body or a month."""

    name: str
    body: str
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """All figures of a picture, and up to when they are known."""

    as_of: datetime
    calendar: str
    asked: tuple[Asked, ...]
    whole: Figures
    bodies: tuple[Group, ...]
    council_mailboxes: tuple[Group, ...]
    months: tuple[Group, ...]  # of each council mailbox's body, oldest first


_Key = Callable[[Asked], tuple[str, str]]


def statistics(picture: Picture, calendar: Calendar) -> Statistics:
    """Count what became of every question in a picture.

    Args:
        calendar: counts the working days.
    """
    asked = tuple(one for verdict in picture.verdicts for one in _asked(verdict, calendar))
    by_body = _grouped(asked, lambda a: (a.body, a.body))
    by_place = _grouped(asked, lambda a: (a.body, a.council_mailbox))
    by_month = _grouped(asked, lambda a: (a.body, a.month))
    return Statistics(
        as_of=picture.as_of,
        calendar=calendar.name,
        asked=asked,
        whole=figures(asked),
        bodies=by_body,
        council_mailboxes=by_place,
        months=by_month,
    )


def figures(asked: Iterable[Asked]) -> Figures:
    """Return the figures of some questions."""
    every = tuple(asked)
    arrived = tuple(a for a in every if a.outcome is not Outcome.UNDELIVERED)
    spells = tuple(a.spell for a in arrived if a.spell is not None)
    curve = survival(spells)
    open_days = [
        a.spell.days for a in arrived if a.outcome is Outcome.NO_REPLY and a.spell is not None
    ]
    return Figures(
        sent=len(arrived),
        acknowledged=sum(a.acknowledged for a in arrived),
        answered=sum(a.outcome is Outcome.ANSWERED for a in arrived),
        no_reply=len(open_days),
        unsettled=sum(a.outcome is Outcome.UNSETTLED for a in arrived),
        undelivered=len(every) - len(arrived),
        chasers=sum(a.chasers for a in arrived),
        median_days=days_until(curve, HALF),
        p90_days=days_until(curve, NINE_TENTHS),
        longest_days=max(open_days, default=None),
    )


def _asked(verdict: Verdict, calendar: Calendar) -> Iterable[Asked]:
    place = verdict.thread.council_mailbox
    for wait in verdict.waits:
        outcome, end = _outcome(wait, verdict)
        since = local_day(wait.unanswered.at)
        days = calendar.working_days_between(since, local_day(end))
        yield Asked(
            body=place.body,
            council_mailbox=place.address,
            month=f"{since:%Y-%m}",
            outcome=outcome,
            acknowledged=wait.acknowledged_at is not None and outcome is not Outcome.UNDELIVERED,
            chasers=len(wait.chasers),
            spell=None
            if outcome is Outcome.UNDELIVERED
            else Spell(days=days, answered=outcome is Outcome.ANSWERED),
        )


def _outcome(wait: Wait, verdict: Verdict) -> tuple[Outcome, datetime]:
    """Return what became of a wait, and when that was known."""
    if wait.answered_at is not None:
        return Outcome.ANSWERED, wait.answered_at
    status = verdict.status if wait is verdict.waits[-1] else Status.CLOSED
    if status is Status.CLOSED:
        return Outcome.UNSETTLED, min(
            wait.closed_at or verdict.closed_at or verdict.as_of, verdict.as_of
        )
    if status is Status.REVIEW:
        return Outcome.UNSETTLED, wait.possible[0].at
    if status is Status.UNDELIVERED:
        return Outcome.UNDELIVERED, verdict.as_of
    return Outcome.NO_REPLY, verdict.as_of


def _grouped(asked: Iterable[Asked], key: _Key) -> tuple[Group, ...]:
    groups: dict[tuple[str, str], list[Asked]] = {}
    for one in asked:
        groups.setdefault(key(one), []).append(one)
    return tuple(
        Group(name=name, body=body, figures=figures(groups[body, name]))
        for body, name in sorted(groups)
    )


def statistics_json(found: Statistics) -> dict[str, Any]:
    """Return the JSON of `stats`."""
    return {
        "as_of": local_day(found.as_of).isoformat(),
        "calendar": found.calendar,
        "all": asdict(found.whole),
        "bodies": [_group_json(group, "body") for group in found.bodies],
        "council_mailboxes": [
            _group_json(group, "council_mailbox") for group in found.council_mailboxes
        ],
        "months": [_group_json(group, "month") for group in found.months],
    }


def _group_json(group: Group, name: str) -> dict[str, Any]:
    return {"body": group.body, name: group.name, **asdict(group.figures)}

"""The overview: light facts of every thread, and who is silent since when. Pure values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from inboxwatch.application.nextstep import needs_you, next_step
from inboxwatch.application.picture import ORDER, UNANSWERED, Picture
from inboxwatch.application.ports import Transaction
from inboxwatch.domain.london import local_day
from inboxwatch.domain.plain import one_line
from inboxwatch.domain.verdict import Status, Verdict

NEEDS_YOU = "needs-you"
OPEN = "open"
EVERYTHING = "everything"
# What the status filter takes, in the order shown.
CHOICES = (OPEN, NEEDS_YOU, *(status.value for status in ORDER), EVERYTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thread in a list. Texts are harmless in one line."""

    person: str
    id: str
    status: Status
    body: str
    council_mailbox: str
    subject: str
    case: str | None
    reason: str
    step: str
    needs_you: bool
    began_at: datetime
    sent_on: date
    due_on: date | None
    waiting_days: int | None
    waiting_working_days: int | None
    chasers: int
    acknowledged_on: date | None
    snoozed_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """One council mailbox that owes replies: how many, since when, how long (working days)."""

    council_mailbox: str
    body: str
    overdue: int
    waiting: int
    since: date
    working_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Every thread in order, with counts and what can be filtered by."""

    as_of: datetime | None  # the earliest of all people's; None when nothing is known
    rows: tuple[Row, ...] = ()
    counts: dict[Status, int] = field(default_factory=dict, hash=False)
    bodies: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    silent: tuple[Silent, ...] = ()

    @property
    def to_do(self) -> int:
        """How many threads need the user."""
        return sum(row.needs_you for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which rows are wanted; empty texts want all."""

    status: str = OPEN
    body: str = ""
    case: str = ""
    council_mailbox: str = ""
    person: str = ""
    words: str = ""

    def takes(self, row: Row) -> bool:
        """Tell whether a row is wanted."""
        if self.status == NEEDS_YOU:
            wanted = row.needs_you
        elif self.status == OPEN:
            wanted = row.status in UNANSWERED
        else:
            wanted = self.status in (EVERYTHING, row.status.value)
        return (
            wanted
            and self.body in ("", row.body)
            and self.case in ("", row.case)
            and self.council_mailbox in ("", row.council_mailbox)
            and self.person in ("", row.person)
            and (not self.words or self._is_named(row))
        )

    def _is_named(self, row: Row) -> bool:
        return self.words.casefold() in f"{row.subject}\n{row.council_mailbox}".casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A part of the rows that were wanted. `number` counts from 1."""

    rows: tuple[Row, ...]
    number: int
    pages: int
    total: int


def overview_of(person: str, picture: Picture) -> Overview:
    """Take the light facts out of a picture."""
    return _made(picture.as_of, (_row(person, verdict) for verdict in picture.verdicts))


def together(overviews: Iterable[Overview]) -> Overview:
    """Make one overview of several people's."""
    every = tuple(overviews)
    if len(every) == 1:
        return every[0]
    known = [one.as_of for one in every if one.as_of is not None]
    rows = sorted(
        (row for one in every for row in one.rows),
        key=lambda row: (ORDER.index(row.status), row.began_at, row.id),
    )
    return _made(min(known, default=None), rows)


def page_of(overview: Overview, wanted: Filter, *, number: int, size: int) -> Page:
    """Return one page of the rows that are wanted; a number out of range gives the nearest."""
    rows = tuple(row for row in overview.rows if wanted.takes(row))
    pages = max(1, -(-len(rows) // size))
    number = min(max(number, 1), pages)
    shown = rows[(number - 1) * size : number * size]
    return Page(rows=shown, number=number, pages=pages, total=len(rows))


def mail_revision(tx: Transaction, person: str, accounts: Iterable[str]) -> object:
    """Return a value that changes when what is known of a person's mail does. Cheap."""
    polls = [
        (account, record and record.ended_at)
        for account in accounts
        for record in (tx.last_poll(account), tx.last_complete_poll(account))
    ]
    counts = tx.counts(person)
    return (*polls, counts.messages, counts.unreadable)


def _made(as_of: datetime | None, rows: Iterable[Row]) -> Overview:
    kept = tuple(rows)
    return Overview(
        as_of=as_of,
        rows=kept,
        counts=dict(Counter(row.status for row in kept)),
        bodies=tuple(sorted({row.body for row in kept})),
        cases=tuple(sorted({row.case for row in kept if row.case})),
        silent=_silent(kept),
    )


def _row(person: str, verdict: Verdict) -> Row:
    wait, thread = verdict.wait, verdict.thread
    began_at = wait.unanswered.at if wait else thread.placed[0].entry.at
    acknowledged = wait.acknowledged_at if wait else None
    return Row(
        person=person,
        id=thread.id,
        status=verdict.status,
        body=thread.council_mailbox.body,
        council_mailbox=thread.council_mailbox.address,
        subject=one_line(thread.subject, 160) or "(no subject)",
        case=verdict.case,
        reason=one_line(verdict.reason, 200),
        step=next_step(verdict),
        needs_you=needs_you(verdict),
        began_at=began_at,
        sent_on=local_day(began_at),
        due_on=verdict.due_on,
        waiting_days=verdict.waiting_days,
        waiting_working_days=verdict.waiting_working_days,
        chasers=len(wait.chasers) if wait else 0,
        acknowledged_on=local_day(acknowledged) if acknowledged else None,
        snoozed_until=verdict.snoozed_until,
    )


def _silent(rows: tuple[Row, ...]) -> tuple[Silent, ...]:
    """Group what is owed by council mailbox, the longest silence first."""
    found: dict[str, Silent] = {}
    for row in rows:
        if row.status not in (Status.OVERDUE, Status.WAITING):
            continue
        is_late = row.status is Status.OVERDUE
        days = row.waiting_working_days or 0
        before = found.get(row.council_mailbox)
        if before is None:
            found[row.council_mailbox] = Silent(
                council_mailbox=row.council_mailbox,
                body=row.body,
                overdue=int(is_late),
                waiting=int(not is_late),
                since=row.sent_on,
                working_days=days,
            )
        else:
            found[row.council_mailbox] = replace(
                before,
                overdue=before.overdue + is_late,
                waiting=before.waiting + (not is_late),
                since=min(before.since, row.sent_on),
                working_days=max(before.working_days, days),
            )
    return tuple(
        sorted(found.values(), key=lambda s: (-s.working_days, s.since, s.council_mailbox))
    )

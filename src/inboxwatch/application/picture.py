"""The picture: everything known of a person's mail as of one moment. A value, made by `draw`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from inboxwatch.application.records import NotScanned
from inboxwatch.domain.message import Unreadable
from inboxwatch.domain.threads import Assembly, Unplaced
from inboxwatch.domain.verdict import Status, Verdict

# What needs the reader first stands first.
ORDER = (
    Status.UNDELIVERED,
    Status.OVERDUE,
    Status.REVIEW,
    Status.WAITING,
    Status.ANSWERED,
    Status.CLOSED,
)
UNANSWERED = frozenset({Status.UNDELIVERED, Status.OVERDUE, Status.REVIEW, Status.WAITING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """What was looked at: counts and names, and what could not be."""

    messages: int = 0
    folders: tuple[str, ...] = ()
    not_scanned: tuple[NotScanned, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Verdicts on every thread of a person, with what stands beside them."""

    as_of: datetime
    threshold: str  # in words: "10 working days"
    calendar: str
    verdicts: tuple[Verdict, ...]
    assembly: Assembly
    unreadable: tuple[Unreadable, ...] = ()
    scanned: Scanned = Scanned()
    notices: tuple[str, ...] = ()  # what a reader must know: a stalled poll, a guessed as_of

    @property
    def unplaced(self) -> tuple[Unplaced, ...]:
        """Council mail that belongs to no thread."""
        return self.assembly.unplaced

    def with_status(self, *statuses: Status) -> tuple[Verdict, ...]:
        """Return the verdicts of some statuses, in order."""
        return tuple(v for v in self.verdicts if v.status in statuses)


def in_order(verdicts: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
    """Sort verdicts: what needs the reader first, then the longest wait."""

    def key(verdict: Verdict) -> tuple[int, datetime, str]:
        start = verdict.wait.unanswered.at if verdict.wait else verdict.thread.placed[0].entry.at
        return (ORDER.index(verdict.status), start, verdict.thread.id)

    return tuple(sorted(verdicts, key=key))


def chosen(
    picture: Picture,
    *,
    statuses: frozenset[Status] = frozenset(),
    body: str | None = None,
    case: str | None = None,
) -> Picture:
    """Return the picture with only some verdicts; every condition given must hold."""
    return replace(
        picture,
        verdicts=tuple(
            v
            for v in picture.verdicts
            if (not statuses or v.status in statuses)
            and (body is None or v.thread.council_mailbox.body == body)
            and (case is None or v.case == case)
        ),
    )

"""What waits for a person's word: possible replies, and council mail that has no place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from inboxwatch.application.picture import UNANSWERED
from inboxwatch.domain.doubts import doubtful_answer
from inboxwatch.domain.plain import many_lines, one_line
from inboxwatch.domain.threads import Unplaced
from inboxwatch.domain.verdict import Status, Verdict
from inboxwatch.entrypoints.web.pictures import Seen
from inboxwatch.entrypoints.web.threadview import Shown, ref, shown

_CHOICES = 30  # threads offered for one message
_TEXT = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A thread with the messages that may or may not answer, the newest last."""

    person: str
    verdict: Verdict
    possible: tuple[Shown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loose:
    """Council mail that belongs to no thread, and where it could go."""

    person: str
    ref: str
    at: datetime
    who: str
    subject: str
    text: str
    reason: str
    choices: tuple[tuple[str, str], ...]  # thread id, subject and council mailbox


def in_doubt(seen: Iterable[Seen]) -> list[tuple[Seen, Verdict]]:
    """Return every thread in review, with whose it is."""
    return [(one, v) for one in seen for v in one.picture.with_status(Status.REVIEW)]


def answered_in_doubt(seen: Iterable[Seen]) -> list[tuple[Seen, Verdict]]:
    """Return the threads whose answer may only hold, the newest answer first."""
    found = [
        (answer.entry.at, one, v)
        for one in seen
        for v in one.picture.with_status(Status.ANSWERED)
        if (answer := doubtful_answer(v)) is not None
    ]
    found.sort(key=lambda of: of[0], reverse=True)
    return [(one, verdict) for _at, one, verdict in found]


def doubt(seen: Seen, verdict: Verdict) -> Doubt:
    """Return what is to be looked at in one thread."""
    return Doubt(
        person=seen.person,
        verdict=verdict,
        possible=tuple(m for m in shown(verdict) if m.in_doubt),
    )


def standing_in(seen: Seen, message_ids: Iterable[str]) -> dict[str, Verdict]:
    """Return the thread that each of some messages stands in; none for those without a place."""
    wanted = set(message_ids)
    return {
        placed.entry.message_id: verdict
        for verdict in seen.picture.verdicts
        for placed in verdict.thread.placed
        if placed.entry.message_id in wanted
    }


def without_place(seen: Iterable[Seen], *, body: str | None = None) -> list[tuple[Seen, Unplaced]]:
    """Return the council mail that belongs to no thread, the newest first."""
    found = [(s, item) for s in seen for item in s.picture.unplaced if body in (None, item.body)]
    return sorted(found, key=lambda pair: pair[1].entry.at, reverse=True)


def loose(seen: Seen, item: Unplaced, *, with_choices: bool = True) -> Loose:
    """Return one of these as it is shown, with the threads it could belong to."""
    message = item.entry.message
    return Loose(
        person=seen.person,
        ref=ref(message.message_id),
        at=item.entry.at,
        who=one_line(str(message.sender or ""), 100),
        subject=one_line(message.subject, 160) or "(no subject)",
        text=many_lines(message.own_text[:_TEXT]).strip(),
        reason=one_line(item.reason, 160),
        choices=_choices(seen, item) if with_choices else (),
    )


def _choices(seen: Seen, item: Unplaced) -> tuple[tuple[str, str], ...]:
    """Return the open threads of its body that were there when the message came."""
    fitting = (
        (row.id, f"{row.subject} ({row.council_mailbox})")
        for row in seen.overview.rows
        if row.body == item.body and row.status in UNANSWERED and row.began_at <= item.entry.at
    )
    return tuple(islice(fitting, _CHOICES))

"""The days to keep in mind: what a council owes by when, and the user's own last days. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from inboxwatch.application.wording import DISCLAIMER, day_words
from inboxwatch.domain.london import local_day
from inboxwatch.domain.plain import one_line
from inboxwatch.domain.verdict import Status, Verdict, Wait

_WAITING = (Status.WAITING, Status.OVERDUE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """A whole day in a calendar. `uid` stays the same as long as it is about the same message."""

    uid: str
    on: date
    title: str
    text: str


def agenda(verdicts: Iterable[Verdict]) -> tuple[Occasion, ...]:
    """Return every due day, in order: the council's, a promised one, the softer one, the user's.

    What is answered or closed owes nothing; the user's own days stay as long as they run.
    """
    found = [occasion for verdict in verdicts for occasion in _of(verdict)]
    return tuple(sorted(found, key=lambda o: (o.on, o.uid)))


def _of(verdict: Verdict) -> list[Occasion]:
    wait = verdict.wait
    if wait is None:
        return []
    subject = one_line(verdict.thread.subject, 80) or "(no subject)"
    to = verdict.thread.council_mailbox.address
    sent = day_words(local_day(wait.unanswered.at))
    about = f"“{subject}”, sent to {to} on {sent}. Thread {verdict.thread.id}."
    days: list[tuple[str, date, str, str]] = []
    if verdict.status in _WAITING:
        if verdict.due_on is not None:
            how = f" Counted by {verdict.clock}." if verdict.clock else ""
            days.append(("due", verdict.due_on, f"Reply due: {subject}", f"{about}{how}"))
        if verdict.chase_on is not None and verdict.chase_on != verdict.due_on:
            days.append(("chase", verdict.chase_on, f"Time to ask again: {subject}", about))
        if wait.promised_on is not None and wait.promised_on != verdict.due_on:
            promised = f"They promised an answer by this day. {about}"
            days.append(("promised", wait.promised_on, f"Answer promised: {subject}", promised))
    if verdict.status is not Status.CLOSED or wait.closed_as == "answered":
        days += [
            (own.clock, own.last_on, f"Your last day: {subject}", f"You can {own.what}. {about}")
            for own in verdict.own_deadlines
        ]
    return [
        Occasion(uid=_uid(verdict, wait, kind), on=on, title=title, text=f"{text} {DISCLAIMER}")
        for kind, on, title, text in days
    ]


def _uid(verdict: Verdict, wait: Wait, kind: str) -> str:
    address = verdict.thread.council_mailbox.address
    named = "\0".join((address, wait.unanswered.message_id, kind))
    digest = hashlib.sha256(named.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"{digest}@calendar.inboxwatch.invalid"

"""Waits: each question of ours in a thread and what came of it. Pure; knows no clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.links import named
from inboxwatch.domain.message import Message
from inboxwatch.domain.overrides import NONE, Decisions, Override, Verb
from inboxwatch.domain.sides import MACHINE_KINDS, is_ours
from inboxwatch.domain.threads import Placed, Standing, Thread
from inboxwatch.domain.verdict import Wait

STOP_WATCHING = "stop-watching"
WATCH = "watch"


def asks(message: Message, address: str) -> bool:
    """Tell whether a message of ours asks a council mailbox, not only copies it in."""
    to = message.to or (() if message.cc else message.bcc)
    return any(one.address == address for one in to)


def waits(
    thread: Thread, decisions: Decisions = NONE, *, as_of: datetime | None = None
) -> tuple[Wait, ...]:
    """Return every wait of a thread, oldest first; only the last can still be open.

    The oldest unanswered message of ours starts one; those that follow before a person answers
    are chasers. Only a person of the body (or a system that answers) ends it.

    Args:
        as_of: mail that came after it is ignored; a person's decisions never are.
    """
    address = thread.council_mailbox.address
    known = tuple(p for p in thread.placed if as_of is None or p.at <= as_of)
    marks = decisions.about(
        Verb.MARK, frozenset(p.entry.message_id for p in thread.placed), address
    )
    failures = _failures(known)
    made: list[_Draft] = []
    for placed in known:
        current = made[-1] if made else None
        if is_ours(placed.entry):
            message = placed.entry.message
            if placed.entry.classification.needs_no_reply or not asks(message, address):
                continue
            if current is None or current.answer is not None or _is_over(current, placed, marks):
                made.append(_Draft(asked=[placed], failures=failures))
            else:
                current.asked.append(placed)
        elif current is not None:
            _note(placed, made)
    return tuple(draft.wait(marks) for draft in made)


def _failures(known: tuple[Placed, ...]) -> dict[str, Placed]:
    """Return the report of each message of ours that did not arrive, by its id."""
    failed: dict[str, Placed] = {}
    before: list[str] = []
    for placed in known:
        if is_ours(placed.entry):
            before.append(placed.entry.message_id)
        elif placed.entry.classification.kind is Kind.BOUNCE:
            direct = [one for one in named(placed.entry.message) if one in before]
            if direct or before:
                failed.setdefault(direct[0] if direct else before[-1], placed)
    return failed


def _is_over(current: _Draft, placed: Placed, marks: tuple[Override, ...]) -> bool:
    """Tell whether a person had closed a wait before a message of ours."""
    closing = _closing(current.ids, marks)
    return closing is not None and closing.value != STOP_WATCHING and closing.at < placed.entry.at


def _closing(ids: frozenset[str], marks: tuple[Override, ...]) -> Override | None:
    """Return a person's last word on a wait, when that was to close it."""
    about = [mark for mark in marks if mark.target in ids]
    return about[-1] if about and about[-1].value != WATCH else None


def _note(placed: Placed, made: list[_Draft]) -> None:
    """Enter a received message where it belongs: the wait it names, else the last."""
    kind = placed.entry.classification.kind
    if kind in MACHINE_KINDS:
        if placed.standing is Standing.COUNTS:
            ids = named(placed.entry.message)
            about = next((d for d in made if not d.ids.isdisjoint(ids)), made[-1])
            about.machines.append(placed)
        return
    current = made[-1]
    if current.answer is not None or placed.standing is Standing.CONTEXT:
        return
    classification = placed.entry.classification
    if placed.standing is Standing.COUNTS and kind.stops_the_clock:
        if classification.holding:
            current.holding.append(placed)
        else:
            current.answer = placed
    elif kind.needs_review or (kind.stops_the_clock and not classification.holding):
        current.possible.append(placed)


@dataclass(slots=True)
class _Draft:
    """A wait while the thread is walked through."""

    asked: list[Placed]
    failures: dict[str, Placed]
    machines: list[Placed] = field(default_factory=list)
    holding: list[Placed] = field(default_factory=list)
    possible: list[Placed] = field(default_factory=list)
    answer: Placed | None = None

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(placed.entry.message_id for placed in self.asked)

    def _first(self, *kinds: Kind) -> Placed | None:
        return next((p for p in self.machines if p.entry.classification.kind in kinds), None)

    def wait(self, marks: tuple[Override, ...]) -> Wait:
        arrived = [p for p in self.asked if p.entry.message_id not in self.failures]
        failed = [p for p in self.asked if p.entry.message_id in self.failures]
        reports = [self.failures[p.entry.message_id] for p in failed]
        asked = arrived or self.asked
        acknowledged = next(
            (p for p in self.machines if p.entry.classification.kind.acknowledges), None
        )
        delayed = self._first(Kind.DELAY)
        challenge = self._first(Kind.CHALLENGE)
        elsewhere = next((p for p in self.possible if p.entry.classification.action), None)
        promise = next(
            (p for p in reversed(self.holding) if p.entry.classification.promised_on), None
        )
        machine_promise = next(
            (
                p.entry.classification.machine_promise
                for p in self.machines
                if p.entry.classification.machine_promise
            ),
            None,
        )
        about = [mark for mark in marks if mark.target in self.ids]
        closing = _closing(self.ids, marks)
        looked_at = max((m.at for m in about if m.value == WATCH), default=None)
        undelivered = reports[-1] if reports and not arrived and self.answer is None else None
        return Wait(
            unanswered=asked[0].entry.message,
            chasers=tuple(p.entry.message for p in asked[1:]),
            failed=tuple(p.entry.message for p in failed),
            acknowledged_at=acknowledged.at if acknowledged else None,
            read_at=self._receipt("read"),
            deleted_at=self._receipt("deleted"),
            delayed_at=delayed.at if delayed and not failed else None,
            holding_at=self.holding[0].at if self.holding else None,
            promised_on=promise.entry.classification.promised_on if promise else None,
            promise_made_at=promise.at if promise else None,
            undelivered_at=undelivered.at if undelivered else None,
            answered_at=self.answer.at if self.answer else None,
            answer=self.answer,
            possible=tuple(p for p in self.possible if looked_at is None or p.at > looked_at),
            action=_action_of(challenge or elsewhere),
            machine_promise=machine_promise,
            failure=_failure_words(undelivered) if undelivered else "",
            closed_at=closing.at if closing else None,
            closed_as=closing.value if closing else "",
            closed_note=closing.note if closing else "",
        )

    def _receipt(self, wanted: str) -> datetime | None:
        for placed in self.machines:
            if placed.entry.classification.kind is Kind.RECEIPT and receipt_says(placed) == wanted:
                return placed.at
        return None


def receipt_says(placed: Placed) -> str:
    """Return what a receipt tells: "read", "deleted", or an empty string."""
    message = placed.entry.message
    disposition = message.report.disposition if message.report else ""
    if disposition in ("displayed", "read"):
        return "read"
    if disposition:
        return "deleted" if disposition == "deleted" else ""
    subject = message.subject.strip().casefold()
    if subject.startswith("not read:"):
        return "deleted"
    return "read" if subject.startswith("read:") else ""


def _action_of(placed: Placed | None) -> str | None:
    return None if placed is None else placed.entry.classification.action or ""


def _failure_words(placed: Placed) -> str:
    report = placed.entry.message.report
    for one in report.recipients if report else ():
        words = " ".join(part for part in (one.status, one.diagnostic) if part)
        if words:
            return f"{one.address}: {words}" if one.address else words
    return placed.entry.message.subject

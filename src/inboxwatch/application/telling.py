"""Decide what a picture makes worth telling, and file it for the right day. Never sends."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime

from inboxwatch.application.digest import Situation, Trouble, newly_answered
from inboxwatch.application.filing import Filed, file, file_alert
from inboxwatch.application.gate import last_digest_on
from inboxwatch.application.notes import notes_to_tell
from inboxwatch.application.pausing import paused_cases, silenced
from inboxwatch.application.picture import Picture, in_order
from inboxwatch.application.ports import Notifier, Transaction
from inboxwatch.application.records import Delivery
from inboxwatch.application.slots import Slots, is_urgent
from inboxwatch.domain.calendar import Calendar
from inboxwatch.domain.london import local_day
from inboxwatch.domain.planning import plan, refreshed
from inboxwatch.domain.reminders import Reminder, ReminderPolicy
from inboxwatch.domain.verdict import Status, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a person wants to be told.

    `calendar` counts the working days between repeats. `answers_by_reply`: digests say that they
    can be answered. `even_empty`: on a regular day one comes though there is nothing to tell.
    """

    policy: ReminderPolicy
    slots: Slots
    calendar: Calendar
    answers_by_reply: bool = False
    even_empty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What a review found, as far as it is to be told.

    `verdicts` are those on every thread that may stand otherwise than at the last review; the
    others were told of then. `review` counts the threads in review, all of them. `about` gives
    the verdicts on the threads of some messages; None says that `verdicts` are all there are.
    `reached` are messages that were judged, also such as stand in no thread any more. `checked`
    marks deliveries (`mark_of`) that said what was known at the last review.
    """

    as_of: datetime
    verdicts: tuple[Verdict, ...]
    review: int = 0
    unreadable: int = 0
    about: Callable[[Iterable[str]], tuple[Verdict, ...]] | None = None
    reached: Set[str] = frozenset()
    checked: frozenset[str] = frozenset()

    @staticmethod
    def of(picture: Picture) -> Findings:
        """Tell of all that a picture shows."""
        return Findings(
            as_of=picture.as_of,
            verdicts=picture.verdicts,
            review=len(picture.with_status(Status.REVIEW)),
            unreadable=len(picture.unreadable),
        )


def mark_of(delivery: Delivery) -> str:
    """Return a short text for a delivery in its present state."""
    whole = f"{delivery.id}|{delivery.state.value}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(whole).hexdigest()[:16]


class _Facts:
    """Gives filed reminders the facts of now, as far as a review has to find them out."""

    def __init__(self, findings: Findings, verdicts: tuple[Verdict, ...], today: date) -> None:
        self._findings = findings
        self._today = today
        self._by_message: dict[str, list[Verdict]] = {}
        for verdict in verdicts:
            for placed in verdict.thread.placed:
                self._by_message.setdefault(placed.entry.message_id, []).append(verdict)

    def touched(self, delivery: Delivery, reminder: Reminder) -> bool:
        """Tell whether a waiting reminder may be otherwise than when it was last looked at."""
        if self._findings.about is None or mark_of(delivery) not in self._findings.checked:
            return True
        known = self._by_message.keys() | self._findings.reached
        return not known.isdisjoint(_ids(reminder))

    def refresh(self, reminder: Reminder, cases: Mapping[str, date]) -> Reminder | None:
        """Return a reminder with the facts of now; None when it is settled."""
        ids = _ids(reminder)
        found = {v.thread.id: v for one in ids for v in self._by_message.get(one, ())}
        if self._findings.about is not None:
            further = silenced(self._findings.about(ids), cases)
            found = {v.thread.id: v for v in further} | found
        return refreshed(reminder, in_order(tuple(found.values())), today=self._today)


def _ids(reminder: Reminder) -> tuple[str, ...]:
    return tuple(dict.fromkeys((reminder.key.unanswered, *reminder.covers)))


def tell(
    tx: Transaction,
    targets: Iterable[Notifier],
    person: str,
    findings: Findings,
    *,
    now: datetime,
    manner: Manner,
    troubles: tuple[Trouble, ...] = (),
) -> Filed:
    """File the reminders that are due with what is to be sent; doing it twice files nothing new.

    Args:
        now: aware UTC; only decides when a digest may go out, never what is late.
    """
    notifiers = tuple(targets)
    today = local_day(now)
    slots = manner.slots
    cases = paused_cases(tx, today)
    verdicts = silenced(findings.verdicts, cases)
    facts = _Facts(findings, verdicts, today)
    if findings.about is None:
        before = tx.filed_reminders(person)
    else:
        ids = {one for v in verdicts for wait in v.waits for one in wait.message_ids}
        before = tx.reminders_about(person, sorted(ids))
    last_on = {target.name: last_digest_on(tx, person, target.name) for target in notifiers}
    wants_one = manner.even_empty and slots.is_regular(today) and today not in last_on.values()
    filed = file(
        tx,
        notifiers,
        person=person,
        reminders=plan(
            verdicts,
            filed=before,
            as_of=findings.as_of,
            policy=manner.policy,
            working_days=manner.calendar.working_days_between,
            today=today,
        ),
        situation=Situation(
            as_of=findings.as_of,
            review=findings.review,
            unreadable=findings.unreadable,
            troubles=troubles,
            notes=notes_to_tell(tx, person),
            answers_by_reply=manner.answers_by_reply,
        ),
        at=now,
        answered=newly_answered(findings.verdicts, before),
        refresh=lambda reminder: facts.refresh(reminder, cases),
        touched=facts.touched,
        not_before=lambda target, held: slots.next_after(
            now, last_sent_on=last_on[target], urgent=is_urgent(held)
        ),
        even_empty=today.isoformat() if wants_one else "",
    )
    file_alert(
        tx, notifiers, person=person, troubles=troubles, as_of=findings.as_of, at=now, on=today
    )
    return filed

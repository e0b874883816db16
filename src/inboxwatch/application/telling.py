"""Decide what a picture makes worth telling, and file it for the right day. Never sends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from inboxwatch.application.digest import Situation, Trouble, newly_answered
from inboxwatch.application.filing import Filed, file, file_alert
from inboxwatch.application.gate import last_digest_on
from inboxwatch.application.notes import notes_to_tell
from inboxwatch.application.pausing import paused_cases, silenced
from inboxwatch.application.picture import Picture
from inboxwatch.application.ports import Notifier, Transaction
from inboxwatch.application.slots import Slots, is_urgent
from inboxwatch.domain.calendar import Calendar
from inboxwatch.domain.london import local_day
from inboxwatch.domain.planning import plan, refreshed
from inboxwatch.domain.reminders import ReminderPolicy
from inboxwatch.domain.verdict import Status


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


def tell(
    tx: Transaction,
    targets: Iterable[Notifier],
    person: str,
    picture: Picture,
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
    before = tx.filed_reminders(person)
    verdicts = silenced(picture.verdicts, paused_cases(tx, today))
    last_on = {target.name: last_digest_on(tx, person, target.name) for target in notifiers}
    wants_one = manner.even_empty and slots.is_regular(today) and today not in last_on.values()
    filed = file(
        tx,
        notifiers,
        person=person,
        reminders=plan(
            verdicts,
            filed=before,
            as_of=picture.as_of,
            policy=manner.policy,
            working_days=manner.calendar.working_days_between,
            today=today,
        ),
        situation=Situation(
            as_of=picture.as_of,
            review=len(picture.with_status(Status.REVIEW)),
            unreadable=len(picture.unreadable),
            troubles=troubles,
            notes=notes_to_tell(tx, person),
            answers_by_reply=manner.answers_by_reply,
        ),
        at=now,
        answered=newly_answered(picture.verdicts, before),
        refresh=lambda reminder: refreshed(reminder, verdicts, today=today),
        not_before=lambda target, held: slots.next_after(
            now, last_sent_on=last_on[target], urgent=is_urgent(held)
        ),
        even_empty=today.isoformat() if wants_one else "",
    )
    file_alert(
        tx, notifiers, person=person, troubles=troubles, as_of=picture.as_of, at=now, on=today
    )
    return filed

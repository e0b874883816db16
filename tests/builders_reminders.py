"""Builders of reminders and digests for tests; every name and subject is invented."""

from datetime import UTC, date, datetime
from typing import Any

from inboxwatch.application.digest import Digest, Situation, Trouble, digest_id, in_order
from inboxwatch.application.payload import write_digest, write_health
from inboxwatch.application.records import Delivery
from inboxwatch.domain.reminders import Reminder, ReminderKey
from inboxwatch.domain.verdict import Status

AS_OF = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
SITUATION = Situation(as_of=AS_OF)
COUNCIL = "send@kent.gov.uk"


def a_reminder(name: str = "a", *, key_step: str = "overdue-1", **facts: Any) -> Reminder:
    """A reminder about the message `name@example.org`, overdue unless told otherwise."""
    base: dict[str, Any] = {
        "key": ReminderKey(
            council_mailbox=COUNCIL,
            rule="ordinary-email",
            unanswered=f"{name}@example.org",
            step=key_step,
        ),
        "thread_id": f"thread{name}"[:10].ljust(10, "x"),
        "body": "kent.gov.uk",
        "council_mailbox": COUNCIL,
        "subject": f"Question {name}",
        "status": Status.OVERDUE,
        "sent_at": datetime(2026, 4, 29, 9, 12, tzinfo=UTC),
        "due_on": date(2026, 5, 14),
        "waiting_days": 33,
        "waiting_working_days": 21,
        "covers": (f"{name}@example.org",),
    }
    return Reminder(**(base | facts))


def an_undelivered(name: str = "lost", **facts: Any) -> Reminder:
    """A reminder of a message that bounced."""
    return a_reminder(name, key_step="undelivered", status=Status.UNDELIVERED, **facts)


def a_digest(
    *reminders: Reminder, target: str = "home", situation: Situation = SITUATION
) -> Delivery:
    """A pending digest of these reminders."""
    ordered = in_order(reminders)
    id = digest_id(target, "me", [r.key for r in ordered])
    digest = Digest(person="me", reminders=ordered, situation=situation)
    return Delivery(
        id=id,
        person="me",
        target=target,
        type="digest",
        payload=write_digest(digest, id=id, at=AS_OF),
        created_at=AS_OF,
    )


def an_alert(what: str, remedy: str = "", *, target: str = "home") -> Delivery:
    """A pending alert of one trouble."""
    troubles = (Trouble(what=what, remedy=remedy),)
    return Delivery(
        id="health|1",
        person="me",
        target=target,
        type="health",
        payload=write_health(troubles, id="health|1", person="me", as_of=AS_OF, at=AS_OF),
        created_at=AS_OF,
    )

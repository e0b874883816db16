"""Small values to store: only what a test names differs from the rest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from inboxwatch.application.records import Delivery, Placement, PollRecord
from inboxwatch.domain.kinds import Classification, Kind
from inboxwatch.domain.message import Address, FolderRole, Location, Message, Unreadable
from inboxwatch.domain.overrides import Override, Verb
from inboxwatch.domain.reminders import Reminder, ReminderKey
from inboxwatch.domain.threads import Direction, Entry, Link, LinkKind
from inboxwatch.domain.verdict import Status

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
COUNCIL = "send@kent.gov.uk"


def at(minutes: int) -> datetime:
    return NINE + timedelta(minutes=minutes)


def a_place(uid: int, folder: str = "INBOX", **changes: Any) -> Location:
    known: dict[str, Any] = {"account": "home", "role": FolderRole.INBOX, "uidvalidity": 7}
    return Location(folder=folder, uid=uid, **{**known, **changes})


def an_entry(
    message_id: str,
    *,
    minutes: int = 0,
    direction: Direction = Direction.RECEIVED,
    fingerprint: str = "",
    kind: Kind = Kind.HUMAN,
    **changes: Any,
) -> Entry:
    known: dict[str, Any] = {"sender": Address(address=COUNCIL), "subject": "Your enquiry"}
    return Entry(
        message=Message(message_id=message_id, at=at(minutes), **{**known, **changes}),
        classification=Classification(kind=kind, fingerprint=fingerprint),
        direction=direction,
    )


def a_placement(message_id: str, thread_id: str, council_mailbox: str = COUNCIL) -> Placement:
    return Placement(
        message_id=message_id,
        council_mailbox=council_mailbox,
        thread_id=thread_id,
        link=Link(kind=LinkKind.REFERENCES, evidence="it names <a@x>", confidence=0.9),
    )


def an_override(verb: Verb, target: str, **changes: Any) -> Override:
    return Override(**{"id": 0, "at": NINE, "by": "cli", "verb": verb, "target": target, **changes})


def a_reminder(unanswered: str, step: str = "overdue-1", **changes: Any) -> Reminder:
    key = ReminderKey(
        council_mailbox=COUNCIL, rule="ordinary-email", unanswered=unanswered, step=step
    )
    known: dict[str, Any] = {
        "thread_id": "abcdefghij",
        "body": "kent.gov.uk",
        "council_mailbox": COUNCIL,
        "subject": "Transport to school",
        "status": Status.OVERDUE,
        "sent_at": NINE,
        "covers": (unanswered,),
    }
    return Reminder(key=key, **{**known, **changes})


def a_delivery(id: str, **changes: Any) -> Delivery:
    known: dict[str, Any] = {
        "person": "anna",
        "target": "email",
        "type": "digest",
        "payload": '{"reminders": []}',
        "created_at": NINE,
    }
    return Delivery(id=id, **{**known, **changes})


def a_poll(minutes: int, *, complete: bool = True, account: str = "home") -> PollRecord:
    return PollRecord(
        account=account,
        person="anna",
        started_at=at(minutes - 1),
        ended_at=at(minutes),
        complete=complete,
        scanned=12,
        found=1,
        problem="" if complete else "Sent: the server hung up",
    )


def an_unreadable(uid: int, reason: str = "nested too deep") -> Unreadable:
    return Unreadable(location=a_place(uid), reason=reason, size=60_000_000)

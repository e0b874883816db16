"""Rows from domain values and back: which part is a column, which is JSON. Runs no statement."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from inboxwatch.adapters.store.codec import Codec, codec
from inboxwatch.adapters.store.columns import digest
from inboxwatch.adapters.store.prepared import Row
from inboxwatch.application.records import (
    Delivery,
    DeliveryState,
    FiledReminder,
    FolderState,
    Placement,
    PollRecord,
)
from inboxwatch.domain.errors import StoreError
from inboxwatch.domain.kinds import Classification
from inboxwatch.domain.message import FolderRole, Location, Message, Unreadable
from inboxwatch.domain.overrides import Override, Verb
from inboxwatch.domain.reminders import Reminder, ReminderKey
from inboxwatch.domain.threads import Direction, Entry, Link

Columns = dict[str, Any]

MESSAGE: Codec[Message] = Codec(
    Message, outside=frozenset({"message_id", "at", "locations", "original_sha256"})
)
CLASSIFICATION = codec(Classification)
FOLDER_STATE = codec(FolderState)
LINK = codec(Link)
REMINDER = codec(Reminder)
UNREADABLE = codec(Unreadable)

_ROLES = {role.value: role for role in FolderRole}
_DIRECTIONS = {direction.value: direction for direction in Direction}


def message_key(person: str, message_id: str) -> bytes:
    """Return what a message is found by."""
    return digest(person, message_id)


@lru_cache(maxsize=1_000)  # every copy in a folder has the same
def folder_key(account: str, folder: str) -> bytes:
    """Return what the copies in a folder are found by."""
    return digest(account, folder)


def place_key(person: str, location: Location) -> bytes:
    """Return what one copy is found by."""
    parts = (location.account, location.folder, location.uidvalidity, location.uid)
    return digest(person, *parts)


def reminder_key(person: str, key: ReminderKey) -> bytes:
    """Return what a reminder is found by."""
    return digest(person, key.council_mailbox, key.rule, key.unanswered, key.step)


def judged_columns(classification: Classification, direction: Direction) -> Columns:
    """Return what a judgement changes in a message's row."""
    fingerprint = classification.fingerprint
    return {
        "direction": direction.value,
        "wording_key": digest(fingerprint) if fingerprint else None,
        "classification": CLASSIFICATION.dump(classification),
    }


def entry_columns(person: str, entry: Entry) -> Columns:
    """Return a message's row; its locations are rows of their own."""
    message = entry.message
    return {
        "digest": message_key(person, message.message_id),
        "person": person,
        "message_id": message.message_id,
        "at": message.at,
        "original_sha256": message.original_sha256,
        "sender_key": digest(person, message.sender.address if message.sender else ""),
        "message": MESSAGE.dump(message),
        **judged_columns(entry.classification, entry.direction),
    }


def entry_of(row: Row, locations: tuple[Location, ...]) -> Entry:
    """Return the entry of a message's row and its locations.

    Raises:
        ValueError: the row is damaged.
    """
    message = MESSAGE.load(
        row.message,
        message_id=row.message_id,
        at=row.at,
        locations=locations,
        original_sha256=row.original_sha256,
    )
    classification = CLASSIFICATION.load(row.classification)
    direction = _DIRECTIONS[row.direction]
    return Entry(message=message, classification=classification, direction=direction)


def location_columns(person: str, message: bytes, location: Location) -> Columns:
    """Return the row of one copy of a message."""
    return {
        "message": message,
        "place": place_key(person, location),
        "folder_key": folder_key(location.account, location.folder),
        "person": person,
        "account": location.account,
        "folder": location.folder,
        "role": location.role.value,
        "uidvalidity": location.uidvalidity,
        "uid": location.uid,
    }


def location_of(row: Row) -> Location:
    """Return the location of a row."""
    return Location(
        account=row.account,
        folder=row.folder,
        role=_ROLES[row.role],
        uidvalidity=row.uidvalidity,
        uid=row.uid,
    )


def poll_columns(record: PollRecord) -> Columns:
    """Return a poll's row."""
    return {
        "account_key": digest(record.account),
        "account": record.account,
        "person": record.person,
        "started_at": record.started_at,
        "ended_at": record.ended_at,
        "complete": record.complete,
        "scanned": record.scanned,
        "found": record.found,
        "problem": record.problem,
    }


def poll_of(row: Row) -> PollRecord:
    """Return the poll of a row."""
    return PollRecord(
        account=row.account,
        person=row.person,
        started_at=row.started_at,
        ended_at=row.ended_at,
        complete=row.complete,
        scanned=row.scanned,
        found=row.found,
        problem=row.problem,
    )


def placement_columns(person: str, placement: Placement) -> Columns:
    """Return the row of a message's place in a thread."""
    return {
        "message": message_key(person, placement.message_id),
        "person": person,
        "thread_key": digest(person, placement.thread_id),
        "council_mailbox": placement.council_mailbox,
        "thread_id": placement.thread_id,
        "link": LINK.dump(placement.link),
    }


def placement_of(row: Row) -> Placement:
    """Return the place of a row that was joined with its message."""
    return Placement(
        message_id=row.message_id,
        council_mailbox=row.council_mailbox,
        thread_id=row.thread_id,
        link=_link(row.link),
    )


@lru_cache(maxsize=1_000)  # most are one of a few
def _link(text: str) -> Link:
    link: Link = LINK.load(text)
    return link


def override_columns(person: str, override: Override) -> Columns:
    """Return a decision's row without its id, which the store gives."""
    return {
        "person": person,
        "at": override.at,
        "decided_by": override.by,
        "verb": override.verb.value,
        "target": override.target,
        "council_mailbox": override.council_mailbox,
        "value": override.value,
        "note": override.note,
        "undone_at": override.undone_at,
    }


def override_of(row: Row) -> Override:
    """Return the decision of a row."""
    return Override(
        id=row.id,
        at=row.at,
        by=row.decided_by,
        verb=Verb(row.verb),
        target=row.target,
        council_mailbox=row.council_mailbox,
        value=row.value,
        note=row.note,
        undone_at=row.undone_at,
    )


def filed_of(row: Row) -> FiledReminder:
    """Return the filed reminder of a row."""
    return FiledReminder(reminder=REMINDER.load(row.reminder), filed_at=row.filed_at)


def delivery_columns(delivery: Delivery) -> Columns:
    """Return a delivery's row."""
    return {
        "digest": digest(delivery.id),
        "id": delivery.id,
        "person": delivery.person,
        "target": delivery.target,
        "type": delivery.type,
        "payload": delivery.payload,
        "created_at": delivery.created_at,
        **sending_columns(delivery),
    }


def sending_columns(delivery: Delivery) -> Columns:
    """Return what sending changes in a delivery's row."""
    return {
        "state": delivery.state.value,
        "attempts": delivery.attempts,
        "not_before": delivery.not_before,
        "sent_at": delivery.sent_at,
        "problem": delivery.problem,
    }


def delivery_of(row: Row) -> Delivery:
    """Return the delivery of a row."""
    return Delivery(
        id=row.id,
        person=row.person,
        target=row.target,
        type=row.type,
        payload=row.payload,
        created_at=row.created_at,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        not_before=row.not_before,
        sent_at=row.sent_at,
        problem=row.problem,
    )


def damaged(place: str, what: str, error: Exception) -> StoreError:
    """Return the error for a row that cannot be read; it names no content."""
    return StoreError(
        f"{place}: a row of {what} cannot be read ({type(error).__name__})",
        remedy="Use the newest inboxwatch, or restore a copy with `inboxwatch restore`.",
    )

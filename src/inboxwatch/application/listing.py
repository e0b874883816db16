"""The shapes that others script against: JSON of `list` and `audit`, and the CSV columns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from inboxwatch.application.picture import Picture
from inboxwatch.domain.london import LONDON, local
from inboxwatch.domain.overrides import Override
from inboxwatch.domain.plain import one_line
from inboxwatch.domain.threads import Placed, Unplaced
from inboxwatch.domain.verdict import Verdict

CSV_COLUMNS = (
    "status", "body", "council_mailbox", "subject", "first_sent", "last_chased", "chasers",
    "due_on", "days_waiting", "working_days_waiting", "acknowledged_on", "read_on", "promised_on",
    "answered_on", "clock", "case", "reason", "thread_id", "message_id",
)  # fmt: skip


def local_day(moment: datetime | None) -> date | None:
    """Return the local day of a moment."""
    return None if moment is None else local(moment).date()


def iso(moment: datetime | None) -> str | None:
    """Write a moment with its local offset, to the second."""
    return None if moment is None else local(moment).isoformat(timespec="seconds")


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def picture_json(picture: Picture) -> dict[str, Any]:
    """Return the JSON of `list` and `audit`: threads of every status."""
    return {
        "as_of": iso(picture.as_of),
        "threshold": picture.threshold,
        "calendar": picture.calendar,
        "scanned": {
            "messages": picture.scanned.messages,
            "folders": list(picture.scanned.folders),
            "unreadable": len(picture.unreadable),
            "not_scanned": [str(each) for each in picture.scanned.not_scanned],
        },
        "threads": [thread_json(verdict) for verdict in picture.verdicts],
        "unplaced": [_unplaced_json(item) for item in picture.unplaced],
        "unreadable": [
            {
                "account": item.location.account,
                "folder": item.location.folder,
                "uid": item.location.uid,
                "reason": item.reason,
            }
            for item in picture.unreadable
        ],
        "notices": list(picture.notices),
    }


def thread_json(verdict: Verdict) -> dict[str, Any]:
    """Return one thread as JSON. Message ids stand without angle brackets."""
    wait = verdict.wait
    return {
        "id": verdict.thread.id,
        "status": verdict.status.value,
        "body": verdict.thread.council_mailbox.body,
        "council_mailbox": verdict.thread.council_mailbox.address,
        "subject": verdict.thread.subject,
        "unanswered": None
        if wait is None
        else {"message_id": wait.unanswered.message_id, "sent_at": iso(wait.unanswered.at)},
        "due_on": _day(verdict.due_on),
        "chase_on": _day(verdict.chase_on),
        "clock": verdict.clock,
        "case": verdict.case,
        "waiting_days": verdict.waiting_days,
        "waiting_working_days": verdict.waiting_working_days,
        "chasers": len(wait.chasers) if wait else 0,
        "last_chased_at": iso(wait.last_chased_at) if wait else None,
        "acknowledged_at": iso(wait.acknowledged_at) if wait else None,
        "read_at": iso(wait.read_at) if wait else None,
        "promised_on": _day(wait.promised_on) if wait else None,
        "holding_at": iso(wait.holding_at) if wait else None,
        "deleted_at": iso(wait.deleted_at) if wait else None,
        "closed_at": iso(verdict.closed_at),
        "action": wait.action if wait else None,
        "answered_at": iso(wait.answered_at) if wait else None,
        "undelivered_at": iso(wait.undelivered_at) if wait else None,
        "snoozed_until": _day(verdict.snoozed_until),
        "reason": verdict.reason,
        "notes": list(verdict.notes),
        "messages": [_placed_json(placed) for placed in verdict.thread.placed],
    }


def _folder(placed: Placed) -> str:
    locations = placed.entry.message.locations
    return locations[0].folder if locations else ""


def _placed_json(placed: Placed) -> dict[str, Any]:
    message, classification = placed.entry.message, placed.entry.classification
    return {
        "message_id": message.message_id,
        "at": iso(message.at),
        "direction": placed.entry.direction.value,
        "kind": classification.kind.value,
        "from": message.sender.address if message.sender else "",
        "to": [address.address for address in message.to],
        "cc": [address.address for address in message.cc],
        "subject": message.subject,
        "folder": _folder(placed),
        "link": placed.link.kind.value,
        "evidence": [
            *(text for text in (placed.link.evidence,) if text),
            *classification.reasons,
        ],
    }


def decision_json(override: Override) -> dict[str, Any]:
    """Return a person's decision as JSON."""
    return {
        "id": override.id,
        "at": iso(override.at),
        "by": override.by,
        "verb": override.verb.value,
        "target": override.target,
        "council_mailbox": override.council_mailbox,
        "value": override.value,
        "note": override.note,
        "undone_at": iso(override.undone_at),
    }


def _unplaced_json(item: Unplaced) -> dict[str, Any]:
    message = item.entry.message
    return {
        "message_id": message.message_id,
        "at": iso(message.at),
        "body": item.body,
        "from": message.sender.address if message.sender else "",
        "subject": message.subject,
        "kind": item.entry.classification.kind.value,
        "reason": item.reason,
    }


def csv_row(verdict: Verdict) -> tuple[object, ...]:
    """Return one thread in the order of `CSV_COLUMNS`: dates as dates, numbers as numbers."""
    wait = verdict.wait
    first = wait.unanswered if wait else verdict.thread.placed[0].entry.message
    return (
        verdict.status.value,
        verdict.thread.council_mailbox.body,
        verdict.thread.council_mailbox.address,
        one_line(verdict.thread.subject),
        local_day(first.at),
        local_day(wait.last_chased_at) if wait else None,
        len(wait.chasers) if wait else 0,
        verdict.due_on,
        verdict.waiting_days,
        verdict.waiting_working_days,
        local_day(wait.acknowledged_at) if wait else None,
        local_day(wait.read_at) if wait else None,
        wait.promised_on if wait else None,
        local_day(wait.answered_at) if wait else None,
        verdict.clock,
        verdict.case,
        one_line(verdict.reason),
        verdict.thread.id,
        first.message_id,
    )


def csv_rows(verdicts: Iterable[Verdict]) -> list[tuple[object, ...]]:
    """Return a row a thread."""
    return [csv_row(verdict) for verdict in verdicts]


def parse_as_of(text: str) -> datetime:
    """Read an ISO 8601 date or time; a bare date means the end of that local day.

    Raises:
        ValueError: it is neither.
    """
    if len(text) == 10:
        day = date.fromisoformat(text)
        return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=LONDON).astimezone(UTC)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=LONDON)
    return moment.astimezone(UTC)

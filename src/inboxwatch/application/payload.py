"""The JSON of a delivery: written once when it is filed, read again to render or to merge it.

The names are those of `list --json`, so that a script reads both alike, and so are the times of
our own clock: to the second. The times of mail are written as they are, for they are read back.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

from inboxwatch.application.digest import (
    ANSWERED,
    DIGEST,
    HEALTH,
    Answered,
    Digest,
    Situation,
    Trouble,
    event_type,
    next_step,
)
from inboxwatch.application.listing import iso
from inboxwatch.domain.london import local
from inboxwatch.domain.reminders import Reminder, ReminderKey
from inboxwatch.domain.verdict import Status

Json = dict[str, Any]


def write_digest(digest: Digest, *, id: str, at: datetime) -> str:
    """Write the payload of a digest. `at`: aware UTC, when it was filed."""
    situation = digest.situation
    return _write(
        DIGEST,
        id,
        at,
        {
            "person": digest.person,
            "as_of": iso(situation.as_of),
            "threads": [
                {"number": number, **_reminder(reminder)}
                for number, reminder in enumerate(digest.reminders, start=1)
            ],
            "review": situation.review,
            "unreadable": situation.unreadable,
            "troubles": _troubles(situation.troubles),
            "notes": list(situation.notes),
            "answers_by_reply": situation.answers_by_reply,
        },
    )


def write_event(reminder: Reminder, *, person: str, as_of: datetime, at: datetime) -> str:
    """Write the payload of one reminder's event; its id is the reminder key."""
    data = {"person": person, "as_of": iso(as_of), **_reminder(reminder)}
    return _write(event_type(reminder), str(reminder.key), at, data)


def write_answered(answered: Answered, *, person: str, as_of: datetime, at: datetime) -> str:
    """Write the payload of an answer that came to a wait the user was reminded of."""
    data = {
        "person": person,
        "as_of": iso(as_of),
        **_reminder(answered.reminder),
        "status": Status.ANSWERED.value,
        "key": _key(answered.key),
        "answered_at": _time(answered.answered_at),
    }
    del data["next_step"]
    return _write(ANSWERED, str(answered.key), at, data)


def write_health(
    troubles: tuple[Trouble, ...], *, id: str, person: str, as_of: datetime | None, at: datetime
) -> str:
    """Write the payload of an alert. `as_of` is None before the first complete poll."""
    data = {"person": person, "as_of": iso(as_of), "troubles": _troubles(troubles)}
    return _write(HEALTH, id, at, data)


def read_digest(payload: str) -> Digest:
    """Read a digest back.

    Raises:
        ValueError: it is not a digest that this version wrote (KeyError and TypeError included).
    """
    data = _read(payload, DIGEST)
    try:
        return Digest(
            person=data["person"],
            reminders=tuple(_read_reminder(item) for item in data["threads"]),
            situation=Situation(
                as_of=_required(data["as_of"]),
                review=data["review"],
                unreadable=data["unreadable"],
                troubles=_read_troubles(data["troubles"]),
                notes=tuple(data["notes"]),
                answers_by_reply=data["answers_by_reply"],
            ),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"the payload is not a digest: {error!r}") from error


def read_event(payload: str) -> Reminder:
    """Read the reminder of a `thread.…` event back; raises ValueError as `read_digest` does."""
    try:
        return _read_reminder(json.loads(payload)["data"])
    except (KeyError, TypeError) as error:
        raise ValueError(f"the payload is not an event: {error!r}") from error


def read_health(payload: str) -> tuple[Trouble, ...]:
    """Read the troubles of an alert back; raises ValueError as `read_digest` does."""
    return _read_troubles(_read(payload, HEALTH)["troubles"])


def payload_id(payload: str) -> str:
    """Return the id that receivers drop repeats by: a reminder key, or a digest's own."""
    return str(json.loads(payload)["id"])


def _write(type: str, id: str, at: datetime, data: Json) -> str:
    document = {"type": type, "id": id, "timestamp": iso(at), "data": data}
    # Pure ASCII: a lone surrogate of a broken subject would not survive as UTF-8.
    return json.dumps(document, ensure_ascii=True, separators=(",", ":"))


def _read(payload: str, type: str) -> Json:
    document = json.loads(payload)
    if not isinstance(document, dict) or document.get("type") != type:
        raise ValueError(f"the payload is not of type {type}")
    data = document.get("data")
    if not isinstance(data, dict):
        raise ValueError("the payload has no data")
    return data


def _reminder(reminder: Reminder) -> Json:
    return {
        "id": reminder.thread_id,
        "key": _key(reminder.key),
        "status": reminder.status.value,
        "next_step": next_step(reminder).value,
        "body": reminder.body,
        "council_mailbox": reminder.council_mailbox,
        "subject": reminder.subject,
        "unanswered": {
            "message_id": reminder.key.unanswered,
            "sent_at": _time(reminder.sent_at),
        },
        "due_on": _day(reminder.due_on),
        "clock": reminder.key.rule,
        "case": reminder.case,
        "waiting_days": reminder.waiting_days,
        "waiting_working_days": reminder.waiting_working_days,
        "chasers": reminder.chasers,
        "last_chased_at": _time(reminder.last_chased_at),
        "acknowledged_at": _time(reminder.acknowledged_at),
        "holding_at": _time(reminder.holding_at),
        "promised_on": _day(reminder.promised_on),
        "action": reminder.action,
        "reminder": reminder.step,
        "final": reminder.final,
        "covers": list(reminder.covers),
        "letter": reminder.rung,
        "own_last_on": _day(reminder.own_last_on),
        "own_what": reminder.own_what,
        "suggested_clock": reminder.suggested_clock,
        "suggested_what": reminder.suggested_what,
    }


def _read_reminder(item: Json) -> Reminder:
    return Reminder(
        key=ReminderKey(**item["key"]),
        thread_id=item["id"],
        body=item["body"],
        council_mailbox=item["council_mailbox"],
        subject=item["subject"],
        status=Status(item["status"]),
        sent_at=_required(item["unanswered"]["sent_at"]),
        chasers=item["chasers"],
        last_chased_at=_read_time(item["last_chased_at"]),
        due_on=_read_day(item["due_on"]),
        acknowledged_at=_read_time(item["acknowledged_at"]),
        holding_at=_read_time(item["holding_at"]),
        promised_on=_read_day(item["promised_on"]),
        waiting_days=item["waiting_days"],
        waiting_working_days=item["waiting_working_days"],
        action=item["action"],
        case=item["case"],
        step=item["reminder"],
        final=item["final"],
        covers=tuple(item["covers"]),
        # Written since these were added; an older one may still wait in the outbox.
        rung=item.get("letter"),
        own_last_on=_read_day(item.get("own_last_on")),
        own_what=item.get("own_what", ""),
        suggested_clock=item.get("suggested_clock"),
        suggested_what=item.get("suggested_what", ""),
    )


def _key(key: ReminderKey) -> Json:
    return {
        "council_mailbox": key.council_mailbox,
        "rule": key.rule,
        "unanswered": key.unanswered,
        "step": key.step,
    }


def _troubles(troubles: tuple[Trouble, ...]) -> list[Json]:
    return [{"what": trouble.what, "remedy": trouble.remedy} for trouble in troubles]


def _read_troubles(items: list[Json]) -> tuple[Trouble, ...]:
    return tuple(Trouble(what=item["what"], remedy=item["remedy"]) for item in items)


def _time(at: datetime | None) -> str | None:
    return None if at is None else local(at).isoformat()


def _day(on: date | None) -> str | None:
    return None if on is None else on.isoformat()


def _required(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _read_time(text: str | None) -> datetime | None:
    return None if text is None else _required(text)


def _read_day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)

"""Turn reminders into what is sent: one digest a recipient, one event a reminder. Never sends."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import Enum

from inboxwatch.application.records import FiledReminder
from inboxwatch.domain.reminders import Reminder, ReminderKey
from inboxwatch.domain.verdict import Status, Verdict

DIGEST = "digest"
HEALTH = "health"
ANSWERED = "thread.answered"

# Never resolves (RFC 6761), so that no stranger's server can be taken for the sender.
REMINDER_DOMAIN = "reminder.inboxwatch.invalid"

_EVENTS = {
    "undelivered": "thread.undelivered",
    "action": "thread.action",
    "promise-passed": "thread.promise-passed",
}


class NextStep(Enum):
    """What the user can do about one reminder; the words for it are made when it is rendered."""

    RESEND = "resend"
    ACT = "act"
    ASK_ABOUT_PROMISE = "ask-about-promise"
    CHASE = "chase"
    CHASE_FIRMLY = "chase-firmly"
    COMPLAIN = "complain"
    ESCALATE = "escalate"  # to the Ombudsman or another who looks at it from outside
    OWN_DEADLINE = "own-deadline"  # a last day of the user's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that keeps inboxwatch from its work: what, since when, and the remedy."""

    what: str
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What a digest says besides its reminders.

    `as_of` is aware UTC, the end of the last complete poll. `notes` confirm what the user decided
    since the last digest. `answers_by_reply`: a reply to the digest is read and acted upon.
    """

    as_of: datetime
    review: int = 0
    unreadable: int = 0
    troubles: tuple[Trouble, ...] = ()
    notes: tuple[str, ...] = ()
    answers_by_reply: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One digest. A reminder's number is its place, from 1; answers to the digest name it."""

    person: str
    reminders: tuple[Reminder, ...]
    situation: Situation

    @property
    def threads(self) -> dict[int, str]:
        """The thread ids by number."""
        return {number: r.thread_id for number, r in enumerate(self.reminders, start=1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A wait the user was reminded of, now answered. The key's step is `answered`."""

    key: ReminderKey
    reminder: Reminder  # the first that was filed about it
    answered_at: datetime


_LETTERS = {
    "chaser": NextStep.CHASE,
    "firm": NextStep.CHASE_FIRMLY,
    "complaint": NextStep.COMPLAIN,
    "ombudsman": NextStep.ESCALATE,
}


def next_step(reminder: Reminder) -> NextStep:
    """Choose the gentlest step that fits; the letter that was planned decides where there is one.

    Without one, nothing is called a complaint before two chasers.
    """
    if reminder.own_last_on is not None:
        return NextStep.OWN_DEADLINE
    if reminder.status is Status.UNDELIVERED:
        return NextStep.RESEND
    if reminder.action:
        return NextStep.ACT
    if reminder.key.step == "promise-passed" or _promise_passed(reminder):
        return NextStep.ASK_ABOUT_PROMISE
    if reminder.rung in _LETTERS:
        return _LETTERS[reminder.rung]
    if reminder.chasers == 0:
        return NextStep.CHASE
    return NextStep.CHASE_FIRMLY if reminder.chasers == 1 else NextStep.COMPLAIN


def _promise_passed(reminder: Reminder) -> bool:
    """Tell whether a day that a person promised is over: it lies in a time that is over."""
    promised, due = reminder.promised_on, reminder.due_on
    if reminder.status is not Status.OVERDUE or promised is None or due is None:
        return False
    return promised <= due


def event_type(reminder: Reminder) -> str:
    """Return the webhook type of a reminder."""
    if reminder.own_last_on is not None:
        return "thread.own-deadline"
    return _EVENTS.get(reminder.key.step, "thread.overdue")


def in_order(reminders: Iterable[Reminder]) -> tuple[Reminder, ...]:
    """Order for reading: undelivered, to act on, promise passed, then the longest wait."""
    places = {
        NextStep.RESEND: 0,
        NextStep.OWN_DEADLINE: 1,
        NextStep.ACT: 2,
        NextStep.ASK_ABOUT_PROMISE: 3,
    }
    unique = {reminder.key: reminder for reminder in reminders}
    return tuple(
        sorted(unique.values(), key=lambda r: (places.get(next_step(r), 4), r.sent_at, r.key))
    )


def event_id(target: str, person: str, key: ReminderKey) -> str:
    """Return the delivery id of one event at one target: the same for ever, for a key."""
    return "|".join((target, person, str(key)))


def digest_id(
    target: str,
    person: str,
    keys: Iterable[ReminderKey],
    *,
    instead_of: Iterable[str] = (),
    notes: Iterable[str] = (),
) -> str:
    """Return the delivery id of a digest, made from its keys.

    `instead_of` names the unsent digests whose reminders it takes over: a digest of one reminder
    that grew to two and shrank again is a third delivery, not the first. `notes` tell apart
    digests that hold nothing else.
    """
    parts = (*sorted(map(str, keys)), "", *sorted(instead_of))
    noted = tuple(notes)
    parts += ("", *noted) if noted else ()
    return f"{DIGEST}|{target}|{person}|{_short_hash(parts)}"


def health_id(target: str, person: str, troubles: Iterable[Trouble], on: date) -> str:
    """Return the delivery id of an alert: the same troubles are told once a day."""
    parts = (on.isoformat(), *(f"{t.what}\0{t.remedy}" for t in troubles))
    return f"{HEALTH}|{target}|{person}|{_short_hash(parts)}"


def reminder_message_id(secret: bytes, delivery_id: str) -> str:
    """Return the Message-ID, without brackets, of the mail that carries a delivery.

    It is the same whenever the delivery is sent, so that a repeat is the same message, and nobody
    without the local secret can name it before they have seen it.
    """
    digest = hmac.new(
        secret, b"message-id\0" + delivery_id.encode("utf-8", "surrogatepass"), hashlib.sha256
    )
    return f"{digest.hexdigest()}@{REMINDER_DOMAIN}"


def newly_answered(
    verdicts: Iterable[Verdict], filed: Iterable[FiledReminder]
) -> tuple[Answered, ...]:
    """Return the answered waits that a reminder was filed about.

    The key names the message that the first such reminder named, so that a receiver can pair
    them, and so that a later merge gives the same key again.
    """
    told: dict[tuple[str, str], FiledReminder] = {}
    for one in sorted(filed, key=lambda f: (f.filed_at, f.reminder.key)):
        told.setdefault((one.reminder.key.council_mailbox, one.reminder.key.unanswered), one)
    answered: dict[ReminderKey, Answered] = {}
    for verdict in verdicts:
        mailbox = verdict.thread.council_mailbox.address
        for wait in verdict.waits:
            if wait.answered_at is None:
                continue
            ids = (wait.unanswered.message_id, *(c.message_id for c in wait.chasers))
            about = [told[mailbox, i] for i in ids if (mailbox, i) in told]
            if about:
                first = min(about, key=lambda f: (f.filed_at, f.reminder.key)).reminder
                key = replace(first.key, step="answered")
                answered[key] = Answered(
                    key=key, reminder=first, answered_at=wait.answered_at.astimezone(UTC)
                )
    return tuple(answered[key] for key in sorted(answered))


def _short_hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]

"""Reminders to the user: keys and facts. `plan` in `planning` decides which are due. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from inboxwatch.domain.verdict import Status


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class ReminderKey:
    """What makes a reminder the same: never the thread, always the unanswered message."""

    council_mailbox: str
    rule: str
    unanswered: str  # message id
    step: str  # "overdue-1", "overdue-2", …, "undelivered", "action", "promise-passed", "own-…"

    def __str__(self) -> str:
        return "|".join((self.council_mailbox, self.rule, self.unanswered, self.step))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One thing to tell the user: facts only, the words are made when it is rendered."""

    key: ReminderKey
    thread_id: str
    body: str
    council_mailbox: str
    subject: str
    status: Status
    sent_at: datetime
    chasers: int = 0
    last_chased_at: datetime | None = None
    due_on: date | None = None
    acknowledged_at: datetime | None = None
    holding_at: datetime | None = None
    promised_on: date | None = None
    waiting_days: int | None = None
    waiting_working_days: int | None = None
    action: str | None = None
    case: str | None = None
    step: int = 1  # 1 first, then repeats
    final: bool = False  # no further reminder of this wait will come
    covers: tuple[str, ...] = ()  # ids of every message of the wait, so that a merge is seen
    rung: str | None = None  # the letter that fits (a `ladder.Rung`)
    own_last_on: date | None = None  # the user's own last day that it tells of
    own_what: str = ""  # completes "you can …"
    suggested_clock: str | None = None  # looks like a request with a clock of its own
    suggested_what: str = ""  # completes "this looks like …"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderPolicy:
    """When to remind: repeats, the end of them, and how far back on the first run.

    `repeat_every_working_days` counts from the local day the last reminder was filed.
    """

    repeat_every_working_days: int = 10
    stop_after: int = 4
    remind_from: datetime | None = None  # waits that began before it are reported, not reminded

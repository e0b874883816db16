"""What became of each wait. Values; `judge` in `judging` decides. Never sees the wall clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from inboxwatch.domain.message import Message
from inboxwatch.domain.threads import Placed, Thread


class Status(Enum):
    """Where a thread stands, as stored and shown."""

    ANSWERED = "answered"
    WAITING = "waiting"
    OVERDUE = "overdue"
    UNDELIVERED = "undelivered"
    REVIEW = "review"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """One question of ours and what came of it.

    Times are aware UTC. `acknowledged_at` and `answered_at` are two separate facts.
    `delayed_at` is a delay report without a later failure.
    """

    unanswered: Message  # the message that started the clock
    chasers: tuple[Message, ...] = ()
    acknowledged_at: datetime | None = None
    read_at: datetime | None = None
    deleted_at: datetime | None = None
    delayed_at: datetime | None = None
    holding_at: datetime | None = None
    promised_on: date | None = None
    undelivered_at: datetime | None = None
    answered_at: datetime | None = None
    answer: Placed | None = None
    possible: tuple[Placed, ...] = ()  # replies in doubt: review
    action: str | None = None
    machine_promise: str | None = None

    @property
    def last_chased_at(self) -> datetime | None:
        """When we last asked again."""
        return self.chasers[-1].at if self.chasers else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A thread's standing as of one moment, with every reason for it.

    `wait` is the oldest wait that nothing human has answered, else the last one; it is None only
    when nothing in the thread is owed a reply (Cc only). `due_on` is the last local day that is
    on time; the thread is overdue from `overdue_from`, the day after.
    """

    thread: Thread
    status: Status
    as_of: datetime
    reason: str
    wait: Wait | None
    waits: tuple[Wait, ...] = ()  # every wait of the thread, oldest first
    clock: str = ""  # id of the preset or the allowance that runs
    due_on: date | None = None
    overdue_from: date | None = None
    chase_on: date | None = None
    closed_at: datetime | None = None
    case: str | None = None
    snoozed_until: date | None = None
    notes: tuple[str, ...] = ()  # what a person logged, what was found in Junk, warnings
    waiting_days: int | None = None
    waiting_working_days: int | None = None

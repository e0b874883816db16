"""What became of each wait. Values; `judge` in `judging` decides. Never sees the wall clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from inboxwatch.domain.due import Due
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
    `delayed_at` is a delay report without a later failure. `undelivered_at` is set only when
    nothing of this wait arrived; `failed` are the messages that did not.
    """

    unanswered: Message  # the message that started the clock: the oldest that arrived
    chasers: tuple[Message, ...] = ()
    failed: tuple[Message, ...] = ()
    acknowledged_at: datetime | None = None
    read_at: datetime | None = None
    deleted_at: datetime | None = None
    delayed_at: datetime | None = None
    holding_at: datetime | None = None
    promised_on: date | None = None
    promise_made_at: datetime | None = None  # when the holding reply came that promised the day
    undelivered_at: datetime | None = None
    answered_at: datetime | None = None
    answer: Placed | None = None
    possible: tuple[Placed, ...] = ()  # replies in doubt: review
    action: str | None = None
    machine_promise: str | None = None
    failure: str = ""  # what the report said
    closed_at: datetime | None = None  # a person said so
    closed_as: str = ""  # answered | no-reply-needed | stop-watching
    closed_note: str = ""

    @property
    def message_ids(self) -> tuple[str, ...]:
        """The ids of every message of ours in this wait, the unanswered first."""
        messages = (self.unanswered, *self.chasers, *self.failed)
        return tuple(dict.fromkeys(message.message_id for message in messages))

    @property
    def is_open(self) -> bool:
        """Whether neither a reply nor a person's word has ended it."""
        return self.answered_at is None and self.closed_at is None

    @property
    def last_chased_at(self) -> datetime | None:
        """When we last asked again."""
        return self.chasers[-1].at if self.chasers else None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDeadline:
    """A last day of the user's own. `remind`: steps of reminders and the day each comes.

    `follows_decision`: it runs because of the answer, so an answer does not end it.
    """

    clock: str  # the preset it was counted by
    what: str  # completes "you can …"
    last_on: date
    remind: tuple[tuple[str, date], ...] = ()
    follows_decision: bool = False


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
    rule: str = "default"  # name of the rule that chose the clock
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
    due: Due | None = None  # how the due day was counted, before any promised day
    own_deadlines: tuple[OwnDeadline, ...] = ()  # nearest first

"""Threads: who wrote what to whom about what. Values; `assemble` in `threading` builds them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from inboxwatch.domain.bodies import CouncilMailbox
from inboxwatch.domain.identifiers import thread_id
from inboxwatch.domain.kinds import Classification
from inboxwatch.domain.message import Message


class Direction(Enum):
    """Who wrote a message, from the From address and the user's own addresses."""

    SENT = "sent"
    RECEIVED = "received"


class LinkKind(Enum):
    """Why a message stands in its thread, strongest first."""

    ROOT = "root"
    BY_HAND = "by-hand"
    REFERENCES = "references"
    REPORT = "report"  # a report names our message
    SERVER_THREAD = "server-thread"  # Gmail thread id, Outlook Thread-Index
    CASE_REFERENCE = "case-reference"
    QUOTATION = "quotation"
    SUBJECT = "subject"
    TIMING = "timing"  # machine mail minutes after ours
    POSSIBLE = "possible"  # a possible reply: review


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """How a message was placed: the rule, the evidence in words, the certainty from 0 to 1."""

    kind: LinkKind
    evidence: str = ""
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A message with what it was judged to be; what threads are assembled from."""

    message: Message
    classification: Classification
    direction: Direction

    @property
    def message_id(self) -> str:
        """The message's id."""
        return self.message.message_id

    @property
    def at(self) -> datetime:
        """When it counts as written (sent) or arrived (received)."""
        return self.message.at


class Standing(Enum):
    """What a received message is worth in the thread it stands in."""

    COUNTS = "counts"  # it speaks for the body
    DOUBTED = "doubted"  # it may: a person has to say
    CONTEXT = "context"  # it is shown and decides nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An entry in its place in a thread.

    `body` names who it speaks for when received; None for an address elsewhere. `why_doubted` says
    in words what is unsure. `not_before` is set when its own time cannot be right: a message comes
    after those that it names.
    """

    entry: Entry
    link: Link
    body: str | None = None
    standing: Standing = Standing.COUNTS
    why_doubted: str = ""
    not_before: datetime | None = None

    @property
    def at(self) -> datetime:
        """When it happened, as far as it can be believed."""
        if self.not_before is not None and self.not_before > self.entry.at:
            return self.not_before
        return self.entry.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A conversation with one council mailbox, in order of time."""

    council_mailbox: CouncilMailbox
    root: str  # message id of the first message
    placed: tuple[Placed, ...]

    @property
    def id(self) -> str:
        """The thread's id, from the council mailbox and the root message."""
        return thread_id(self.council_mailbox.address, self.root)

    @property
    def ids(self) -> frozenset[str]:
        """Every id that resolves to this thread, those from before a merge included."""
        return frozenset(
            thread_id(self.council_mailbox.address, placed.entry.message_id)
            for placed in self.placed
        )

    @property
    def subject(self) -> str:
        """The subject of the root message."""
        subjects = {p.entry.message_id: p.entry.message.subject for p in self.placed}
        return subjects.get(self.root, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplaced:
    """Mail of a watched body that belongs to no thread: listed, and why."""

    entry: Entry
    body: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """Everything placed, and everything that could not be."""

    threads: tuple[Thread, ...]
    unplaced: tuple[Unplaced, ...] = ()

    def find(self, thread: str) -> tuple[Thread, ...]:
        """Return the threads an id, an old id, or the unambiguous beginning of one names."""
        exact = tuple(t for t in self.threads if t.id == thread)
        if exact:
            return exact
        merged = tuple(t for t in self.threads if thread in t.ids)
        if merged:
            return merged
        return tuple(t for t in self.threads if thread and t.id.startswith(thread))

"""A person's word: what the user decided, kept apart from what was computed. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from inboxwatch.domain.kinds import Kind


class Verb(Enum):
    """What a person can say."""

    MARK = "mark"  # value: answered | no-reply-needed | stop-watching | watch
    CLASSIFY = "classify-as"  # value: a Kind
    LINK = "link"  # value: the root message id of the thread
    UNLINK = "unlink"
    LOG = "log"  # value: phone | post | portal | meeting | other; note holds the words
    SNOOZE = "snooze"  # value: ISO date; the first day on which reminders may come again
    CASE = "case"  # value: name of the case (child)
    CLOCK = "clock"  # value: id of a preset
    EVENT = "event"  # value: name=ISO date; pauses and restarts a clock
    CONFIRM_BODY = "confirm-body"  # target: address or domain; value: Body.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """One decision of a person; never overwritten, only undone.

    `target` is a message id: of the message itself (classify-as, link, unlink) or of the thread's
    message that was unanswered, else its root, when the decision was made. So a decision follows
    its message through merges and splits. `council_mailbox` narrows it where a message went to
    several.
    """

    id: int  # given by the store, rising
    at: datetime  # aware UTC
    by: str  # who decided: "cli", "page:anna", "reply"
    verb: Verb
    target: str
    council_mailbox: str | None = None
    value: str = ""
    note: str = ""
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """A person's wish to stop: answered elsewhere, no reply needed, or stop watching."""

    override: Override
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Snooze:
    """Be silent until a day; changes no fact."""

    target: str  # message id
    council_mailbox: str | None
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """The standing decisions, folded from all overrides; the latest word on a thing counts."""

    overrides: tuple[Override, ...] = ()
    kinds: dict[str, Kind] = field(default_factory=dict, hash=False)
    links: dict[str, str] = field(default_factory=dict, hash=False)
    unlinked: frozenset[str] = frozenset()

    @staticmethod
    def of(overrides: Iterable[Override]) -> Decisions:
        """Fold overrides in the order of their ids; undone ones count for nothing."""
        standing = tuple(sorted((o for o in overrides if o.undone_at is None), key=lambda o: o.id))
        kinds: dict[str, Kind] = {}
        links: dict[str, str] = {}
        unlinked: set[str] = set()
        for override in standing:
            if override.verb is Verb.CLASSIFY:
                kinds[override.target] = Kind(override.value)
            elif override.verb is Verb.LINK:
                links[override.target] = override.value
                unlinked.discard(override.target)
            elif override.verb is Verb.UNLINK:
                unlinked.add(override.target)
                links.pop(override.target, None)
        return Decisions(overrides=standing, kinds=kinds, links=links, unlinked=frozenset(unlinked))

    def about(
        self, verb: Verb, targets: frozenset[str], council_mailbox: str
    ) -> tuple[Override, ...]:
        """Return the standing overrides of one verb that name any of these messages here."""
        return tuple(
            o
            for o in self.overrides
            if o.verb is verb
            and o.target in targets
            and o.council_mailbox in (None, council_mailbox)
        )


NONE = Decisions()  # nobody has said anything

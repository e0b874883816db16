"""Assemble threads: cut talks up by council mailbox and say what each message is worth. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from inboxwatch.domain.bodies import Body, CouncilMailbox, Watch
from inboxwatch.domain.conversing import Conversation, converse, unique
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.links import named
from inboxwatch.domain.message import Message
from inboxwatch.domain.overrides import NONE, Decisions
from inboxwatch.domain.possible import with_possible
from inboxwatch.domain.sides import (
    MACHINE_KINDS,
    REPORT_KINDS,
    asked,
    body_near,
    body_of_sender,
    copied,
    homes,
    is_councillor,
    is_ours,
    not_the_body,
    reported_addresses,
    sender_address,
)
from inboxwatch.domain.subject import is_forward
from inboxwatch.domain.systems import spoken_for
from inboxwatch.domain.threads import (
    Assembly,
    Entry,
    Link,
    LinkKind,
    Placed,
    Standing,
    Thread,
    Unplaced,
)

_UNLISTED_KINDS = frozenset({Kind.BULK}) | REPORT_KINDS


def assemble(entries: Iterable[Entry], watch: Watch, decisions: Decisions = NONE) -> Assembly:
    """Assemble everything: threads by every mark, then replies that may belong to one.

    Neither the order of `entries` nor doing it twice changes the result. Every message of ours to
    a watched address stands in exactly one thread of each council mailbox it asked.
    """
    return with_possible(settle(entries, watch, decisions), watch, decisions)


def settle(entries: Iterable[Entry], watch: Watch, decisions: Decisions = NONE) -> Assembly:
    """Assemble by the marks messages share, without looking for possible replies.

    This part depends only on a message's neighbourhood (`neighbours.neighbourhood`).
    """
    talks, unplaced = settle_talks(entries, watch, decisions)
    threads = [thread for talk in talks for thread in talk.threads]
    threads.sort(key=lambda t: (t.placed[0].at, t.council_mailbox.address, t.root))
    return Assembly(threads=tuple(threads), unplaced=unplaced)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledTalk:
    """A talk: the ids of all its messages, and its thread at each council mailbox."""

    ids: frozenset[str]
    threads: tuple[Thread, ...]


def settle_talks(
    entries: Iterable[Entry], watch: Watch, decisions: Decisions = NONE
) -> tuple[tuple[SettledTalk, ...], tuple[Unplaced, ...]]:
    """Assemble as `settle` does; return the threads by talk, and what stands in none."""
    found = converse(unique(entries, decisions), watch, decisions)
    talks = tuple(
        SettledTalk(ids=frozenset(talk.links), threads=tuple(_cut(talk, watch)))
        for talk in found.talks
    )
    unplaced = []
    for entry in found.loose:
        body = body_near(entry.message, watch)
        if body is None or is_ours(entry) or entry.classification.kind in _UNLISTED_KINDS:
            continue
        unplaced.append(Unplaced(entry=entry, body=body.name, reason=_why(entry, decisions)))
    return talks, tuple(unplaced)


def _why(entry: Entry, decisions: Decisions) -> str:
    if entry.message_id in decisions.unlinked:
        return "you took it out of its thread"
    if entry.classification.kind in MACHINE_KINDS:
        return "automatic, and no message of yours fits it"
    return "it names no message of yours, and no subject or reference places it"


def _cut(talk: Conversation, watch: Watch) -> list[Thread]:
    """Make a thread for each council mailbox that a talk's messages of ours went to."""
    boxes: dict[CouncilMailbox, None] = {}
    for entry in talk.entries:
        if is_ours(entry):
            boxes |= dict.fromkeys(homes(entry.message, watch))
    cutter = _Cutter(talk=talk, watch=watch, boxes=tuple(boxes))
    return [cutter.thread(box) for box in sorted(boxes, key=lambda b: b.address)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cutter:
    """Decides which messages of one talk stand in the thread of one council mailbox."""

    talk: Conversation
    watch: Watch
    boxes: tuple[CouncilMailbox, ...]

    def thread(self, box: CouncilMailbox) -> Thread:
        placed = tuple(p for e in self.talk.entries if (p := self._place(e, box)) is not None)
        root = placed[0]
        if root.link.kind not in (LinkKind.ROOT, LinkKind.BY_HAND):
            placed = (replace(root, link=Link(kind=LinkKind.ROOT)), *placed[1:])
        return Thread(council_mailbox=box, root=root.entry.message_id, placed=placed)

    def _place(self, entry: Entry, box: CouncilMailbox) -> Placed | None:
        message = entry.message
        link = self.talk.links[entry.message_id]
        moment = self.talk.moment[entry.message_id]
        not_before = moment if moment != entry.at else None
        if is_ours(entry):
            if box not in asked(message, self.watch) and box not in copied(message, self.watch):
                return None
            return Placed(entry=entry, link=link, body=None, not_before=not_before)
        worth = self._worth(entry, link, box)
        if worth is None:
            return None
        standing, why, body = worth
        return Placed(
            entry=entry,
            link=link,
            body=body,
            standing=standing,
            why_doubted=why,
            not_before=not_before,
        )

    def _worth(
        self, entry: Entry, link: Link, box: CouncilMailbox
    ) -> tuple[Standing, str, str | None] | None:
        """Return what a received message is worth at a council mailbox; None when nothing."""
        message, kind = entry.message, entry.classification.kind
        sender = sender_address(message)
        if kind in REPORT_KINDS and not self._reports_on(entry, box):
            return None
        body = body_of_sender(message, self.watch)
        if body is not None and body.name == box.body:
            here = {b.address for b in self.boxes if b.body == box.body}
            if kind in MACHINE_KINDS and sender in here and sender != box.address:
                return None  # the machine of another of its mailboxes
            if link.kind is LinkKind.BY_HAND:
                return Standing.COUNTS, "", body.name
            return self._of_the_body(entry, body)
        if kind in REPORT_KINDS:
            return Standing.COUNTS, "", None
        if link.kind is LinkKind.BY_HAND:
            return Standing.COUNTS, "", body.name if body else None
        if body is not None:
            return self._of_another_body(body, box)
        if not_the_body(message, self.watch) is not None:
            return Standing.DOUBTED, f"{sender} is listed as not the body itself", None
        return self._from_elsewhere(entry, box)

    def _of_the_body(self, entry: Entry, body: Body) -> tuple[Standing, str, str]:
        message = entry.message
        if is_councillor(message.sender) and not self._wrote_to(sender_address(message)):
            return Standing.DOUBTED, "a councillor wrote it, who is not the officer", body.name
        to_us = any(self.watch.is_own(a.address) for a in message.to)
        copied_to_us = any(self.watch.is_own(a.address) for a in message.cc)
        if is_forward(message.subject) and copied_to_us and not to_us:
            why = "they passed your message on among themselves and copied you in"
            return Standing.DOUBTED, why, body.name
        among = bool(message.to) and all(body.owns(a.address) for a in message.to)
        if copied_to_us and not to_us and among:
            why = "they wrote to each other and copied you in"
            return Standing.DOUBTED, why, body.name
        spoken = spoken_for(message, self.watch)
        if spoken is not None and not spoken.surely and not self._names_ours(message):
            why = f"a case system sent it that speaks of {body.title or body.name}"
            return Standing.DOUBTED, why, body.name
        return Standing.COUNTS, "", body.name

    def _wrote_to(self, address: str) -> bool:
        ours = (e for e in self.talk.entries if is_ours(e))
        return any(a.address == address for e in ours for a in e.message.recipients)

    def _names_ours(self, message: Message) -> bool:
        ids = set(named(message))
        return any(is_ours(e) and e.message_id in ids for e in self.talk.entries)

    def _of_another_body(self, body: Body, box: CouncilMailbox) -> tuple[Standing, str, str] | None:
        if any(b.body == body.name for b in self.boxes):
            return None  # it has a thread of its own in this talk
        why = f"{body.title or body.name} answered what went to {box.address}"
        return Standing.DOUBTED, why, body.name

    def _from_elsewhere(
        self, entry: Entry, box: CouncilMailbox
    ) -> tuple[Standing, str, str | None]:
        sender = sender_address(entry.message)
        if not sender:
            return Standing.DOUBTED, "it does not say who sent it", None
        if self._wrote_to(sender):
            return Standing.CONTEXT, f"you wrote to {sender} as well", None
        if len({b.body for b in self.boxes}) > 1:
            return Standing.DOUBTED, f"{sender} could speak for any of the bodies asked", None
        return Standing.COUNTS, "", None

    def _reports_on(self, entry: Entry, box: CouncilMailbox) -> bool:
        """Tell whether a report is about a copy that went to this council mailbox."""
        ours = [e for e in self.talk.entries if is_ours(e)]
        about = [e for e in ours if e.message_id in named(entry.message)] or ours
        if not any(box in homes(e.message, self.watch) for e in about):
            return False
        sender = sender_address(entry.message)
        addressed = {a.address for e in about for a in e.message.recipients}
        if sender in addressed and sender != box.address:
            return False
        reported = set(reported_addresses(entry.message))
        if not reported & addressed:
            return True
        return box.address in reported

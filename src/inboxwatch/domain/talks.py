"""Talks: groups of messages that belong together, before they are cut up by council mailbox.

Pure. Holds the group, its indexes and whether a question in it is open; places nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.keys import (
    case_key,
    case_references,
    line_key,
    near_key,
    own_lines,
    sent_key,
    server_key,
    subject_key,
)
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.links import Groups, named
from inboxwatch.domain.sides import (
    MACHINE_KINDS,
    asked,
    body_of_sender,
    homes,
    is_ours,
    not_the_body,
    sender_address,
)
from inboxwatch.domain.subject import base_subject
from inboxwatch.domain.threads import Entry

_JUST_AFTER = timedelta(microseconds=1)


def in_time(entries: Iterable[Entry]) -> list[Entry]:
    """Sort entries by time; ours first where the second is the same."""
    return sorted(entries, key=lambda e: (e.at, not is_ours(e), e.message_id))


def moments(entries: Mapping[str, Entry]) -> dict[str, datetime]:
    """Return when each message happened: after every message that it names.

    A circle of messages that name each other is cut where the earliest of them stands.
    """
    settled: dict[str, datetime] = {}
    for first in in_time(entries.values()):
        stack = [(first, False)]
        under_way: set[str] = set()
        while stack:
            entry, is_done = stack.pop()
            one = entry.message_id
            if one in settled:
                continue
            parents = [i for i in named(entry.message) if i in entries]
            if is_done:
                after = [settled[i] + _JUST_AFTER for i in parents if i in settled]
                settled[one] = max((entry.at, *after))
            else:
                under_way.add(one)
                stack.append((entry, True))
                stack += [
                    (entries[i], False) for i in parents if i not in settled and i not in under_way
                ]
    return settled


def in_order(entries: Iterable[Entry], moment: Mapping[str, datetime]) -> list[Entry]:
    """Sort entries by when they happened; ours first where that is the same."""
    return sorted(entries, key=lambda e: (moment[e.message_id], not is_ours(e), e.message_id))


@dataclass(slots=True)
class Talk:
    """Messages that belong together. Grows while messages are attached."""

    entries: list[Entry] = field(default_factory=list)

    def ours(self, watch: Watch, body: str | None = None) -> Iterator[Entry]:
        """Yield our messages that stand at a council mailbox (of one body)."""
        for entry in self.entries:
            if is_ours(entry) and any(
                body in (None, box.body) for box in homes(entry.message, watch)
            ):
                yield entry

    def addressed(self) -> frozenset[str]:
        """Return every address that we wrote to in this talk."""
        return frozenset(
            address.address
            for entry in self.entries
            if is_ours(entry)
            for address in entry.message.recipients
        )

    def bounced(self) -> frozenset[str]:
        """Return the ids of our messages that did not arrive."""
        failed: set[str] = set()
        for entry in self.entries:
            if entry.classification.kind is not Kind.BOUNCE:
                continue
            ours = {e.message_id: e for e in self.entries if is_ours(e)}
            direct = [one for one in named(entry.message) if one in ours]
            if direct:
                failed.add(direct[0])
                continue
            before = [e for e in ours.values() if e.at <= entry.at]
            if before:
                failed.add(max(before, key=lambda e: (e.at, e.message_id)).message_id)
        return frozenset(failed)

    def is_open(
        self, body: str, at: datetime, watch: Watch, moment: Mapping[str, datetime]
    ) -> bool:
        """Tell whether a question to a body waits for a person's answer at a moment."""
        failed = self.bounced()
        asks = [
            moment[e.message_id]
            for e in self.ours(watch, body)
            if not e.classification.needs_no_reply
            and e.message_id not in failed
            and any(box.body == body for box in asked(e.message, watch))
            and moment[e.message_id] <= at
        ]
        if not asks:
            return False
        third_parties = self.addressed()
        answers = (
            moment[e.message_id]
            for e in self.entries
            if not is_ours(e)
            and e.classification.kind.stops_the_clock
            and not e.classification.holding
            and moment[e.message_id] < at
            and _speaks_for(e, body, watch, third_parties)
        )
        return max(answers, default=datetime.min.replace(tzinfo=at.tzinfo)) < max(asks)


def _speaks_for(entry: Entry, body: str, watch: Watch, third_parties: frozenset[str]) -> bool:
    speaker = body_of_sender(entry.message, watch)
    if speaker is not None:
        return speaker.name == body
    elsewhere = not_the_body(entry.message, watch) is None
    return elsewhere and sender_address(entry.message) not in third_parties


class Shelf:
    """The indexes by which a message without a link finds the talks it may belong to."""

    __slots__ = ("_at", "_groups", "_talks", "_watch")

    def __init__(self, groups: Groups, talks: dict[str, Talk], watch: Watch) -> None:
        self._groups = groups
        self._talks = talks
        self._watch = watch
        self._at: dict[str, list[Entry]] = {}

    def put(self, entry: Entry) -> None:
        """Index a message that stands in a talk of ours."""
        for key in self._keys(entry):
            self._at.setdefault(key, []).append(entry)

    def _keys(self, entry: Entry) -> Iterator[str]:
        message, watch = entry.message, self._watch
        for key in dict.fromkeys(message.thread_keys):
            yield server_key(key)
        base = base_subject(message.subject)
        if is_ours(entry):
            boxes = homes(message, watch)
            for body in dict.fromkeys(box.body for box in boxes):
                yield near_key(body, entry.at)
                if base:
                    yield subject_key(body, base)
            for box in boxes:
                yield sent_key(box.address, entry.at)
                for line in own_lines(entry):
                    yield line_key(box.address, line)
            return
        speaker = body_of_sender(message, watch)
        if speaker is None:
            return
        for reference in dict.fromkeys(case_references(entry)):
            yield case_key(speaker.name, reference)
        if base and entry.classification.kind not in MACHINE_KINDS:
            yield subject_key(speaker.name, base)

    def at(self, key: str) -> tuple[Entry, ...]:
        """Return the messages under a key."""
        return tuple(self._at.get(key, ()))

    def talk_of(self, entry: Entry) -> str:
        """Return the name of the talk a message stands in."""
        return self._groups.find(entry.message_id)

    def talks(self, keys: Iterable[str]) -> list[str]:
        """Return the names of the talks that have any of these keys, sorted."""
        return sorted({self.talk_of(entry) for key in keys for entry in self.at(key)})

    def __getitem__(self, name: str) -> Talk:
        return self._talks[name]

"""Talks: groups of messages that belong together, before they are cut up by council mailbox.

Pure. Holds the group, its indexes and whether a question in it is open; places nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
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
    """Messages that belong together, in order. Never changed: one that grows is a new one."""

    entries: list[Entry] = field(default_factory=list)
    _ours: dict[str | None, list[Entry]] = field(default_factory=dict, repr=False, compare=False)
    _turns: dict[str, tuple[list[datetime], list[datetime]]] = field(
        default_factory=dict, repr=False, compare=False
    )
    _addressed: frozenset[str] | None = field(default=None, repr=False, compare=False)
    _has_bounces: bool | None = field(default=None, repr=False, compare=False)

    def ours(self, watch: Watch, body: str | None = None) -> list[Entry]:
        """Return our messages that stand at a council mailbox (of one body)."""
        if body not in self._ours:
            self._ours[body] = [
                entry
                for entry in self.entries
                if is_ours(entry)
                and any(body in (None, box.body) for box in homes(entry.message, watch))
            ]
        return self._ours[body]

    def with_more(self, other: Talk, watch: Watch, moment: Mapping[str, datetime]) -> Talk:
        """Return this talk together with another one, with what is known of both."""
        is_later = moment[self.entries[-1].message_id] < moment[other.entries[0].message_id]

        def joined(one: list[Entry], more: list[Entry]) -> list[Entry]:
            return [*one, *more] if is_later or not more else in_order([*one, *more], moment)

        both = Talk(entries=joined(self.entries, other.entries))
        both._has_bounces = self.has_bounces or other.has_bounces
        both._ours = {
            body: joined(ours, other.ours(watch, body)) for body, ours in self._ours.items()
        }
        if other.addressed() <= self.addressed():
            both._addressed = self.addressed()
            if not both._has_bounces:
                for body, (asks, answers) in self._turns.items():
                    more_asks, more = other._turns_at(body, watch, moment, self.addressed())
                    both._turns[body] = (sorted([*asks, *more_asks]), sorted([*answers, *more]))
        return both

    @property
    def has_bounces(self) -> bool:
        """Whether any message of ours may not have arrived."""
        if self._has_bounces is None:
            self._has_bounces = any(e.classification.kind is Kind.BOUNCE for e in self.entries)
        return self._has_bounces

    def addressed(self) -> frozenset[str]:
        """Return every address that we wrote to in this talk."""
        if self._addressed is None:
            self._addressed = frozenset(
                address.address
                for entry in self.entries
                if is_ours(entry)
                for address in entry.message.recipients
            )
        return self._addressed

    def bounced(self) -> frozenset[str]:
        """Return the ids of our messages that did not arrive."""
        if not self.has_bounces:
            return frozenset()
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
        if body not in self._turns:
            self._turns[body] = self._turns_at(body, watch, moment, self.addressed())
        asks, answers = self._turns[body]
        last_ask = bisect_right(asks, at)
        if not last_ask:
            return False
        last_answer = bisect_left(answers, at)
        return not last_answer or answers[last_answer - 1] < asks[last_ask - 1]

    def _turns_at(
        self,
        body: str,
        watch: Watch,
        moment: Mapping[str, datetime],
        third_parties: frozenset[str],
    ) -> tuple[list[datetime], list[datetime]]:
        """Return when we asked a body and when people answered for it, each in order."""
        failed = self.bounced()
        asks = [
            moment[e.message_id]
            for e in self.ours(watch, body)
            if not e.classification.needs_no_reply
            and e.message_id not in failed
            and any(box.body == body for box in asked(e.message, watch))
        ]
        answers = [
            moment[e.message_id]
            for e in self.entries
            if not is_ours(e)
            and e.classification.kind.stops_the_clock
            and not e.classification.holding
            and _speaks_for(e, body, watch, third_parties)
        ]
        return sorted(asks), sorted(answers)


def _speaks_for(entry: Entry, body: str, watch: Watch, third_parties: frozenset[str]) -> bool:
    speaker = body_of_sender(entry.message, watch)
    if speaker is not None:
        return speaker.name == body
    elsewhere = not_the_body(entry.message, watch) is None
    return elsewhere and sender_address(entry.message) not in third_parties


class Shelf:
    """The indexes by which a message without a link finds the talks it may belong to."""

    __slots__ = ("_at", "_by_line", "_groups", "_ours", "_talks", "_watch")

    def __init__(self, groups: Groups, talks: dict[str, Talk], watch: Watch) -> None:
        self._groups = groups
        self._talks = talks
        self._watch = watch
        self._at: dict[str, list[Entry]] = {}
        self._by_line: dict[str, list[Entry]] = {}
        self._ours: dict[str, list[tuple[datetime, str]]] = {}  # of talks with a subject, in time

    def put(self, entry: Entry) -> None:
        """Index a message that stands in a talk of ours."""
        for key in self._keys(entry):
            self._at.setdefault(key, []).append(entry)
        if is_ours(entry) and homes(entry.message, self._watch):
            for line in own_lines(entry):
                self._by_line.setdefault(line, []).append(entry)
        if entry.classification.kind not in MACHINE_KINDS or is_ours(entry):
            self._ours.clear()  # a talk may have gained a subject, or a message of ours

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

    def latest_with(self, key: str, body: str, until: datetime, besides: str) -> Entry | None:
        """Return our last message up to a moment in any talk that has a subject at a body."""
        if key not in self._ours:
            ours = (
                (e.at, e.message_id)
                for name in self.talks([key])
                for e in self._talks[name].ours(self._watch, body)
            )
            self._ours[key] = sorted(ours)
        known = self._ours[key]
        place = bisect_right(known, until, key=lambda one: one[0])
        while place and known[place - 1][1] == besides:
            place -= 1
        if not place:
            return None
        last = known[place - 1][1]
        talk = self._talks[self._groups.find(last)]
        return next(e for e in reversed(talk.entries) if e.message_id == last)

    def quoted(self, lines: Iterable[str]) -> frozenset[str]:
        """Return the names of the talks in which we wrote any of some lines first."""
        return frozenset(self.talk_of(e) for line in lines for e in self._by_line.get(line, ()))

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

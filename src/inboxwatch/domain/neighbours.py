"""The messages that one new message can share its place with: what a store has to load. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.candidates import SUBJECT_WITHIN
from inboxwatch.domain.conversing import beginnings, floats, is_beginning
from inboxwatch.domain.follow_up import is_follow_up
from inboxwatch.domain.keys import APART, facing, is_near, is_seeking, is_timed, keys, subject_key
from inboxwatch.domain.links import Groups, connect, edges
from inboxwatch.domain.overrides import NONE, Decisions
from inboxwatch.domain.sides import bodies_of, homes, is_ours
from inboxwatch.domain.subject import base_subject
from inboxwatch.domain.talks import Talk, in_order, moments
from inboxwatch.domain.threads import Entry

Load = Callable[[frozenset[str]], tuple[Entry, ...]]
KeysOf = Callable[[Entry], frozenset[str]]
Latest = Callable[[frozenset[tuple[str, datetime]]], Iterable[Entry]]


def neighbourhood(
    new_entries: Iterable[Entry],
    load: Load,
    watch: Watch,
    *,
    decisions: Decisions = NONE,
    at_most: int = 20_000,
    keys_of: KeysOf | None = None,
    latest: Latest = lambda _wanted: (),
) -> tuple[Entry, ...]:
    """Return the new messages with everything that decides where they stand.

    To settle these alone gives them the places that settling everything would. Messages tied by
    ids go together; beyond that, only groups that still look for their talk depend on others, and
    others on them.

    Args:
        load: returns the stored messages that have any of some keys.
        at_most: a bound against a mailbox in which everything hangs together; when it is reached
            the caller gets what was found so far, and assembles everything at the next review.
        keys_of: gives the keys of a message where they are at hand.
        latest: gives, for keys and moments, the last message of ours before each that has the
            key, where that is less to read than all that have it; it may leave any out.
    """
    given = keys_of or (lambda entry: keys(entry, watch))
    reach = _Reach(load=load, watch=watch, decisions=decisions, given=given, latest=latest)
    fresh = reach.with_ids(new_entries)
    found = dict(fresh)
    while fresh and len(found) < at_most:
        fresh = {one: entry for one, entry in reach.beyond(fresh).items() if one not in found}
        found |= fresh
    return tuple(sorted(found.values(), key=lambda entry: (entry.at, entry.message_id)))


@dataclass(slots=True)
class _Reach:
    """Loads what lies around messages, each key once."""

    load: Load
    watch: Watch
    decisions: Decisions
    given: KeysOf
    latest: Latest
    known: dict[str, Entry] = field(default_factory=dict)  # everything ever loaded
    by_key: dict[str, set[str]] = field(default_factory=dict)
    latest_with: dict[str, list[Entry]] = field(default_factory=dict)  # ours, by subject key
    asked: set[str] = field(default_factory=set)
    keys_of: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=dict)

    def _at(self, wanted: Iterable[str]) -> dict[str, Entry]:
        """Return the messages under some keys."""
        wanted = tuple(wanted)
        missing = frozenset(wanted) - self.asked
        if missing:
            self.asked |= missing
            for entry in self.load(missing):
                self._know(entry)
        return {one: self.known[one] for key in wanted for one in self.by_key.get(key, ())}

    def _know(self, entry: Entry) -> None:
        if entry.message_id not in self.known:
            self.known[entry.message_id] = entry
            every = {k for k in self.given(entry) if not k.startswith(APART)}
            by_id = tuple(key for key in every if key.startswith("id:"))
            self.keys_of[entry.message_id] = (by_id, tuple(every.difference(by_id)))
            for key in every:
                self.by_key.setdefault(key, set()).add(entry.message_id)

    def _by_id(self, entry: Entry) -> tuple[str, ...]:
        return self.keys_of[entry.message_id][0]

    def _by_marks(self, entry: Entry) -> tuple[str, ...]:
        return self.keys_of[entry.message_id][1]

    def with_ids(self, entries: Iterable[Entry]) -> dict[str, Entry]:
        """Return messages with all that their ids, or a person's word, tie to them."""
        found: dict[str, Entry] = {}
        frontier = {entry.message_id: entry for entry in entries}
        for entry in frontier.values():
            self._know(entry)
        while frontier:
            found |= frontier
            wanted = {
                key
                for entry in frontier.values()
                for key in (*self._by_id(entry), *self._by_hand(entry))
            }
            frontier = {
                one: entry for one, entry in self._at(sorted(wanted)).items() if one not in found
            }
        return found

    def _by_hand(self, entry: Entry) -> list[str]:
        """Return the keys of the messages a person tied to this one, either way round.

        Those tied to a message that it names go with it too, known or not.
        """
        links = self.decisions.links
        if not links:
            return []
        ids = {key.removeprefix("id:") for key in self._by_id(entry)}
        tied = [one for one, root in links.items() if root in ids]
        if entry.message_id in links:
            tied.append(links[entry.message_id])
        return [f"id:{one}" for one in tied]

    def beyond(self, entries: Mapping[str, Entry]) -> dict[str, Entry]:
        """Return what weaker marks bring within reach of some messages.

        A group that floats depends on every talk it may belong to; a talk depends only on the
        groups that may come to it.
        """
        floating, settled = self._divided(entries)
        back: dict[str, list[datetime]] = {}
        for entry in settled:
            for key in self._by_marks(entry):
                if not is_seeking(key):
                    back.setdefault(facing(key), []).append(entry.at)
        ahead = {facing(k) for e in floating for k in self._by_marks(e) if not is_timed(k)}
        self._at(back.keys() | ahead)  # all at once
        weak = {facing(key) for e in floating for key in self._weak(e)}
        found = self.with_ids(self._at(sorted(weak)).values())
        coming = [
            e
            for e in self._at(sorted(back)).values()
            if self._may_float(e) and _may_come(e, self._by_marks(e), back)
        ]
        self._look_for_subjects(coming)
        near = [e for e in coming if _may_come(e, self._weak(e), back)]
        around, _ = self._divided(self.with_ids(near))
        relevant = [e for e in around if _may_come(e, self._weak(e), back)]
        return found | self.with_ids(relevant)

    def _divided(self, entries: Mapping[str, Entry]) -> tuple[list[Entry], list[Entry]]:
        """Part messages into those of floating groups and the rest."""
        tied = edges(entries, self.decisions)
        groups: Groups = connect(tied, beginnings(entries))
        floating: list[Entry] = []
        settled: list[Entry] = []
        moment: dict[str, datetime] = {}
        for ids in groups.members().values():
            group = [entries[one] for one in ids]
            ours = [e for e in group if is_ours(e) and homes(e.message, self.watch)]
            is_floating = not ours
            if any(map(is_follow_up, ours)):  # seldom: only then the order matters
                moment = moment or moments(entries)
                is_floating = floats(Talk(entries=in_order(group, moment)), self.watch)
            (floating if is_floating else settled).extend(group)
        return floating, settled

    def _weak(self, entry: Entry) -> tuple[str, ...]:
        """Return the weak keys by which an entry of a floating group may find its talk.

        Machine mail goes by its time only where no message of ours has its subject.
        """
        weak = self._by_marks(entry)
        if is_ours(entry) or not any(map(is_timed, weak)) or not self._has_subject(entry):
            return weak
        return tuple(key for key in weak if not is_timed(key))

    def _look_for_subjects(self, entries: Iterable[Entry]) -> None:
        """Read what tells of most mail of machines that it does not go by its time."""
        wanted = {
            (key, entry.at)
            for entry in entries
            if not is_ours(entry) and any(map(is_timed, self._by_marks(entry)))
            for key in self._subjects(entry)
            if key not in self.asked
        }
        for ours in self.latest(frozenset(wanted)) if wanted else ():
            for key in self._subjects(ours):
                self.latest_with.setdefault(key, []).append(ours)

    def _has_subject(self, entry: Entry) -> bool:
        return any(self._came_before(one, entry) for one in self._with_subject(entry))

    def _with_subject(self, entry: Entry) -> Iterator[Entry]:
        """Yield what may be ours with the subject of machine mail, what has to be read last."""
        keys = self._subjects(entry)
        for key in keys:
            yield from [self.known[one] for one in self.by_key.get(key, ())]
            yield from self.latest_with.get(key, ())
        yield from self._at(keys).values()

    def _came_before(self, ours: Entry, entry: Entry) -> bool:
        return (
            is_ours(ours)
            and ours.at < entry.at
            and entry.at - ours.at <= SUBJECT_WITHIN
            and bool(homes(ours.message, self.watch))
        )

    def _subjects(self, entry: Entry) -> list[str]:
        """Return the keys under which mail of machines and ours with its subject meet."""
        base = base_subject(entry.message.subject)
        if not base:
            return []
        return [subject_key(body, base) for body in bodies_of(entry, self.watch)]

    def _may_float(self, entry: Entry) -> bool:
        """Tell quickly whether a message may be of a floating group."""
        return (
            not is_ours(entry)
            or is_follow_up(entry)
            or not is_beginning(entry)
            or not homes(entry.message, self.watch)
        )


def _may_come(
    entry: Entry, its_keys: Iterable[str], back: Mapping[str, Sequence[datetime]]
) -> bool:
    """Tell whether a message may come to others by its keys.

    Args:
        back: the keys it would have to have, each with the times of those others.
    """
    return any(
        key in back and (not is_timed(key) or any(is_near(at, entry.at) for at in back[key]))
        for key in its_keys
    )

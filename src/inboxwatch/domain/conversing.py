"""Put messages into talks: first by the ids they name, then one by one by weaker marks. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.candidates import Candidates
from inboxwatch.domain.fallback import Fallback
from inboxwatch.domain.follow_up import FollowUp, is_follow_up
from inboxwatch.domain.kinds import Classification, Kind
from inboxwatch.domain.links import Groups, connect, edges, named
from inboxwatch.domain.overrides import Decisions
from inboxwatch.domain.sides import is_ours
from inboxwatch.domain.subject import is_forward, is_reply
from inboxwatch.domain.talks import Shelf, Talk, in_order, in_time, moments
from inboxwatch.domain.threads import Entry, Link, LinkKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A talk that is settled: its messages in order of time, and how each came to be in it."""

    entries: tuple[Entry, ...]
    links: Mapping[str, Link]
    moment: Mapping[str, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversations:
    """Every talk with a message of ours to a body, and the messages of none."""

    talks: tuple[Conversation, ...]
    loose: tuple[Entry, ...]


def unique(entries: Iterable[Entry], decisions: Decisions) -> dict[str, Entry]:
    """Return the messages by id, each once with all its places, as a person's word has them."""
    found: dict[str, Entry] = {}
    for entry in entries:
        if entry.classification.kind is Kind.OWN_REMINDER:
            continue
        kind = decisions.kinds.get(entry.message_id)
        if kind is not None and not entry.classification.by_hand:
            entry = replace(entry, classification=_said(entry.classification, kind))
        twin = found.get(entry.message_id)
        if twin is not None:
            first, second = sorted((twin, entry), key=lambda e: (e.at, repr(e.message)))
            places = (*first.message.locations, *second.message.locations)
            places = tuple(sorted(dict.fromkeys(places), key=repr))
            entry = replace(first, message=replace(first.message, locations=places))
        found[entry.message_id] = entry
    return found


def _said(classification: Classification, kind: Kind) -> Classification:
    keeps = kind is classification.kind
    return replace(
        classification,
        kind=kind,
        by_hand=True,
        confidence=1.0,
        holding=classification.holding and keeps,
    )


def converse(entries: Mapping[str, Entry], watch: Watch, decisions: Decisions) -> Conversations:
    """Group messages into talks.

    The order of `entries` has no influence: ids join without order, and weaker marks are tried
    in order of the messages' own time.
    """
    tied = edges(entries, decisions)
    groups = connect(tied, beginnings(entries))
    moment = moments(entries)
    talks = {
        name: Talk(entries=in_order((entries[one] for one in ids), moment))
        for name, ids in groups.members().items()
    }
    shelf = Shelf(groups, talks, watch)
    floating = []
    for name, talk in talks.items():
        if floats(talk, watch):
            floating.append(name)
        else:
            for entry in talk.entries:
                shelf.put(entry)
    links = _attach(floating, talks, groups, Candidates(shelf, watch, moment), decisions)
    settled, loose = [], []
    for name in sorted(talks):
        talk = talks[name]
        if any(True for _ in talk.ours(watch)):
            settled.append(_settled(talk, tied, links, moment, decisions))
        else:
            loose += talk.entries
    return Conversations(talks=tuple(settled), loose=tuple(in_time(loose)))


def is_beginning(entry: Entry) -> bool:
    """Tell whether a message of ours begins something new: it answers and names nothing."""
    subject = entry.message.subject
    return (
        is_ours(entry)
        and not named(entry.message)
        and not is_reply(subject)
        and not is_forward(subject)
    )


def beginnings(entries: Mapping[str, Entry]) -> frozenset[str]:
    """Return the ids of our messages that begin something new."""
    return frozenset(one for one, entry in entries.items() if is_beginning(entry))


def floats(talk: Talk, watch: Watch) -> bool:
    """Tell whether a group still looks for its talk.

    It holds no message of ours to a body, or begins with one that goes on with something else and
    holds no other that begins anything.
    """
    ours = list(talk.ours(watch))
    if not ours:
        return True
    if ours[0] is not talk.entries[0] or not is_follow_up(ours[0]):
        return False
    return not any(is_beginning(entry) for entry in ours[1:])


def _attach(
    floating: list[str],
    talks: dict[str, Talk],
    groups: Groups,
    candidates: Candidates,
    decisions: Decisions,
) -> dict[str, Link]:
    """Attach each floating group to the talk its earliest telling message belongs to."""
    links: dict[str, Link] = {}
    theirs, ours = Fallback(candidates), FollowUp(candidates)
    moved = decisions.unlinked | decisions.links.keys()
    floating.sort(key=lambda name: (talks[name].entries[0].at, talks[name].entries[0].message_id))
    for name in floating:
        talk = talks[name]
        found = None
        if moved.isdisjoint(entry.message_id for entry in talk.entries):
            tellers = talk.entries[:1] if is_ours(talk.entries[0]) else talk.entries
            for entry in tellers:
                found = ours.find(entry) if is_ours(entry) else theirs.find(entry)
                if found is not None:
                    target, link = found
                    links[entry.message_id] = link
                    top = groups.find(target)
                    merged = talks[top].with_more(talk, candidates.watch, candidates.moment)
                    del talks[top], talks[name]
                    talks[groups.join(top, name)] = merged
                    break
        if found is not None or any(is_ours(entry) for entry in talk.entries):
            for entry in talk.entries:
                candidates.shelf.put(entry)
    return links


def _settled(
    talk: Talk,
    tied: Mapping[str, tuple[str, ...]],
    attached: Mapping[str, Link],
    moment: Mapping[str, datetime],
    decisions: Decisions,
) -> Conversation:
    entries = talk.entries
    links = id_links(entries, tied, attached, decisions)
    return Conversation(entries=tuple(entries), links=links, moment=moment)


def id_links(
    entries: Sequence[Entry],
    tied: Mapping[str, tuple[str, ...]],
    attached: Mapping[str, Link],
    decisions: Decisions,
) -> dict[str, Link]:
    """Return how each message came to stand with the others."""
    inside = {entry.message_id: entry for entry in entries}
    namers: dict[str, list[str]] = {}
    for entry in entries:
        for one in tied[entry.message_id]:
            namers.setdefault(one, []).append(entry.message_id)
    return {
        one: attached.get(one) or _id_link(entry, tied[one], inside, namers, decisions)
        for one, entry in inside.items()
    }


def _id_link(
    entry: Entry,
    ids: tuple[str, ...],
    inside: Mapping[str, Entry],
    namers: Mapping[str, Sequence[str]],
    decisions: Decisions,
) -> Link:
    message = entry.message
    if message.message_id in decisions.links:
        return Link(kind=LinkKind.BY_HAND, evidence="you put it into this thread")
    for one in ids:
        if one not in inside:
            continue
        if message.report is not None:
            return Link(kind=LinkKind.REPORT, evidence=f"the report names <{one}>")
        if one in message.in_reply_to:
            return Link(kind=LinkKind.REFERENCES, evidence=f"In-Reply-To names <{one}>")
        if one in message.references:
            return Link(kind=LinkKind.REFERENCES, evidence=f"References names <{one}>")
        return Link(
            kind=LinkKind.REFERENCES,
            evidence=f"a header of the mail server names <{one}>",
            confidence=0.98,
        )
    if message.message_id in namers:
        by = namers[message.message_id][0]
        return Link(kind=LinkKind.REFERENCES, evidence=f"<{by}> names it")
    shared = [one for one in ids if len(namers[one]) > 1]
    if shared:
        return Link(
            kind=LinkKind.REFERENCES,
            evidence=f"it and others here name <{shared[0]}>, which is not in this mailbox",
            confidence=0.98,
        )
    return Link(kind=LinkKind.ROOT)

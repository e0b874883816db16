"""Threads of mail in which every correspondent is watched and no side is ours. Pure.

Serves support and measuring: the same ids, server marks and subjects, without bodies or waits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from inboxwatch.domain.bodies import CouncilMailbox
from inboxwatch.domain.conversing import id_links, unique
from inboxwatch.domain.keys import telling_lines
from inboxwatch.domain.links import connect, named_as_written
from inboxwatch.domain.overrides import NONE
from inboxwatch.domain.subject import is_forward, is_reply, tagged_subject
from inboxwatch.domain.talks import in_order, moments
from inboxwatch.domain.threads import Entry, Link, LinkKind, Placed, Thread

WITHIN = timedelta(days=90)
_SKEW = timedelta(hours=14)  # a bare Date may be wrong by a time zone
_ANSWERS = re.compile(r"(?:^|[\s\])\-–])(?:re|fwd?|aw|sv)\s*(?:\[\d+\])?:", re.IGNORECASE)
_NOBODY = CouncilMailbox(address="", body="")


def assemble_all(entries: Iterable[Entry]) -> tuple[Thread, ...]:
    """Assemble threads with every correspondent watched; a shared address is the same body.

    A message that names none joins the one thread it fits: it must look like an answer, share an
    address with that thread and follow it. Two threads are never merged for it.
    """
    known = unique(entries, NONE)
    tied = {one: named_as_written(entry.message) for one, entry in known.items()}
    groups = connect(tied)
    moment = moments(known)
    shelf = _Shelf()
    floating = []
    for ids in groups.members().values():
        ordered = in_order((known[one] for one in ids), moment)
        if len(ordered) == 1 and not tied[ordered[0].message_id]:
            floating.append(ordered)
        else:
            shelf.put(ordered)
    links: dict[str, Link] = {}
    floating.sort(key=lambda found: (found[0].at, found[0].message_id))
    for ordered in floating:
        found = shelf.find(ordered[0])
        if found is not None:
            target, link = found
            links[ordered[0].message_id] = link
            shelf.add(target, ordered)
        else:
            shelf.put(ordered)
    threads = (_thread(in_order(talk, moment), tied, links, moment) for talk in shelf.talks)
    return tuple(sorted(threads, key=lambda thread: (thread.placed[0].at, thread.root)))


def _looks_like_answer(subject: str) -> bool:
    """Tell whether a subject shows that others came before: a mark, or a case reference."""
    return is_reply(subject) or is_forward(subject) or _ANSWERS.search(subject) is not None


def _people(entry: Entry) -> set[str]:
    message = entry.message
    found = {a.address for a in message.recipients}
    return found | ({message.sender.address} if message.sender else set())


@dataclass(slots=True)
class _Shelf:
    """The threads so far, and by which subject each can be found."""

    talks: list[list[Entry]] = field(default_factory=list)
    by_subject: dict[str, dict[int, None]] = field(default_factory=dict)

    def put(self, ordered: list[Entry]) -> None:
        self.talks.append([])
        self.add(len(self.talks) - 1, ordered)

    def add(self, talk: int, ordered: list[Entry]) -> None:
        self.talks[talk] += ordered
        for entry in ordered:
            key = tagged_subject(entry.message.subject)
            if key:
                self.by_subject.setdefault(key, {})[talk] = None

    def find(self, entry: Entry) -> tuple[int, Link] | None:
        """Return the one thread that a message without links fits."""
        if not _looks_like_answer(entry.message.subject):
            return None
        key = tagged_subject(entry.message.subject)
        fits = [t for t in self.by_subject.get(key, ()) if self._fits(t, entry, key)]
        if len(fits) > 1:
            fits = [t for t in fits if self._quoted(t, entry)] or fits
        evidence = "the same subject, and the only thread with it that it can answer"
        if len(fits) != 1:
            return None
        return fits[0], Link(kind=LinkKind.SUBJECT, evidence=evidence, confidence=0.85)

    def _fits(self, talk: int, entry: Entry, key: str) -> bool:
        people = _people(entry)
        return any(
            -_SKEW <= entry.at - other.at <= WITHIN
            and tagged_subject(other.message.subject) == key
            and not people.isdisjoint(_people(other))
            for other in self.talks[talk]
        )

    def _quoted(self, talk: int, entry: Entry) -> bool:
        quoted = set(telling_lines(entry.message.quoted_text, 40))
        return any(quoted & set(telling_lines(e.message.own_text, 200)) for e in self.talks[talk])


def _thread(
    ordered: list[Entry],
    tied: Mapping[str, tuple[str, ...]],
    attached: Mapping[str, Link],
    moment: Mapping[str, datetime],
) -> Thread:
    links = id_links(ordered, tied, attached, NONE)
    placed = tuple(
        Placed(entry=e, link=links[e.message_id], not_before=moment[e.message_id]) for e in ordered
    )
    return Thread(council_mailbox=_NOBODY, root=ordered[0].message_id, placed=placed)

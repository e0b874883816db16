"""Replies that may belong to a thread: mail that no mark places, shown where it could matter.

Pure. A second step over settled threads; it needs their `pages`, not more.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.keys import case_references, quoted_lines
from inboxwatch.domain.overrides import Decisions
from inboxwatch.domain.pages import Page, Spell, answers_in, are_one_talk, lines_of, plain
from inboxwatch.domain.sides import SPEAKING_KINDS, is_ours, not_the_body, sender_address
from inboxwatch.domain.subject import base_subject
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

ANSWERS_ANOTHER = "an answer to another message names the subject of this one"
_FEW_TALKS = 2  # one message that waits in a portal may answer any of so many questions
_EMAIL_OF = re.compile(
    r" (?:email|letter|message) (?:of|dated|sent on|from) (\d{1,2})(?:st|nd|rd|th)?"
    r" ([a-z]{3,9})(?= )"
)


def with_possible(assembly: Assembly, watch: Watch, decisions: Decisions) -> Assembly:
    """Return the assembly with unplaced mail of people put beside the waits it may answer.

    It is a possible reply when exactly one wait is open at the council mailbox it comes from, or
    with that officer, or when it speaks to a message of ours by name, reference or quotation. An
    answer that stands in one thread may also answer what stands in another, if it names it.
    """
    also = _answers(assembly)
    if not assembly.unplaced and not also:
        return assembly
    books: dict[str, _Book] = {}
    for thread in assembly.threads:
        books.setdefault(thread.council_mailbox.body, _Book()).add(thread, decisions)
    for book in books.values():
        book.rewind()
    found: dict[str, dict[str, str]] = {}
    for item in sorted(assembly.unplaced, key=_when):
        book = books.get(item.body, _Book())
        found[item.entry.message_id] = hosts(
            item.entry,
            book.open_at(item.entry.at),
            quoted=book.quoted_by,
            watch=watch,
            decisions=decisions,
        )
    for (message_id, body), entry in also.items():
        others = also_answered(entry, books[body].named_by(entry))
        found.setdefault(message_id, {}).update(others)
    return with_guests(assembly, found, also.values())


def with_guests(
    assembly: Assembly, found: Mapping[str, Mapping[str, str]], also: Iterable[Entry] = ()
) -> Assembly:
    """Return the assembly with mail in the threads that it may belong to besides.

    Args:
        found: by the id of a message, why it may belong to each thread, by thread id.
        also: messages that are not among the unplaced: answers that stand in a thread already.
    """
    entries = {entry.message_id: entry for entry in also}
    entries |= {item.entry.message_id: item.entry for item in assembly.unplaced}
    guests: dict[str, list[tuple[Entry, str]]] = {}
    for message_id, threads in found.items():
        for thread_id, evidence in threads.items():
            guests.setdefault(thread_id, []).append((entries[message_id], evidence))
    if not guests:
        return assembly
    return replace(
        assembly,
        threads=tuple(_hosting(thread, guests.get(thread.id, ())) for thread in assembly.threads),
        unplaced=tuple(u for u in assembly.unplaced if not found.get(u.entry.message_id)),
    )


def _when(item: Unplaced) -> tuple[datetime, str]:
    return item.entry.at, item.entry.message_id


def _answers(assembly: Assembly) -> dict[tuple[str, str], Entry]:
    """Return the answers, by id and body, at bodies at which more than one thread runs."""
    threads = Counter(thread.council_mailbox.body for thread in assembly.threads)
    return {
        (entry.message_id, thread.council_mailbox.body): entry
        for thread in assembly.threads
        if threads[thread.council_mailbox.body] > 1
        for entry in answers_in(thread)
    }


def also_answered(entry: Entry, open_now: Iterable[Page]) -> dict[str, str]:
    """Return the other threads whose open question the words of an answer name, with evidence."""
    others = [page for page in open_now if entry.message_id not in page.ids]
    if not others:
        return {}
    said = plain(entry.message.own_text)
    about = plain(base_subject(entry.message.subject))
    found: dict[str, str] = {}
    for page in others:
        spell = page.open_at(entry.at)
        if spell and any(name in said and name.strip() not in about for name in spell.names):
            found[page.thread_id] = ANSWERS_ANOTHER
    return found


def settled_only(thread: Thread) -> Thread:
    """Return a thread without the replies that are only possible."""
    placed = tuple(p for p in thread.placed if p.link.kind is not LinkKind.POSSIBLE)
    return thread if len(placed) == len(thread.placed) else replace(thread, placed=placed)


def _hosting(thread: Thread, guests: Sequence[tuple[Entry, str]]) -> Thread:
    if not guests:
        return thread
    body = thread.council_mailbox.body
    every = (*thread.placed, *(_guest(entry, body, why) for entry, why in guests))
    placed = sorted(every, key=lambda p: (p.at, not is_ours(p.entry), p.entry.message_id))
    return replace(thread, placed=tuple(placed))


def possible_link(evidence: str) -> Link:
    """Return the link of a message that may belong to a thread."""
    return Link(kind=LinkKind.POSSIBLE, evidence=evidence, confidence=0.5)


def _guest(entry: Entry, body: str, evidence: str) -> Placed:
    return Placed(
        entry=entry,
        link=possible_link(evidence),
        body=body,
        standing=Standing.DOUBTED,
        why_doubted=evidence,
    )


@dataclass(slots=True)
class _Book:
    """The pages at one body, and in which of them each line of ours stands."""

    pages: list[Page] = field(default_factory=list)
    by_line: dict[str, list[Page]] = field(default_factory=dict)
    _named: dict[str, list[Page]] = field(default_factory=dict)  # by the longest word of a name
    _coming: list[tuple[Spell, Page]] = field(default_factory=list)  # the earliest last
    _open: list[tuple[Spell, Page]] = field(default_factory=list)

    def add(self, thread: Thread, decisions: Decisions) -> None:
        page = Page.of(thread, decisions)
        self.pages.append(page)
        for name in {name for spell in page.spells for name in spell.names}:
            self._named.setdefault(max(name.split(), key=len, default=""), []).append(page)
        for line in lines_of(placed.entry for placed in thread.placed):
            self.by_line.setdefault(line, []).append(page)

    def rewind(self) -> None:
        """Go back to before everything, to be asked `open_at` in order of time."""
        spells = ((spell, page) for page in self.pages for spell in page.spells)
        self._coming = sorted(spells, key=lambda pair: pair[0].begun, reverse=True)
        self._open = []

    def open_at(self, at: datetime) -> list[Page]:
        """Return the pages with an open question at a moment not before the last one asked."""
        while self._coming and self._coming[-1][0].begun <= at:
            self._open.append(self._coming.pop())
        self._open = [pair for pair in self._open if at < pair[0].ended]
        return [page for _, page in self._open]

    def named_by(self, entry: Entry) -> list[Page]:
        """Return the pages that may have a name which the words of a message say."""
        words = self._named.keys() & plain(entry.message.own_text).split()
        return [page for word in sorted(words) for page in self._named[word]]

    def quoted_by(self, entry: Entry) -> set[str]:
        """Return the threads whose words a message quotes and no other talk has."""
        return quoted_threads(
            entry, lambda lines: {one: self.by_line.get(one, ()) for one in lines}
        )


def quoted_threads(
    entry: Entry, with_lines: Callable[[tuple[str, ...]], Mapping[str, Iterable[Page]]]
) -> set[str]:
    """Return the ids of the threads whose words a message quotes and no other talk has.

    Args:
        with_lines: gives the pages in whose threads each of some lines stands.
    """
    lines = quoted_lines(entry)
    if not lines:
        return set()
    return {
        page.thread_id
        for pages in with_lines(lines).values()
        if are_one_talk(pages)
        for page in pages
    }


def may_be_reply(entry: Entry, decisions: Decisions) -> bool:
    """Tell whether an unplaced message is worth being put beside a question."""
    classification = entry.classification
    speaks = classification.kind in SPEAKING_KINDS and not classification.holding
    return speaks and entry.message_id not in decisions.unlinked


def hosts(
    entry: Entry,
    open_now: Iterable[Page],
    *,
    quoted: Callable[[Entry], set[str]],
    watch: Watch,
    decisions: Decisions,
) -> dict[str, str]:
    """Return the threads that an unplaced message may belong to, by id, with the evidence.

    Args:
        open_now: the pages of its body with a question that stood open when it came.
        quoted: gives the ids of the threads that only it can be quoting.
    """
    pages = {page.thread_id: page for page in open_now}
    if not pages or not may_be_reply(entry, decisions):
        return {}
    ear = Ear(entry, quoted(entry))
    speaks = {one: why for one, page in pages.items() if (why := ear.hears(page))}
    if speaks or not_the_body(entry.message, watch) is not None:
        return speaks
    sender = sender_address(entry.message)
    theirs = [page for page in pages.values() if sender in page.writers]
    if are_one_talk(theirs):
        return {page.thread_id: f"your only open question to {sender}" for page in theirs}
    near = theirs or list(pages.values())
    if entry.classification.action and len(near) <= _FEW_TALKS:
        why = "a message waits elsewhere that may answer this; only you can read it"
        return {page.thread_id: why for page in near}
    return {}


class Ear:
    """Tells how one message speaks to open questions."""

    __slots__ = ("_at", "_days", "_quoted", "_references", "_said")

    def __init__(self, entry: Entry, quoted: set[str]) -> None:
        self._at = entry.at
        self._said = plain(f"{entry.message.subject}\n{entry.message.own_text}")
        self._days = sorted({(int(day), month) for day, month in _EMAIL_OF.findall(self._said)})
        self._references = case_references(entry)
        self._quoted = quoted

    def hears(self, page: Page) -> str:
        """Return how the message speaks to the open question of a page, or an empty string."""
        spell = page.open_at(self._at)
        if spell is None:
            return ""
        for reference in self._references:
            if reference.casefold() in page.references:
                return f"it carries the reference {reference}"
        if page.thread_id in self._quoted:
            return "it quotes your message"
        if any(name in self._said for name in spell.names):
            return "it names the subject of your message"
        for day, month in self._days:
            if f"{day} {month}" in spell.days:
                return f"it speaks of your email of {day} {month.title()}"
        return ""

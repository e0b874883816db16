"""Replies that may belong to a thread: mail that no mark places, shown where it could matter.

Pure. A second step over settled threads; it needs their `pages`, not more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.keys import quoted_lines
from inboxwatch.domain.overrides import Decisions
from inboxwatch.domain.pages import (
    Page,
    Spell,
    answers_in,
    are_one_talk,
    lines_of,
    plain,
)
from inboxwatch.domain.sides import SPEAKING_KINDS, is_ours, not_the_body, sender_address
from inboxwatch.domain.speaking import Ear
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
_TALK_AT_MOST = 50  # threads, each at a mailbox of its own
_FEW_TALKS = 2  # one message that waits in a portal may answer any of so many questions


def with_possible(assembly: Assembly, watch: Watch, decisions: Decisions) -> Assembly:
    """Return the assembly with unplaced mail of people put beside the waits it may answer.

    It is a possible reply when exactly one wait is open at the council mailbox it comes from, or
    with that officer, or at its body about somebody whom it names, or when it speaks to a message
    of ours by subject, reference or quotation. An answer that stands in one thread may also answer
    what stands in another, if it names it.
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
        book.go_to(item.entry.at)
        found[item.entry.message_id] = hosts(
            item.entry,
            book.spoken_to,
            quoted=book.quoted_by(item.entry),
            open_from=book.open_from,
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
    _marked: dict[str, list[Page]] = field(default_factory=dict)
    _coming: list[tuple[Spell, Page]] = field(default_factory=list)  # the earliest last
    _open: list[tuple[Spell, Page]] = field(default_factory=list)

    def add(self, thread: Thread, decisions: Decisions) -> None:
        page = Page.of(thread, decisions)
        self.pages.append(page)
        for name in {name for spell in page.spells for name in spell.names}:
            self._named.setdefault(max(name.split(), key=len, default=""), []).append(page)
        for mark in {mark for mark, _ in page.marks}:
            self._marked.setdefault(mark, []).append(page)
        for line in lines_of(placed.entry for placed in thread.placed):
            self.by_line.setdefault(line, []).append(page)

    def rewind(self) -> None:
        """Go back to before everything, to be led on by `go_to`."""
        spells = ((spell, page) for page in self.pages for spell in page.spells)
        self._coming = sorted(spells, key=lambda pair: pair[0].begun, reverse=True)
        self._open = []

    def go_to(self, at: datetime) -> None:
        """Go on to a moment not before the last one: what follows is asked about the pages with a
        question that stands open then.
        """
        while self._coming and self._coming[-1][0].begun <= at:
            self._open.append(self._coming.pop())
        self._open = [pair for pair in self._open if at < pair[0].ended]

    def spoken_to(self, ear: Ear) -> list[Page]:
        """Return those pages that a message may name, or whose mark it has, and perhaps others."""
        found = {page.thread_id for page in self._having_name(ear.said)}
        found |= {page.thread_id for mark in ear.marks for page in self._marked.get(mark, ())}
        return [page for _, page in self._open if page.thread_id in found]

    def open_from(self, sender: str | None, _at_most: int = 0) -> list[Page]:
        """Return those pages in which somebody wrote from an address."""
        return [page for _, page in self._open if sender is None or sender in page.writers]

    def named_by(self, entry: Entry) -> list[Page]:
        """Return the pages, at whatever time, that may have a name which an answer says."""
        return self._having_name(plain(entry.message.own_text))

    def _having_name(self, said: str) -> list[Page]:
        words = self._named.keys() & said.split()
        return [page for word in sorted(words) for page in self._named[word]]

    def quoted_by(self, entry: Entry) -> dict[str, Page]:
        """Return the pages of threads whose words a message quotes and no other talk has."""
        return quoted_threads(
            entry, lambda lines: {one: self.by_line.get(one, ()) for one in lines}
        )


def quoted_threads(
    entry: Entry, with_lines: Callable[[tuple[str, ...]], Mapping[str, Iterable[Page]]]
) -> dict[str, Page]:
    """Return the pages of the threads whose words a message quotes and no other talk has, by id.

    Args:
        with_lines: gives the pages in whose threads each of some lines stands.
    """
    lines = quoted_lines(entry)
    if not lines:
        return {}
    return {
        page.thread_id: page
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
    spoken_to: Callable[[Ear], Iterable[Page]],
    *,
    quoted: Mapping[str, Page],
    open_from: Callable[[str | None, int], Sequence[Page]],
    watch: Watch,
    decisions: Decisions,
) -> dict[str, str]:
    """Return the threads that an unplaced message may belong to, by id, with the evidence.

    Args:
        spoken_to: gives the pages of its body that it may name, or whose mark it has; perhaps
            others.
        quoted: the pages of threads that only it can be quoting, by id.
        open_from: gives pages of its body with a question that stood open when it came, in which
            somebody wrote from an address (None: anybody); all of them, or more than a number.
    """
    if not may_be_reply(entry, decisions):
        return {}
    ear = Ear(entry, quoted)
    called = tuple(spoken_to(ear))
    pages = (*quoted.values(), *called)
    speaks = {page.thread_id: why for page in pages if (why := ear.hears(page))}
    if speaks or not_the_body(entry.message, watch) is not None:
        return speaks
    sender = sender_address(entry.message)
    theirs = open_from(sender, _TALK_AT_MOST)
    if len(theirs) <= _TALK_AT_MOST and are_one_talk(theirs):
        return {page.thread_id: f"your only open question to {sender}" for page in theirs}
    about = {page.thread_id: page for page in called if ear.is_about(page)}
    if are_one_talk(about.values()):
        return dict.fromkeys(about, "your only open question about somebody whom it names")
    if entry.classification.action:
        near = theirs or open_from(None, _FEW_TALKS)
        if len(near) <= _FEW_TALKS:
            why = "a message waits elsewhere that may answer this; only you can read it"
            return {page.thread_id: why for page in near}
    return {}

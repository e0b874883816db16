"""Replies that may belong to a thread: mail that no mark places, shown where it could matter.

Pure. A second step over settled threads; it needs to know which questions are open, not more, so
it is done at each review and never stored as a fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.keys import case_references, quoted_lines, telling_lines
from inboxwatch.domain.london import local_day
from inboxwatch.domain.overrides import Decisions
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
from inboxwatch.domain.verdict import Wait
from inboxwatch.domain.waits import waits

_SKEW = timedelta(minutes=5)
_NEVER = datetime.max.replace(tzinfo=UTC)
_NAME_AT_LEAST = 12  # characters of a subject that tell it from small talk
_LINES_COMPARED = 40
_EMAIL_OF = re.compile(
    r" (?:email|letter|message) (?:of|dated|sent on|from) (\d{1,2})(?:st|nd|rd|th)?"
    r" ([a-z]{3,9})(?= )"
)
_WORDS = re.compile(r"[^\w]+")


def with_possible(assembly: Assembly, watch: Watch, decisions: Decisions) -> Assembly:
    """Return the assembly with unplaced mail of people put beside the waits it may answer.

    It is a possible reply when exactly one wait is open at the council mailbox it comes from, or
    with that officer, or when it speaks to a message of ours by name, reference or quotation.
    """
    if not assembly.unplaced:
        return assembly
    books: dict[str, _Book] = {}
    for thread in assembly.threads:
        body = thread.council_mailbox.body
        books.setdefault(body, _Book()).add(_Page.of(thread, decisions))
    for book in books.values():
        book.rewind()
    guests: dict[str, list[Placed]] = {}
    unplaced = []
    for item in assembly.unplaced:  # in order of time
        found = list(_hosts(item, books.get(item.body, _Book()), watch, decisions))
        for thread, evidence in found:
            guests.setdefault(thread.id, []).append(_guest(item, evidence))
        if not found:
            unplaced.append(item)
    if not guests:
        return assembly
    threads = tuple(
        replace(
            thread,
            placed=tuple(
                sorted(
                    (*thread.placed, *guests[thread.id]),
                    key=lambda p: (p.at, not is_ours(p.entry), p.entry.message_id),
                )
            ),
        )
        if thread.id in guests
        else thread
        for thread in assembly.threads
    )
    return replace(assembly, threads=threads, unplaced=tuple(unplaced))


def _guest(item: Unplaced, evidence: str) -> Placed:
    return Placed(
        entry=item.entry,
        link=Link(kind=LinkKind.POSSIBLE, evidence=evidence, confidence=0.5),
        body=item.body,
        standing=Standing.DOUBTED,
        why_doubted=evidence,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Page:
    """A thread: when a question stood open in it, and by what mail can speak to it."""

    thread: Thread
    waits: tuple[Wait, ...]
    ids: frozenset[str]  # two threads that share a message are one talk
    writers: frozenset[str]
    references: frozenset[str]
    lines: frozenset[str]

    @staticmethod
    def of(thread: Thread, decisions: Decisions) -> _Page:
        entries = [placed.entry for placed in thread.placed]
        people = {
            sender_address(e.message)
            for e in entries
            if not is_ours(e) and e.classification.kind in SPEAKING_KINDS
        }
        return _Page(
            thread=thread,
            waits=waits(thread, decisions),
            ids=frozenset(e.message_id for e in entries),
            writers=frozenset(people | {thread.council_mailbox.address}),
            references=frozenset(ref.casefold() for e in entries for ref in case_references(e)),
            lines=frozenset(
                line
                for e in entries
                if is_ours(e)
                for line in telling_lines(e.message.own_text, _LINES_COMPARED)
            ),
        )

    def spells(self) -> Iterator[_Spell]:
        """Yield each stretch of time in which a question stood open."""
        for wait in self.waits:
            if wait.undelivered_at is None:
                messages = (wait.unanswered, *wait.chasers)
                names = (base_subject(message.subject) for message in messages)
                on = (local_day(message.at) for message in messages)
                yield _Spell(
                    begun=wait.unanswered.at - _SKEW,
                    ended=wait.answered_at or wait.closed_at or _NEVER,
                    page=self,
                    names=tuple({_plain(name) for name in names if len(name) >= _NAME_AT_LEAST}),
                    days=frozenset((day.day, f"{day:%B}".casefold()) for day in on),
                )


class _Spell(NamedTuple):
    """A question that stood open in a thread, from when to when, and what it can be called."""

    begun: datetime
    ended: datetime
    page: _Page
    names: tuple[str, ...]
    days: frozenset[tuple[int, str]]


@dataclass(slots=True)
class _Book:
    """The threads at one body, and in which of them each line of ours stands."""

    pages: list[_Page] = field(default_factory=list)
    by_line: dict[str, list[_Page]] = field(default_factory=dict)
    _coming: list[_Spell] = field(default_factory=list)  # the earliest last
    _open: list[_Spell] = field(default_factory=list)

    def add(self, page: _Page) -> None:
        self.pages.append(page)
        for line in page.lines:
            self.by_line.setdefault(line, []).append(page)

    def rewind(self) -> None:
        """Go back to before everything, to be asked `open_at` in order of time."""
        spells = (spell for page in self.pages for spell in page.spells())
        self._coming = sorted(spells, key=lambda spell: spell.begun, reverse=True)
        self._open = []

    def open_at(self, at: datetime) -> list[_Spell]:
        """Return the questions open at a moment not before the last one asked."""
        while self._coming and self._coming[-1].begun <= at:
            self._open.append(self._coming.pop())
        self._open = [spell for spell in self._open if at < spell.ended]
        return self._open

    def quoted_by(self, entry: Entry) -> list[_Page]:
        """Return the threads whose words a message quotes and no other thread has."""
        found = []
        for line in quoted_lines(entry):
            pages = self.by_line.get(line, [])
            if _is_one_talk(pages):
                found += [page for page in pages if page not in found]
        return found


def _is_one_talk(pages: list[_Page]) -> bool:
    return bool(pages) and all(page.ids & pages[0].ids for page in pages)


def _hosts(
    item: Unplaced, book: _Book, watch: Watch, decisions: Decisions
) -> Iterator[tuple[Thread, str]]:
    entry = item.entry
    if entry.classification.kind not in SPEAKING_KINDS or entry.classification.holding:
        return
    if entry.message_id in decisions.unlinked:
        return
    open_now = {spell.page: spell for spell in reversed(book.open_at(entry.at))}
    quoted = book.quoted_by(entry)
    said = _plain(f"{entry.message.subject}\n{entry.message.own_text}")
    days = frozenset((int(day), month) for day, month in _EMAIL_OF.findall(said))
    speaks = [
        (page, why)
        for page, spell in open_now.items()
        if (why := _speaks_to(entry, spell, page in quoted, said, days))
    ]
    if speaks:
        yield from ((page.thread, why) for page, why in speaks)
        return
    if not_the_body(entry.message, watch) is not None:
        return
    sender = sender_address(entry.message)
    theirs = [page for page in open_now if sender in page.writers]
    if _is_one_talk(theirs):
        yield from ((page.thread, f"your only open question to {sender}") for page in theirs)


def _speaks_to(
    entry: Entry,
    spell: _Spell,
    is_quoted: bool,
    said: str,
    days: frozenset[tuple[int, str]],
) -> str:
    """Return how a message speaks to an open question, or an empty string."""
    for reference in case_references(entry):
        if reference.casefold() in spell.page.references:
            return f"it carries the reference {reference}"
    if is_quoted:
        return "it quotes your message"
    if any(name in said for name in spell.names):
        return "it names the subject of your message"
    for day, month in sorted(days & spell.days):
        return f"it speaks of your email of {day} {month.title()}"
    return ""


def _plain(text: str) -> str:
    words = _WORDS.sub(" ", text.casefold().replace("e-mail", "email"))
    return f" {' '.join(w for w in words.split() if w != 'the')} "

"""Replies that may belong to a thread: mail that no mark places, shown where it could matter.

Pure. A second step over settled threads; it needs to know which questions are open, not more, so
it is done at each review and never stored as a fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

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
_NAME_AT_LEAST = 12  # characters of a subject that tell it from small talk
_LINES_COMPARED = 40
_WORDS = re.compile(r"[^\w]+")


def with_possible(assembly: Assembly, watch: Watch, decisions: Decisions) -> Assembly:
    """Return the assembly with unplaced mail of people put beside the waits it may answer.

    It is a possible reply when exactly one wait is open at the council mailbox it comes from, or
    with that officer, or when it speaks to a message of ours by name, reference or quotation.
    """
    guests: dict[str, list[Placed]] = {}
    unplaced = []
    books: dict[str, list[_Open]] = {}
    if assembly.unplaced:
        for thread in assembly.threads:
            books.setdefault(thread.council_mailbox.body, []).append(_Open.of(thread, decisions))
    for item in assembly.unplaced:
        found = list(_hosts(item, books.get(item.body, []), watch, decisions))
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Open:
    """A thread and when a question stood open in it."""

    thread: Thread
    waits: tuple[Wait, ...]
    talk: frozenset[str]  # ids of our messages: equal ids mean the same talk elsewhere
    writers: frozenset[str]

    @staticmethod
    def of(thread: Thread, decisions: Decisions) -> _Open:
        return _Open(
            thread=thread,
            waits=waits(thread, decisions),
            talk=frozenset(p.entry.message_id for p in thread.placed),
            writers=frozenset(
                {thread.council_mailbox.address}
                | {
                    sender_address(p.entry.message)
                    for p in thread.placed
                    if not is_ours(p.entry) and p.entry.classification.kind in SPEAKING_KINDS
                }
            ),
        )

    def wait_at(self, entry: Entry) -> Wait | None:
        """Return the wait that was open when a message came."""
        for wait in self.waits:
            ended = wait.answered_at or wait.closed_at
            begun = wait.unanswered.at - _SKEW <= entry.at
            if begun and (ended is None or entry.at < ended) and wait.undelivered_at is None:
                return wait
        return None


def _hosts(
    item: Unplaced, books: list[_Open], watch: Watch, decisions: Decisions
) -> Iterator[tuple[Thread, str]]:
    entry = item.entry
    if entry.classification.kind not in SPEAKING_KINDS or entry.classification.holding:
        return
    if entry.message_id in decisions.unlinked:
        return
    open_now = [(book, wait) for book in books if (wait := book.wait_at(entry)) is not None]
    speaks = [(book, why) for book, wait in open_now if (why := _speaks_to(entry, book, wait))]
    if speaks:
        yield from ((book.thread, why) for book, why in speaks)
        return
    if not_the_body(entry.message, watch) is not None:
        return
    sender = sender_address(entry.message)
    theirs = [book for book, _ in open_now if sender in book.writers]
    if theirs and all(book.talk & theirs[0].talk for book in theirs):
        why = f"your only open question to {sender}"
        yield from ((book.thread, why) for book in theirs)


def _speaks_to(entry: Entry, book: _Open, wait: Wait) -> str:
    """Return how a message speaks to an open question, or an empty string."""
    references = {ref.casefold() for p in book.thread.placed for ref in case_references(p.entry)}
    for reference in case_references(entry):
        if reference.casefold() in references:
            return f"it carries the reference {reference}"
    asked = [wait.unanswered, *wait.chasers]
    quoted = set(quoted_lines(entry))
    if quoted and any(
        quoted & set(telling_lines(message.own_text, _LINES_COMPARED)) for message in asked
    ):
        return "it quotes your message"
    said = _plain(f"{entry.message.subject}\n{entry.message.own_text}")
    for message in asked:
        name = base_subject(message.subject)
        if len(name) >= _NAME_AT_LEAST and _plain(name) in said:
            return "it names the subject of your message"
        day = local_day(message.at)
        month = f"{day:%B}".casefold()
        for written in (f"{day.day} {month}", f"{day.day}{_ordinal(day.day)} {month}"):
            for words in ("email of", "email dated", "letter of", "message of", "email sent on"):
                if f" {words} {written} " in said:
                    return f"it speaks of your email of {day.day} {month.title()}"
    return ""


def _plain(text: str) -> str:
    words = _WORDS.sub(" ", text.casefold().replace("e-mail", "email"))
    return f" {' '.join(w for w in words.split() if w != 'the')} "


def _ordinal(day: int) -> str:
    if 11 <= day <= 13:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")

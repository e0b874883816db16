"""Pages: when a question stood open in a thread, and by what mail can speak to it. Pure values.

A page says all of a thread that decides whether unplaced mail may be a reply in it, so that a
store can keep pages and the threads need not be assembled again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from inboxwatch.domain.evidence.folding import words_in
from inboxwatch.domain.keys import LINES_COMPARED, case_references, telling_lines
from inboxwatch.domain.london import local_day
from inboxwatch.domain.naming import names_in
from inboxwatch.domain.overrides import Decisions
from inboxwatch.domain.sides import SPEAKING_KINDS, is_ours, sender_address
from inboxwatch.domain.subject import base_subject
from inboxwatch.domain.threads import Entry, Standing, Thread
from inboxwatch.domain.verdict import Wait
from inboxwatch.domain.waits import waits

NEVER = datetime.max.replace(tzinfo=UTC)
_SKEW = timedelta(minutes=5)
_NAME_AT_LEAST = 12  # characters of a subject that tell it from small talk


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """A stretch of time in which a question stood open, and what the question can be called.

    `begun` is aware UTC and included, `ended` not. `days` are as in "3 march". `about` are names
    in its subject, folded: of the child, mostly.
    """

    begun: datetime
    ended: datetime
    names: tuple[str, ...]
    days: tuple[str, ...]
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What of one thread decides who may be replying in it; everything sorted.

    `ids` are its messages: two threads that share one are one talk. `answers` are those of them
    that answer beyond doubt. `writers` are the addresses that people wrote from, and the council
    mailbox.
    """

    thread_id: str
    body: str
    ids: tuple[str, ...]
    writers: tuple[str, ...]
    references: tuple[str, ...]
    spells: tuple[Spell, ...]
    answers: tuple[str, ...] = ()

    @staticmethod
    def of(thread: Thread, decisions: Decisions) -> Page:
        """Read a settled thread, without the replies that are only possible."""
        entries = [placed.entry for placed in thread.placed]
        people = {
            sender_address(e.message)
            for e in entries
            if not is_ours(e) and e.classification.kind in SPEAKING_KINDS
        }
        return Page(
            thread_id=thread.id,
            body=thread.council_mailbox.body,
            ids=tuple(sorted({e.message_id for e in entries})),
            writers=tuple(sorted(people | {thread.council_mailbox.address})),
            references=tuple(
                sorted({ref.casefold() for e in entries for ref in case_references(e)})
            ),
            spells=tuple(
                _spell(wait, thread.council_mailbox.body)
                for wait in waits(thread, decisions)
                if wait.undelivered_at is None
            ),
            answers=tuple(sorted(entry.message_id for entry in answers_in(thread))),
        )

    @property
    def marks(self) -> frozenset[tuple[str, datetime]]:
        """By what but names mail can speak to it, and until when; nothing without a question."""
        ended = max((spell.ended for spell in self.spells), default=None)
        if ended is None:
            return frozenset()
        found = {(case_mark(one), ended) for one in self.references}
        found |= {(writer_mark(one), ended) for one in self.writers}
        found |= {(day_mark(d), s.ended) for s in self.spells for d in s.days}
        return frozenset(found | {(about_mark(n), s.ended) for s in self.spells for n in s.about})

    def open_at(self, at: datetime) -> Spell | None:
        """Return the first spell in which a question stood open at a moment."""
        return next((spell for spell in self.spells if spell.begun <= at < spell.ended), None)


def case_mark(reference: str) -> str:
    """Return the mark of a folded case reference."""
    return f"case:{reference}"


def day_mark(day: str) -> str:
    """Return the mark of a day on which we wrote, as in "3 march"."""
    return f"day:{day}"


def about_mark(name: str) -> str:
    """Return the mark of a name that a question is about."""
    return f"about:{name}"


def writer_mark(address: str) -> str:
    """Return the mark of an address that somebody wrote from."""
    return f"from:{address}"


def _spell(wait: Wait, body: str) -> Spell:
    messages = (wait.unanswered, *wait.chasers)
    subjects = (base_subject(message.subject) for message in messages)
    names = {plain(subject) for subject in subjects if len(subject) >= _NAME_AT_LEAST}
    about = {
        name
        for message in messages
        for name in names_in(f"{message.subject}\n{message.own_text}", among=message.subject)
    }
    # Letters name whom they are for and what the body is called, whatever they are about.
    ours = " ".join(message.sender.name for message in messages if message.sender)
    about -= set(words_in(f"{body} {ours}".casefold()))
    on = (local_day(message.at) for message in messages)
    return Spell(
        begun=wait.unanswered.at - _SKEW,
        ended=wait.answered_at or wait.closed_at or NEVER,
        names=tuple(sorted(name for name in names if name.strip())),
        days=tuple(sorted({f"{day.day} {day:%B}".casefold() for day in on})),
        about=tuple(sorted(about)),
    )


def answers_in(thread: Thread) -> Iterator[Entry]:
    """Yield the answers that stand in a thread beyond doubt."""
    for placed in thread.placed:
        judged = placed.entry.classification
        counts = placed.body is not None and placed.standing is Standing.COUNTS
        if counts and judged.kind.stops_the_clock and not judged.holding:
            yield placed.entry


def lines_of(entries: Iterable[Entry]) -> frozenset[str]:
    """Return hashes of the lines that we wrote in some messages, and that mail may quote."""
    return frozenset(
        line
        for entry in entries
        if is_ours(entry)
        for line in telling_lines(entry.message.own_text, LINES_COMPARED)
    )


def are_one_talk(pages: Iterable[Page]) -> bool:
    """Tell whether there are pages, and all share a message with the first of them."""
    first, *others = sorted(pages, key=lambda page: page.thread_id) or (None,)
    return first is not None and all(not set(first.ids).isdisjoint(p.ids) for p in others)


def plain(text: str) -> str:
    """Return the words of a text, with a space before and after each."""
    words = words_in(text.casefold().replace("e-mail", "email"))
    return f" {' '.join([word for word in words if word != 'the'])} "

"""Find which mail may answer elsewhere by a change, and what: strays, which no mark places, and
answers that name what another thread asks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from inboxwatch.application.ports import Transaction
from inboxwatch.application.ports_judging import Span
from inboxwatch.application.records import Answer
from inboxwatch.application.shelf import Shelf
from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.overrides import Decisions
from inboxwatch.domain.pages import Page, Spell, lines_of, plain
from inboxwatch.domain.possible import also_answered, hosts, quoted_threads
from inboxwatch.domain.sides import body_near, sender_address
from inboxwatch.domain.speaking import Ear
from inboxwatch.domain.threads import Entry, Thread


@dataclass(slots=True)
class Straying:
    """The pages that are stored, with those that a change makes laid over them."""

    tx: Transaction
    person: str
    shelf: Shelf
    watch: Watch
    decisions: Decisions
    _changed: list[tuple[Page | None, Page | None]] = field(default_factory=list)
    _before: list[Page] = field(default_factory=list)
    _now: list[Page] = field(default_factory=list)
    _over: dict[str, Page | None] = field(default_factory=dict)  # by thread id; None: no more
    _lines: dict[str, frozenset[str]] = field(default_factory=dict)  # of ours, by thread id

    def turn(self, before: Mapping[str, Page], threads: Iterable[Thread]) -> dict[str, Page]:
        """Take the pages of threads that may have changed; return them by thread id.

        Args:
            before: the stored pages of all threads that these take the place of.
        """
        self._before += before.values()
        now: dict[str, Page] = {}
        for thread in threads:
            page = Page.of(thread, self.decisions)
            now[page.thread_id] = page
            self._now.append(page)
            self._lines[page.thread_id] = lines_of(placed.entry for placed in thread.placed)
        for one in before.keys() | now.keys():
            pair = (before.get(one), now.get(one))
            if pair[0] != pair[1]:
                self._changed.append(pair)
                self._over[one] = pair[1]
        return now

    def concerned(self) -> set[str]:
        """Return the ids of the stored strays that may answer something else by this change."""
        found: set[str] = set()
        by_body: dict[str, list[tuple[Page | None, Page | None]]] = {}
        for pair in self._changed:
            for body in {page.body for page in pair if page is not None}:
                by_body.setdefault(body, []).append(pair)
        lines = sorted({one for lines in self._lines.values() for one in lines})
        for body, pairs in by_body.items():
            if lines:
                found |= self.tx.strays_quoting(self.person, body, lines)
            for before, after in pairs:
                found |= self._heard_otherwise(body, before, after)
        return found

    def answering(self, seeds: Collection[str]) -> dict[str, set[str]]:
        """Return the bodies at which answers count that may answer something else by this change.

        Args:
            seeds: the messages that are judged or placed otherwise than before.

        Returns:
            The bodies by message id; none for a message that is no answer any more.
        """
        before, now = _answers(self._before), _answers(self._now)
        turned = {one for one, _ in before ^ now}
        found: dict[str, set[str]] = {
            one: set() for one in turned | {one for one, _ in now if one in seeds}
        }
        named = {one for pair in self._changed for one in self._naming(*pair)}
        far = self.tx.answers(self.person, sorted(named - found.keys())) if named else ()
        for one, body in (*now, *far):
            if one in found or one in named:
                found.setdefault(one, set()).add(body)
        return found

    def _naming(self, before: Page | None, after: Page | None) -> set[str]:
        """Return the answers that say the name of a page where it is open otherwise than before."""
        pages = [page for page in (before, after) if page is not None]
        names = {name for page in pages for spell in page.spells for name in spell.names}
        return {
            one
            for first, until in (_spans(before, after) if names else ())
            for one in self.tx.answers_saying(
                self.person, pages[0].body, first, until, sorted(names)
            )
        }

    def also(self, entry: Entry, bodies: Iterable[str]) -> dict[str, str]:
        """Return the threads at some bodies whose questions an answer names, with the evidence."""
        said = plain(entry.message.own_text)
        found: dict[str, str] = {}
        for body in sorted(bodies):
            stored = self.tx.pages_named(self.person, body, entry.at, said)
            found |= also_answered(entry, self._laid_over(stored, body))
        return found

    def keep_answers(self) -> None:
        """Store which answers count in the threads that may have changed."""
        before, now = _answers(self._before), _answers(self._now)
        if gone := before - now:
            self.tx.drop_answers(self.person, sorted(gone))
        if new := now - before:
            known = self.shelf.get(one for one, _ in sorted(new))
            self.tx.save_answers(
                self.person, [answer_of(known[one], body) for one, body in sorted(new)]
            )

    def _laid_over(self, stored: Iterable[Page], body: str) -> list[Page]:
        """Return stored pages of a body with those that the change makes in their place."""
        kept = [page for page in stored if page.thread_id not in self._over]
        return kept + [p for p in self._over.values() if p is not None and p.body == body]

    def _heard_otherwise(self, body: str, before: Page | None, after: Page | None) -> set[str]:
        """Return the strays that speak to a page otherwise than to what it was."""
        writers = {one for page in (before, after) if page is not None for one in page.writers}
        near = self.tx.strays_near(
            self.person,
            body,
            _whole(_spans(before, after)),
            # Where the question stood open before and after, only who wrote in it may matter.
            sorted(writers),
            _whole(_spans(before, None) + _spans(None, after)),
        )
        return {
            one
            for one, entry in self.shelf.get(sorted(near)).items()
            if _hears(entry, before) != _hears(entry, after)
        }

    def hosts(self, entry: Entry) -> dict[str, str]:
        """Return the threads that a stray may belong to, by id, with the evidence."""
        body = body_near(entry.message, self.watch)
        if body is None:
            return {}

        def spoken_to(ear: Ear) -> list[Page]:
            said, marks = ear.said, ear.marks
            stored = self.tx.pages_named(self.person, body.name, entry.at, said, marks)
            return self._laid_over(stored, body.name)

        def open_from(sender: str | None, at_most: int) -> list[Page]:
            many = at_most + len(self._over)  # as many may be others now
            there = self.tx.pages_from(self.person, body.name, entry.at, sender, many)
            return [
                page
                for page in self._laid_over(there, body.name)
                if page.open_at(entry.at) is not None and (sender is None or sender in page.writers)
            ]

        return hosts(
            entry,
            spoken_to,
            quoted=self._quoted(entry, body.name),
            open_from=open_from,
            watch=self.watch,
            decisions=self.decisions,
        )

    def _quoted(self, entry: Entry, body: str) -> dict[str, Page]:
        def saying(lines: tuple[str, ...]) -> dict[str, list[Page]]:
            stored = self.tx.pages_saying(self.person, body, lines)
            found = {
                line: [page for page in pages if page.thread_id not in self._over]
                for line, pages in stored.items()
            }
            for one, page in self._over.items():
                if page is not None and page.body == body:
                    for line in self._lines[one].intersection(lines):
                        found.setdefault(line, []).append(page)
            return found

        return quoted_threads(entry, saying)


def answer_of(entry: Entry, body: str) -> Answer:
    """Return what is kept of an answer that counts."""
    return Answer(
        message_id=entry.message_id, body=body, at=entry.at, said=plain(entry.message.own_text)
    )


def _answers(pages: Iterable[Page]) -> set[tuple[str, str]]:
    """Return the answers that count in some threads, each with the body."""
    return {(one, page.body) for page in pages for one in page.answers}


def _spans(before: Page | None, after: Page | None) -> list[Span]:
    """Return the times in which a page may speak otherwise to anyone than what it was."""
    old = before.spells if before is not None else ()
    new = after.spells if after is not None else ()
    if before is not None and after is not None and before.references == after.references:
        called = {(spell.begun, *_called(spell)): spell for spell in old}
        spans = []
        for spell in new:
            same = called.pop((spell.begun, *_called(spell)), None)
            if same is None:
                spans.append((spell.begun, spell.ended))
            elif same.ended != spell.ended:
                spans.append((min(same.ended, spell.ended), max(same.ended, spell.ended)))
        return spans + [(spell.begun, spell.ended) for spell in called.values()]
    return [(spell.begun, spell.ended) for spell in (*old, *new)]


def _called(spell: Spell) -> tuple[tuple[str, ...], ...]:
    return spell.names, spell.days, spell.about


def _whole(spans: list[Span]) -> Span | None:
    """Return the time from the first of some spans to the last; None without any."""
    if not spans:
        return None
    return min(first for first, _ in spans), max(until for _, until in spans)


def _hears(entry: Entry, page: Page | None) -> tuple[object, ...] | None:
    """Return how a stray may belong to a page, but for what it quotes; None when it may not."""
    if page is None or page.open_at(entry.at) is None:
        return None
    ear = Ear(entry, ())
    heard, is_about = ear.hears(page), ear.is_about(page)
    is_theirs = sender_address(entry.message) in page.writers
    may_wait_elsewhere = bool(entry.classification.action)
    if not heard and not is_about and not is_theirs and not may_wait_elsewhere:
        return None
    # Of those that it can only be one of, it matters which are one talk.
    ids = page.ids if is_about or is_theirs else ()
    return page.thread_id, heard, is_about, is_theirs, ids

"""The judging side of a store in memory: changes, pages of threads, strays."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from inboxwatch.application.ports_judging import Span
from inboxwatch.application.records import Answer, Changes, Placement, Stray, ThreadPage
from inboxwatch.domain.keys import said_key
from inboxwatch.domain.pages import Page
from inboxwatch.domain.threads import Direction
from tests.fakes_store_mail import FakeMail


class FakeJudging(FakeMail):
    """Reads and writes a copy of the tables."""

    def placements_around(self, person: str, message_ids: Iterable[str]) -> tuple[Placement, ...]:
        wanted = set(message_ids)
        mine = [p for owner, p in self._t.placements.values() if owner == person]
        threads = {p.thread_id for p in mine if p.message_id in wanted}
        return tuple(p for p in mine if p.thread_id in threads)

    def changes(self, person: str) -> Changes:
        mine = {n: one for n, (owner, one) in self._t.changes.items() if owner == person}
        known = [one for one in mine.values() if (person, one) in self._t.entries]
        return Changes(
            last=max(mine, default=0),
            message_ids=tuple(dict.fromkeys(one for one in known if one is not None)),
            everything=len(known) < len(mine),
        )

    def mark_changed(self, person: str, message_ids: Iterable[str]) -> None:
        for message_id in message_ids:
            self._mark(person, message_id)

    def mark_all_changed(self, person: str) -> None:
        self._mark(person, None)

    def forget_changes(self, person: str, up_to: int) -> None:
        self._t.changes = {
            n: (owner, one)
            for n, (owner, one) in self._t.changes.items()
            if owner != person or n > up_to
        }

    def save_pages(
        self, person: str, found: Iterable[ThreadPage], before: Mapping[str, Page] | None = None
    ) -> None:
        for kept in found:
            self._t.pages[(person, kept.page.thread_id)] = kept

    def drop_pages(self, person: str, thread_ids: Iterable[str]) -> None:
        for thread_id in thread_ids:
            self._t.pages.pop((person, thread_id), None)

    def pages(self, person: str, thread_ids: Iterable[str] | None = None) -> tuple[ThreadPage, ...]:
        wanted = None if thread_ids is None else set(thread_ids)
        return tuple(
            kept
            for (owner, one), kept in self._t.pages.items()
            if owner == person and (wanted is None or one in wanted)
        )

    def _open_at(self, person: str, body: str, at: datetime) -> list[Page]:
        every = (kept.page for kept in self.pages(person))
        return [p for p in every if p.body == body and p.open_at(at) is not None]

    def pages_named(
        self, person: str, body: str, at: datetime, said: str, marks: Collection[str] = ()
    ) -> tuple[Page, ...]:
        return tuple(
            page
            for page in self._open_at(person, body, at)
            if any(name in said for spell in page.spells for name in spell.names)
            or any(mark in marks for mark, _ in page.marks)
        )

    def pages_from(
        self, person: str, body: str, at: datetime, sender: str | None, at_most: int
    ) -> tuple[Page, ...]:
        opened = self._open_at(person, body, at)
        found = [page for page in opened if sender is None or sender in page.writers]
        return tuple(found[: at_most + 1])

    def pages_saying(
        self, person: str, body: str, lines: Iterable[str]
    ) -> Mapping[str, tuple[Page, ...]]:
        found: dict[str, tuple[Page, ...]] = {}
        for line in lines:
            said = self.entries_sharing(person, frozenset({said_key(body, line)}))
            saying = {e.message_id for e in said if e.direction is Direction.SENT}
            threads = {
                p.thread_id
                for owner, p in self._t.placements.values()
                if owner == person and p.message_id in saying
            }
            kept = (k.page for k in self.pages(person, threads))
            pages = tuple(page for page in kept if page.body == body)
            if pages:
                found[line] = pages
        return found

    def save_strays(self, person: str, strays: Iterable[Stray]) -> None:
        for stray in strays:
            if (person, stray.message_id) in self._t.entries:
                self._t.strays[(person, stray.message_id)] = stray

    def drop_strays(self, person: str, message_ids: Iterable[str]) -> None:
        for message_id in message_ids:
            self._t.strays.pop((person, message_id), None)

    def strays(self, person: str, message_ids: Iterable[str] | None = None) -> frozenset[str]:
        mine = frozenset(one for owner, one in self._t.strays if owner == person)
        return mine if message_ids is None else mine & frozenset(message_ids)

    def strays_near(
        self,
        person: str,
        body: str,
        span: Span | None,
        senders: Collection[str],
        their_span: Span | None,
    ) -> frozenset[str]:
        def within(at: datetime, span: Span | None) -> bool:
            return span is not None and span[0] <= at < span[1]

        return frozenset(
            one
            for (owner, one), stray in self._t.strays.items()
            if owner == person and stray.body == body
            if within(stray.at, span)
            or (within(stray.at, their_span) and self._sender(person, one) in senders)
        )

    def _sender(self, person: str, message_id: str) -> str:
        message = self._t.entries[(person, message_id)].message
        return message.sender.address if message.sender else ""

    def strays_quoting(self, person: str, body: str, lines: Iterable[str]) -> frozenset[str]:
        wanted = set(lines)
        return frozenset(
            one
            for (owner, one), stray in self._t.strays.items()
            if owner == person and stray.body == body and not wanted.isdisjoint(stray.lines)
        )

    def save_answers(self, person: str, answers: Iterable[Answer]) -> None:
        for answer in answers:
            if (person, answer.message_id) in self._t.entries:
                self._t.answers[(person, answer.message_id, answer.body)] = answer

    def drop_answers(self, person: str, answers: Iterable[tuple[str, str]]) -> None:
        for one, body in answers:
            self._t.answers.pop((person, one, body), None)

    def answers(
        self, person: str, message_ids: Iterable[str] | None = None
    ) -> frozenset[tuple[str, str]]:
        wanted = None if message_ids is None else set(message_ids)
        return frozenset(
            (one, body)
            for owner, one, body in self._t.answers
            if owner == person and (wanted is None or one in wanted)
        )

    def answers_saying(
        self, person: str, body: str, first: datetime, until: datetime, names: Iterable[str]
    ) -> frozenset[str]:
        wanted = tuple(names)
        return frozenset(
            answer.message_id
            for (owner, _, at_body), answer in self._t.answers.items()
            if owner == person and at_body == body and first <= answer.at < until
            if any(name in answer.said for name in wanted)
        )

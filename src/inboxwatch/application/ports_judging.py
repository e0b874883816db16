"""The port by which judging goes on from where it was: a part of `ports.Transaction`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from inboxwatch.application.records import Answer, Changes, Placement, Stray, ThreadPage
from inboxwatch.domain.pages import Page

Span = tuple[datetime, datetime]  # aware; from a moment until before another


class JudgingTransaction(Protocol):
    """What changed since mail was last judged, and what that found of threads and strays."""

    def changes(self, person: str) -> Changes:
        """Return what changed since it was forgotten: mail, its places, and what was decided.

        What was decided about something that is no stored message counts as everything.
        """

    def mark_changed(self, person: str, message_ids: Iterable[str]) -> None:
        """Count messages as changed."""

    def mark_all_changed(self, person: str) -> None:
        """Count all of a person's mail as changed."""

    def forget_changes(self, person: str, up_to: int) -> None:
        """Forget the changes up to a number."""

    def save_pages(
        self, person: str, found: Iterable[ThreadPage], before: Mapping[str, Page] | None = None
    ) -> None:
        """Replace what is kept of some threads.

        Args:
            before: those of them that are stored, by thread id: what stays as it was need not be
                written again. None when any may be.
        """

    def drop_pages(self, person: str, thread_ids: Iterable[str]) -> None:
        """Forget threads that are no more."""

    def pages(self, person: str, thread_ids: Iterable[str] | None = None) -> tuple[ThreadPage, ...]:
        """Return what is kept of some threads, or of all."""

    def pages_named(
        self, person: str, body: str, at: datetime, said: str, marks: Collection[str] = ()
    ) -> tuple[Page, ...]:
        """Return every page of a body open at a moment that words speak to. Perhaps others too.

        Args:
            said: says a name of it, as `pages.plain` gives it.
            marks: one of these is among its `Page.marks`.
        """

    def pages_from(
        self, person: str, body: str, at: datetime, sender: str | None, at_most: int
    ) -> tuple[Page, ...]:
        """Return the pages of a body open at a moment in which somebody wrote from an address.

        Args:
            sender: None for all pages that are open.
            at_most: where there are more, it gives more than so many, perhaps not all.
        """

    def pages_saying(
        self, person: str, body: str, lines: Iterable[str]
    ) -> Mapping[str, tuple[Page, ...]]:
        """Return the pages of the threads in which we wrote each of some lines to a body."""

    def save_strays(self, person: str, strays: Iterable[Stray]) -> None:
        """Remember mail that no mark places."""

    def drop_strays(self, person: str, message_ids: Iterable[str]) -> None:
        """Forget that messages are strays."""

    def strays(self, person: str, message_ids: Iterable[str] | None = None) -> frozenset[str]:
        """Return the ids of strays, of some messages or of all."""

    def strays_near(
        self,
        person: str,
        body: str,
        span: Span | None,
        senders: Collection[str],
        their_span: Span | None,
    ) -> frozenset[str]:
        """Return the strays of a body that came in a span of time, and those from some senders
        that came in another. None is no time at all.
        """

    def strays_quoting(self, person: str, body: str, lines: Iterable[str]) -> frozenset[str]:
        """Return the strays of a body that quote any of some lines."""

    def save_answers(self, person: str, answers: Iterable[Answer]) -> None:
        """Remember answers that count, with what they say."""

    def drop_answers(self, person: str, answers: Iterable[tuple[str, str]]) -> None:
        """Forget answers, by id and body."""

    def answers(
        self, person: str, message_ids: Iterable[str] | None = None
    ) -> frozenset[tuple[str, str]]:
        """Return the ids of answers with the body at which each counts, of some or of all."""

    def answers_saying(
        self, person: str, body: str, first: datetime, until: datetime, names: Iterable[str]
    ) -> frozenset[str]:
        """Return every answer at a body from a moment until before another that says a name.

        Perhaps others too. The names are as `pages.plain` gives them.
        """

    def sent_with(
        self, person: str, keys: frozenset[str]
    ) -> Mapping[str, Sequence[tuple[datetime, str]]]:
        """Return when messages of ours that have any of these keys were written, with their ids."""

    # Threads
    def save_placements(
        self,
        person: str,
        placements: Iterable[Placement],
        before: Collection[str] | None = None,
    ) -> None:
        """Replace the places of the messages named; other messages keep theirs.

        Args:
            before: which messages have places; None when any may.
        """

    def drop_placements(self, person: str, message_ids: Iterable[str]) -> None:
        """Forget where messages stand, before they are placed anew."""

    def placements(self, person: str, thread_id: str | None = None) -> tuple[Placement, ...]:
        """Return the places of all messages, or of one thread's."""

    def placements_around(self, person: str, message_ids: Iterable[str]) -> tuple[Placement, ...]:
        """Return the places of all messages of every thread in which one of these stands."""

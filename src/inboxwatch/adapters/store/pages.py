"""The pages of judged threads, and by what words they are found, inside a transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import bindparam, func, select

from inboxwatch.adapters.store import rows
from inboxwatch.adapters.store.codec import codec
from inboxwatch.adapters.store.columns import digest
from inboxwatch.adapters.store.part import Part
from inboxwatch.adapters.store.sql import is_among
from inboxwatch.adapters.store.tables import message_keys, messages, page_words, pages, placements
from inboxwatch.application.records import ThreadPage
from inboxwatch.domain.keys import said_key
from inboxwatch.domain.pages import Page
from inboxwatch.domain.threads import Direction
from inboxwatch.domain.verdict import Status

PAGE = codec(Page)

_OPEN_AT = (
    select(pages.c.page)
    .where(
        pages.c.body_key == bindparam("of_body"),
        pages.c.ended > bindparam("moment"),
        pages.c.begun <= bindparam("moment"),
    )
    .order_by(pages.c.begun, pages.c.thread_key)
)
_NAMED = (
    select(page_words.c.thread_key)
    .where(is_among(page_words.c.word_key), page_words.c.ended > bindparam("moment"))
    .distinct()
)
_TAKEN = (
    select(page_words.c.word_key, func.count().label("often"))
    .where(is_among(page_words.c.word_key), page_words.c.ended > bindparam("moment"))
    .group_by(page_words.c.word_key)
)
_DROP_WORDS = page_words.delete().where(is_among(page_words.c.thread_key))
_PAGES = select(pages.c.thread_key, pages.c.page, pages.c.status).where(
    is_among(pages.c.thread_key)
)
_ALL_PAGES = select(pages.c.page, pages.c.status).where(pages.c.person == bindparam("whose"))
_DROP_PAGES = pages.delete().where(is_among(pages.c.thread_key))
_SAYING = (
    select(message_keys.c.key, pages.c.thread_key)
    .join(messages, messages.c.digest == message_keys.c.message)
    .join(placements, placements.c.message == message_keys.c.message)
    .join(pages, pages.c.thread_key == placements.c.thread_key)
    .where(
        is_among(message_keys.c.key),
        pages.c.body_key == bindparam("of_body"),
        messages.c.direction == Direction.SENT.value,  # a key stays when an address is ours no more
    )
)


class Pages(Part):
    """What is kept of judged threads."""

    def save_pages(
        self, person: str, found: Iterable[ThreadPage], before: Mapping[str, Page] | None = None
    ) -> None:
        """Replace what is kept of some threads, and by what words they are found."""
        every = tuple(found)
        self._sql.put_all(pages, [_columns(person, each) for each in every])
        changed = [
            page
            for page in (each.page for each in every)
            if before is None
            or page.thread_id not in before
            or before[page.thread_id].spells != page.spells
        ]
        stored = [page for page in changed if before is None or page.thread_id in before]
        self._sql.run_among(_DROP_WORDS, (digest(person, page.thread_id) for page in stored))
        self._save_words(person, changed)

    def drop_pages(self, person: str, thread_ids: Iterable[str]) -> None:
        """Forget threads that are no more."""
        self._sql.run_among(_DROP_PAGES, (digest(person, thread_id) for thread_id in thread_ids))

    def pages(self, person: str, thread_ids: Iterable[str] | None = None) -> tuple[ThreadPage, ...]:
        """Return what is kept of some threads, or of all."""
        if thread_ids is None:
            found = self._sql.rows(_ALL_PAGES, {"whose": person})
        else:
            found = self._sql.among(_PAGES, (digest(person, one) for one in thread_ids))
        return self._read(
            found,
            lambda row: ThreadPage(page=PAGE.load(row.page), status=Status(row.status)),
            "pages",
        )

    def pages_open_at(self, person: str, body: str, at: datetime) -> tuple[Page, ...]:
        """Return the pages of a body that may have an open question at a moment."""
        found = self._sql.rows(_OPEN_AT, {"of_body": digest(person, body), "moment": at})
        return self._read(found, lambda row: PAGE.load(row.page), "pages")

    def pages_named(self, person: str, body: str, at: datetime, said: str) -> tuple[Page, ...]:
        """Return the pages of a body open at a moment that are found by a word that is said."""
        words = (digest(person, body, word) for word in said.split())
        found = {row.thread_key for row in self._sql.among(_NAMED, words, {"moment": at})}
        hits = self._sql.among(_PAGES, sorted(found))
        every = self._read(hits, lambda row: PAGE.load(row.page), "pages")
        return tuple(page for page in every if page.open_at(at) is not None)

    def pages_saying(
        self, person: str, body: str, lines: Iterable[str]
    ) -> Mapping[str, tuple[Page, ...]]:
        """Return the pages of the threads in which we wrote each of some lines to a body."""
        wanted = {digest(person, said_key(body, line)): line for line in lines}
        threads: dict[str, set[bytes]] = {}
        for row in self._sql.among(_SAYING, wanted, {"of_body": digest(person, body)}):
            threads.setdefault(wanted[row.key], set()).add(row.thread_key)
        found = self._sql.among(_PAGES, (key for keys in threads.values() for key in keys))
        read = self._read(found, lambda row: PAGE.load(row.page), "pages")
        known = {row.thread_key: page for row, page in zip(found, read, strict=True)}
        return {line: tuple(known[k] for k in sorted(keys)) for line, keys in threads.items()}

    def _save_words(self, person: str, every: list[Page]) -> None:
        """Choose and keep a word of each name that few others have.

        Any would do; what is said of many questions finds few of them by such a word.
        """
        named = [
            (digest(person, page.thread_id), spell.ended, words)
            for page in every
            for spell in page.spells
            for name in spell.names
            if (words := [digest(person, page.body, word) for word in sorted(set(name.split()))])
        ]
        if not named:
            return
        since = {"moment": min(spell.begun for page in every for spell in page.spells)}
        taken = self._sql.among(_TAKEN, (word for _, _, words in named for word in words), since)
        often = Counter({row.word_key: row.often for row in taken})
        new: set[tuple[bytes, datetime, bytes]] = set()
        for thread_key, ended, words in named:
            word = min(words, key=lambda one: (often[one], one))
            often[word] += 1
            new.add((word, ended, thread_key))
        self._sql.run(
            page_words.insert(),
            [{"word_key": w, "ended": e, "thread_key": t} for w, e, t in sorted(new)],
        )


def _columns(person: str, kept: ThreadPage) -> rows.Columns:
    page = kept.page
    return {
        "thread_key": digest(person, page.thread_id),
        "person": person,
        "body_key": digest(person, page.body),
        "begun": min((spell.begun for spell in page.spells), default=None),
        "ended": max((spell.ended for spell in page.spells), default=None),
        "status": kept.status.value,
        "page": PAGE.dump(page),
    }

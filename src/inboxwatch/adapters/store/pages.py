"""The pages of judged threads, and by what words they are found, inside a transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import bindparam, func, select

from inboxwatch.adapters.store import rows
from inboxwatch.adapters.store.codec import codec
from inboxwatch.adapters.store.columns import digest
from inboxwatch.adapters.store.part import Part
from inboxwatch.adapters.store.prepared import Prepared
from inboxwatch.adapters.store.sql import is_among
from inboxwatch.adapters.store.tables import message_keys, messages, page_marks, pages, placements
from inboxwatch.application.records import ThreadPage
from inboxwatch.domain.keys import said_key
from inboxwatch.domain.pages import NEVER, Page, writer_mark
from inboxwatch.domain.threads import Direction
from inboxwatch.domain.verdict import Status

PAGE = codec(Page)
_ALL = 2**62

_OPEN = (
    pages.c.ended > bindparam("moment"),
    pages.c.begun <= bindparam("moment"),
)
_OPEN_OF_BODY = Prepared(
    select(pages.c.page)
    .where(pages.c.body_key == bindparam("found_by"), *_OPEN)
    .limit(bindparam("enough"))
)
_OPEN_FROM = Prepared(
    select(pages.c.page)
    .join(page_marks, page_marks.c.thread_key == pages.c.thread_key)
    .where(
        page_marks.c.mark_key == bindparam("found_by"),
        page_marks.c.ended > bindparam("moment"),
        *_OPEN,
    )
    .limit(bindparam("enough"))
)
_NAMED = Prepared(
    select(page_marks.c.thread_key)
    .where(is_among(page_marks.c.mark_key), page_marks.c.ended > bindparam("moment"))
    .distinct()
)
_TAKEN = Prepared(
    select(page_marks.c.mark_key, func.count().label("often"))
    .where(is_among(page_marks.c.mark_key), page_marks.c.ended > bindparam("moment"))
    .group_by(page_marks.c.mark_key)
)
_MARK = Prepared(page_marks.insert())
_CLOSE = Prepared(
    page_marks.update()
    .where(page_marks.c.thread_key == bindparam("its_thread"))
    .values(ended=bindparam("closed"))
)
_DROP_MARKS = Prepared(page_marks.delete().where(is_among(page_marks.c.thread_key)))
_PAGES = Prepared(
    select(pages.c.thread_key, pages.c.page, pages.c.status).where(is_among(pages.c.thread_key))
)
_ALL_PAGES = Prepared(
    select(pages.c.page, pages.c.status).where(pages.c.person == bindparam("whose"))
)
_DROP_PAGES = Prepared(pages.delete().where(is_among(pages.c.thread_key)))
_SAYING = Prepared(
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
        self._sql.put(pages, [_columns(person, each) for each in every])
        known = before or {}
        changed: list[Page] = []
        closed: list[rows.Columns] = []
        more: list[rows.Columns] = []
        for page in (each.page for each in every):
            old, key = known.get(page.thread_id), digest(person, page.thread_id)
            if old is None or not _is_found_as_before(old, page):
                changed.append(page)
                continue
            if old.spells != page.spells:
                closed.append({"its_thread": key, "closed": page.spells[0].ended})
            had = {mark for mark, _ in old.marks}
            more += [
                {"mark_key": digest(person, page.body, mark), "ended": ended, "thread_key": key}
                for mark, ended in sorted(page.marks)
                if mark not in had
            ]
        self._sql.run(_CLOSE, closed)
        gone = [page for page in changed if before is None or page.thread_id in known]
        self._sql.run_among(_DROP_MARKS, (digest(person, page.thread_id) for page in gone))
        self._sql.run(_MARK, more + self._marks(person, changed))

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

    def pages_named(
        self, person: str, body: str, at: datetime, said: str, marks: Collection[str] = ()
    ) -> tuple[Page, ...]:
        """Return the pages of a body open at a moment that are found by a word or a mark."""
        keys = (digest(person, body, one) for one in (*said.split(), *sorted(marks)))
        found = {row.thread_key for row in self._sql.among(_NAMED, keys, {"moment": at})}
        hits = self._sql.among(_PAGES, sorted(found))
        every = self._read(hits, lambda row: PAGE.load(row.page), "pages")
        return tuple(page for page in every if page.open_at(at) is not None)

    def pages_from(
        self, person: str, body: str, at: datetime, sender: str | None, at_most: int
    ) -> tuple[Page, ...]:
        """Return the pages of a body open at a moment in which one wrote, or some of many."""
        query = _OPEN_OF_BODY if sender is None else _OPEN_FROM
        mark = () if sender is None else (writer_mark(sender),)
        given = {"found_by": digest(person, body, *mark), "moment": at}
        for enough in (2 * at_most + 10, _ALL):  # between two questions none is open
            found = self._sql.rows(query, {**given, "enough": enough})
            every = self._read(found, lambda row: PAGE.load(row.page), "pages")
            opened = tuple(page for page in every if page.open_at(at) is not None)
            if len(opened) > at_most or len(found) < enough:
                break
        return opened

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

    def _marks(self, person: str, every: list[Page]) -> list[rows.Columns]:
        """Return by what pages are found: marks, and of each name a word that few others have.

        Any word would do; what is said of many questions finds few of them by such a one.
        """
        new = {
            (digest(person, page.body, mark), ended, digest(person, page.thread_id))
            for page in every
            for mark, ended in page.marks
        }
        named = [
            (digest(person, page.thread_id), spell.ended, words)
            for page in every
            for spell in page.spells
            for name in spell.names
            if (words := [digest(person, page.body, word) for word in sorted(set(name.split()))])
        ]
        begun = min((s.begun for page in every for s in page.spells), default=NEVER)
        wanted = (word for _, _, words in named for word in words)
        taken = self._sql.among(_TAKEN, wanted, {"moment": begun})
        often = Counter({row.mark_key: row.often for row in taken})
        for thread_key, ended, words in named:
            word = min(words, key=lambda one: (often[one], one))
            often[word] += 1
            new.add((word, ended, thread_key))
        return [{"mark_key": w, "ended": e, "thread_key": t} for w, e, t in sorted(new)]


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


def _is_found_as_before(old: Page, page: Page) -> bool:
    """Tell whether a page is found by all that it was, and by names no other, to the same end.

    A single spell may end at another time: all its marks do.
    """
    return (
        [spell.names for spell in old.spells] == [spell.names for spell in page.spells]
        and {mark for mark, _ in old.marks} <= {mark for mark, _ in page.marks}
        and (old.spells == page.spells or len(page.spells) == 1)
    )

"""What judging needs to go on from where it was, inside a transaction. Judges nothing.

The log of changes, the pages of judged threads, and mail that no mark places.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import bindparam, func, select

from inboxwatch.adapters.store import rows
from inboxwatch.adapters.store.codec import codec
from inboxwatch.adapters.store.columns import digest
from inboxwatch.adapters.store.part import Part
from inboxwatch.adapters.store.rows import message_key
from inboxwatch.adapters.store.sql import is_among
from inboxwatch.adapters.store.tables import (
    changes,
    message_keys,
    messages,
    pages,
    placements,
    unplaced,
)
from inboxwatch.application.records import Changes, Stray, ThreadPage
from inboxwatch.domain.keys import quotes_key, said_key
from inboxwatch.domain.pages import Page
from inboxwatch.domain.threads import Direction
from inboxwatch.domain.verdict import Status

PAGE = codec(Page)

_CHANGES = (
    select(changes.c.number, changes.c.message, messages.c.message_id)
    .select_from(changes.outerjoin(messages, changes.c.message == messages.c.digest))
    .where(changes.c.person == bindparam("whose"))
    .order_by(changes.c.number)
)
_FORGET = changes.delete().where(
    changes.c.person == bindparam("whose"), changes.c.number <= bindparam("up_to")
)
_OPEN_AT = (
    select(pages.c.page)
    .where(
        pages.c.body_key == bindparam("of_body"),
        pages.c.ended > bindparam("moment"),
        pages.c.begun <= bindparam("moment"),
    )
    .order_by(pages.c.begun, pages.c.thread_key)
)
_NAMED = _OPEN_AT.with_only_columns(pages.c.thread_key, pages.c.names).where(pages.c.names != "")
_RECEIVED = (
    select(messages.c.message_id)
    .where(
        messages.c.person == bindparam("whose"),
        messages.c.at >= bindparam("first"),
        messages.c.at < bindparam("until"),
        messages.c.direction == Direction.RECEIVED.value,
    )
    .limit(bindparam("most"))
)
_STATUS = select(func.count()).where(
    pages.c.person == bindparam("whose"), pages.c.status == bindparam("wanted")
)
_PAGES = select(pages.c.thread_key, pages.c.page, pages.c.status).where(
    is_among(pages.c.thread_key)
)
_ALL_PAGES = select(pages.c.page, pages.c.status).where(pages.c.person == bindparam("whose"))
_KEEP_PAGE = pages.insert()
_DROP_PAGES = pages.delete().where(is_among(pages.c.thread_key))
_SAYING = (
    select(message_keys.c.key, pages.c.thread_key)
    .join(placements, placements.c.message == message_keys.c.message)
    .join(pages, pages.c.thread_key == placements.c.thread_key)
    .where(is_among(message_keys.c.key), pages.c.body_key == bindparam("of_body"))
)
_STRAY_IDS = select(messages.c.message_id).join(unplaced, unplaced.c.message == messages.c.digest)
_STRAYS = _STRAY_IDS.where(is_among(unplaced.c.message))
_ALL_STRAYS = _STRAY_IDS.where(unplaced.c.person == bindparam("whose"))
_ANY_STRAY = select(unplaced.c.message).where(unplaced.c.body_key == bindparam("of_body")).limit(1)
_DROP_STRAYS = unplaced.delete().where(is_among(unplaced.c.message))
_QUOTING = _STRAY_IDS.join(message_keys, message_keys.c.message == messages.c.digest).where(
    is_among(message_keys.c.key)
)
_BETWEEN = (
    select(messages.c.message_id)
    .join(unplaced, unplaced.c.message == messages.c.digest)
    .where(
        unplaced.c.body_key == bindparam("of_body"),
        unplaced.c.at >= bindparam("first"),
        unplaced.c.at < bindparam("until"),
    )
)


_BETWEEN_FROM = _BETWEEN.where(is_among(messages.c.sender_key))


class Judging(Part):
    """What changed, and what was found of threads and strays."""

    def changes(self, person: str) -> Changes:
        """Return what changed since it was last forgotten."""
        found = self._sql.rows(_CHANGES, {"whose": person})
        ids = dict.fromkeys(row.message_id for row in found if row.message_id is not None)
        return Changes(
            last=found[-1].number if found else 0,
            message_ids=tuple(ids),
            everything=any(row.message_id is None for row in found),
        )

    def mark_changed(self, person: str, message_ids: Iterable[str]) -> None:
        """Remember that messages, or what was said of them, are to be judged again."""
        self._mark(person, (message_key(person, message_id) for message_id in message_ids))

    def mark_all_changed(self, person: str) -> None:
        """Remember that all of a person's mail is to be judged again."""
        self._mark(person, [None])

    def forget_changes(self, person: str, up_to: int) -> None:
        """Forget the changes up to a number."""
        self._sql.run(_FORGET, [{"whose": person, "up_to": up_to}])

    def save_pages(self, person: str, found: Iterable[ThreadPage]) -> None:
        """Replace what is kept of some threads."""
        new = [_columns(person, each) for each in found]
        self._drop_pages(row["thread_key"] for row in new)
        self._sql.run(_KEEP_PAGE, new)

    def drop_pages(self, person: str, thread_ids: Iterable[str]) -> None:
        """Forget threads that are no more."""
        self._drop_pages(digest(person, thread_id) for thread_id in thread_ids)

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
        """Return pages of a body that may be open at a moment and have a name that is said."""
        found = self._sql.rows(_NAMED, {"of_body": digest(person, body), "moment": at})
        named = [row.thread_key for row in found if any(n in said for n in row.names.split("\n"))]
        hits = self._sql.among(_PAGES, named)
        return self._read(hits, lambda row: PAGE.load(row.page), "pages")

    def received_between(
        self, person: str, first: datetime, until: datetime, *, at_most: int
    ) -> frozenset[str]:
        """Return received messages from a moment until before one, no more than so many."""
        given = {"whose": person, "first": first, "until": until, "most": at_most}
        return frozenset(row.message_id for row in self._sql.rows(_RECEIVED, given))

    def count_status(self, person: str, status: Status) -> int:
        """Return how many threads had a status when they were last judged."""
        given = {"whose": person, "wanted": status.value}
        return int(self._sql.rows(_STATUS, given)[0][0])

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

    def save_strays(self, person: str, strays: Iterable[Stray]) -> None:
        """Remember mail that no mark places, with what it quotes."""
        every = tuple(strays)
        keyed = [(message_key(person, stray.message_id), stray) for stray in every]
        self._drop_strays(key for key, _ in keyed)
        stored = self._stored(key for key, _ in keyed)
        self._sql.run(
            unplaced.insert(),
            [
                {
                    "message": key,
                    "person": person,
                    "body_key": digest(person, stray.body),
                    "at": stray.at,
                }
                for key, stray in keyed
                if key in stored
            ],
        )
        quoted = {
            (digest(person, quotes_key(stray.body, line)), key)
            for key, stray in keyed
            if key in stored
            for line in stray.lines
        }
        self._sql.insert_new(message_keys, [{"key": k, "message": m} for k, m in sorted(quoted)])

    def drop_strays(self, person: str, message_ids: Iterable[str]) -> None:
        """Forget that messages are without a place."""
        self._drop_strays(message_key(person, message_id) for message_id in message_ids)

    def strays(self, person: str, message_ids: Iterable[str] | None = None) -> frozenset[str]:
        """Return which messages are without a place, of some or of all."""
        if message_ids is None:
            found = self._sql.rows(_ALL_STRAYS, {"whose": person})
        else:
            found = self._sql.among(_STRAYS, (message_key(person, one) for one in message_ids))
        return frozenset(row.message_id for row in found)

    def has_strays(self, person: str, body: str) -> bool:
        """Tell whether a body has any mail without a place."""
        return bool(self._sql.rows(_ANY_STRAY, {"of_body": digest(person, body)}))

    def strays_between(
        self,
        person: str,
        body: str,
        first: datetime,
        until: datetime,
        senders: Collection[str] | None = None,
    ) -> frozenset[str]:
        """Return the mail of a body without a place that came from a moment until before one."""
        given = {"of_body": digest(person, body), "first": first, "until": until}
        if senders is None:
            return frozenset(row.message_id for row in self._sql.rows(_BETWEEN, given))
        keys = (digest(person, sender) for sender in senders)
        return frozenset(row.message_id for row in self._sql.among(_BETWEEN_FROM, keys, given))

    def strays_quoting(self, person: str, body: str, lines: Iterable[str]) -> frozenset[str]:
        """Return the mail of a body without a place that quotes any of some lines."""
        keys = (digest(person, quotes_key(body, line)) for line in lines)
        return frozenset(row.message_id for row in self._sql.among(_QUOTING, keys))

    def _drop_pages(self, keys: Iterable[bytes]) -> None:
        self._sql.run_among(_DROP_PAGES, keys)

    def _drop_strays(self, keys: Iterable[bytes]) -> None:
        self._sql.run_among(_DROP_STRAYS, keys)


def _columns(person: str, kept: ThreadPage) -> rows.Columns:
    page = kept.page
    return {
        "thread_key": digest(person, page.thread_id),
        "person": person,
        "body_key": digest(person, page.body),
        "begun": min((spell.begun for spell in page.spells), default=None),
        "ended": max((spell.ended for spell in page.spells), default=None),
        "names": "\n".join(sorted({name for spell in page.spells for name in spell.names})),
        "status": kept.status.value,
        "page": PAGE.dump(page),
    }

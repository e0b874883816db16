"""What judging needs to go on from where it was, inside a transaction. Judges nothing.

The log of changes, mail that no mark places, and answers with what they say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from zlib import crc32

from sqlalchemy import ColumnElement, and_, bindparam, or_, select

from inboxwatch.adapters.store.columns import digest
from inboxwatch.adapters.store.part import Part
from inboxwatch.adapters.store.prepared import Prepared
from inboxwatch.adapters.store.rows import message_key
from inboxwatch.adapters.store.sql import is_among
from inboxwatch.adapters.store.tables import answers as counting
from inboxwatch.adapters.store.tables import (
    changes,
    message_keys,
    messages,
    unplaced,
)
from inboxwatch.application.ports_judging import Span
from inboxwatch.application.records import Answer, Changes, Stray
from inboxwatch.domain.keys import quotes_key
from inboxwatch.domain.pages import NEVER

_CHANGES = Prepared(
    select(changes.c.number, changes.c.message, messages.c.message_id)
    .select_from(changes.outerjoin(messages, changes.c.message == messages.c.digest))
    .where(changes.c.person == bindparam("whose"))
    .order_by(changes.c.number)
)
_FORGET = Prepared(
    changes.delete().where(
        changes.c.person == bindparam("whose"), changes.c.number <= bindparam("up_to")
    )
)
_STRAY_IDS = select(messages.c.message_id).join(unplaced, unplaced.c.message == messages.c.digest)
_STRAYS = Prepared(_STRAY_IDS.where(is_among(unplaced.c.message)))
_ALL_STRAYS = Prepared(_STRAY_IDS.where(unplaced.c.person == bindparam("whose")))
_DROP_STRAYS = Prepared(unplaced.delete().where(is_among(unplaced.c.message)))
_UNPLACE = Prepared(unplaced.insert())
_QUOTING = Prepared(
    _STRAY_IDS.join(message_keys, message_keys.c.message == messages.c.digest).where(
        is_among(message_keys.c.key)
    )
)


def _between(first: str, until: str) -> ColumnElement[bool]:
    return and_(unplaced.c.at >= bindparam(first), unplaced.c.at < bindparam(until))


_NEAR = Prepared(
    _STRAY_IDS.where(
        unplaced.c.body_key == bindparam("of_body"),
        or_(
            _between("first", "until"),
            and_(_between("their_first", "their_until"), is_among(messages.c.sender_key)),
        ),
    )
)

_ANSWERS = select(messages.c.message_id, counting.c.body).join(
    counting, counting.c.message == messages.c.digest
)
_SOME_ANSWERS = Prepared(_ANSWERS.where(is_among(counting.c.message)))
_ALL_ANSWERS = Prepared(_ANSWERS.where(messages.c.person == bindparam("whose")))
_DROP_ANSWER = Prepared(
    counting.delete().where(
        counting.c.message == bindparam("of_message"), counting.c.body_key == bindparam("of_body")
    )
)
_WORDS_BETWEEN = Prepared(
    select(counting.c.message, counting.c.words).where(
        counting.c.body_key == bindparam("of_body"),
        counting.c.at >= bindparam("first"),
        counting.c.at < bindparam("until"),
    )
)
_NO_TIME = (NEVER, NEVER)
_IDS = Prepared(select(messages.c.message_id).where(is_among(messages.c.digest)))


class Judging(Part):
    """What changed, and what was found of strays and answers."""

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

    def save_strays(self, person: str, strays: Iterable[Stray]) -> None:
        """Remember mail that no mark places, with what it quotes."""
        every = tuple(strays)
        keyed = [(message_key(person, stray.message_id), stray) for stray in every]
        self._drop_strays(key for key, _ in keyed)
        stored = self._stored(key for key, _ in keyed)
        self._sql.run(
            _UNPLACE,
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

    def strays_near(
        self,
        person: str,
        body: str,
        span: Span | None,
        senders: Collection[str],
        their_span: Span | None,
    ) -> frozenset[str]:
        """Return the mail of a body without a place of a time, and of some senders of another."""
        if span is None and (their_span is None or not senders):
            return frozenset()
        first, until = span or _NO_TIME
        their_first, their_until = their_span or _NO_TIME
        given = {
            "of_body": digest(person, body),
            "first": first,
            "until": until,
            "their_first": their_first,
            "their_until": their_until,
        }
        keys = (digest(person, sender) for sender in senders or ("",))
        return frozenset(row.message_id for row in self._sql.among(_NEAR, keys, given))

    def strays_quoting(self, person: str, body: str, lines: Iterable[str]) -> frozenset[str]:
        """Return the mail of a body without a place that quotes any of some lines."""
        keys = (digest(person, quotes_key(body, line)) for line in lines)
        return frozenset(row.message_id for row in self._sql.among(_QUOTING, keys))

    def _drop_strays(self, keys: Iterable[bytes]) -> None:
        self._sql.run_among(_DROP_STRAYS, keys)

    def save_answers(self, person: str, answers: Iterable[Answer]) -> None:
        """Remember answers that count, with the words they say."""
        every = [(message_key(person, answer.message_id), answer) for answer in answers]
        stored = self._stored(key for key, _ in every)
        new = [
            {
                "body_key": digest(person, answer.body),
                "at": answer.at,
                "message": key,
                "body": answer.body,
                "words": b"".join(sorted({_short(word) for word in answer.said.split()})),
            }
            for key, answer in every
            if key in stored
        ]
        self._sql.insert_new(counting, new)

    def drop_answers(self, person: str, answers: Iterable[tuple[str, str]]) -> None:
        """Forget answers, by id and body."""
        gone = [
            {"of_message": message_key(person, one), "of_body": digest(person, body)}
            for one, body in answers
        ]
        self._sql.run(_DROP_ANSWER, gone)

    def answers(
        self, person: str, message_ids: Iterable[str] | None = None
    ) -> frozenset[tuple[str, str]]:
        """Return the ids of answers with the body at which each counts, of some or of all."""
        if message_ids is None:
            found = self._sql.rows(_ALL_ANSWERS, {"whose": person})
        else:
            keys = (message_key(person, one) for one in message_ids)
            found = self._sql.among(_SOME_ANSWERS, keys)
        return frozenset((row.message_id, row.body) for row in found)

    def answers_saying(
        self, person: str, body: str, first: datetime, until: datetime, names: Iterable[str]
    ) -> frozenset[str]:
        """Return the answers at a body in some time that have all words of a name, and others."""
        wanted = [{_short(word) for word in name.split()} for name in names]
        if not wanted:
            return frozenset()
        given = {"of_body": digest(person, body), "first": first, "until": until}
        hits = [
            row.message
            for row in self._sql.rows(_WORDS_BETWEEN, given)
            if any(all(_has(row.words, word) for word in words) for words in wanted)
        ]
        return frozenset(row.message_id for row in self._sql.among(_IDS, hits))


def _short(word: str) -> bytes:
    """Return two bytes that stand for a word, and for some others."""
    return crc32(word.encode("utf-8", "surrogatepass")).to_bytes(4, "big")[2:]


def _has(words: bytes, word: bytes) -> bool:
    at = words.find(word)
    while at % 2 and at > 0:
        at = words.find(word, at + 1)
    return at >= 0

"""Keeps a server busy while messages are read here: two requests are always under way.

A request holds the texts of one portion, the headers of the next and the search for a later one.
When the first of the two is answered a third is sent, and only then what came is made into
messages: while that goes on the server works on the second.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from inboxwatch.adapters.imap.heads import Head, part_commands
from inboxwatch.adapters.imap.pools import take
from inboxwatch.adapters.imap.reading import Fetched, FolderReading, Found
from inboxwatch.adapters.imap.wire import Pending, Reply

_UNDER_WAY = 2
_ENOUGH = 4  # portions found and not yet asked for: no further search is needed just now

Portion = tuple[int, ...]


class Search(Protocol):
    """Finds portions of UIDs bit by bit."""

    def more(self) -> list[bytes]:
        """Return the commands for the next bit; none at the end."""

    def found(self, replies: list[Reply]) -> Iterable[Portion]:
        """Return the portions that one bit gave."""


class _Nothing:
    def more(self) -> list[bytes]:
        return []

    def found(self, replies: list[Reply]) -> Iterable[Portion]:
        return ()


@dataclass(slots=True)
class _Request:
    """What was asked for together."""

    texts: tuple[Found, list[Head]] | None
    text_uids: list[frozenset[int]]
    text_replies: Sequence[Pending]
    portion: Portion | None
    head_replies: Sequence[Pending]
    searched: Sequence[Pending]


@dataclass(slots=True)
class Stream:
    """Reads portions of messages of an open folder, given at once or found by and by."""

    reading: FolderReading
    search: Search = field(default_factory=_Nothing)
    _waiting: deque[Portion] = field(default_factory=deque)
    _headed: deque[tuple[Found, list[Head]]] = field(default_factory=deque)
    _here: deque[tuple[Found, list[Head], Fetched, frozenset[int]]] = field(default_factory=deque)

    def read(self, portions: Iterable[Portion] = ()) -> Iterator[Found]:
        """Yield what each portion holds of ours, in their order; other messages are passed over.

        Raises:
            imaplib.IMAP4.abort, OSError: the connection ended.
        """
        given = iter(portions)
        under_way: deque[_Request] = deque()
        # What such a server leaves out is asked for at once, with nothing else under way.
        most = 1 if self.reading.session.connection.is_limited else _UNDER_WAY
        while True:
            while len(under_way) < most and (request := self._ask(given)) is not None:
                under_way.append(request)
            while self._here:
                found, heads, fetched, refused = self._here.popleft()
                self.reading.complete(heads, fetched, refused, found)
                yield found
            if not under_way:
                return
            self._receive(under_way.popleft())

    def _ask(self, given: Iterator[Portion]) -> _Request | None:
        """Send the next request; None when there is nothing to ask for just now."""
        texts = self._headed.popleft() if self._headed else None
        portion = self._waiting.popleft() if self._waiting else next(given, None)
        searches = self.search.more() if len(self._waiting) < _ENOUGH else []
        if texts is None and portion is None and not searches:
            return None
        limits = self.reading.limits
        parts = part_commands(texts[1], limits) if texts is not None else []
        heads = self.reading.head_commands(portion) if portion is not None else []
        started = self.reading.session.start([*(c for _uids, c in parts), *heads, *searches])
        first, second = len(parts), len(parts) + len(heads)
        return _Request(
            texts=texts,
            text_uids=[uids for uids, _command in parts],
            text_replies=started[:first],
            portion=portion,
            head_replies=started[first:second],
            searched=started[second:],
        )

    def _receive(self, request: _Request) -> None:
        """Wait for a request and put what came where it goes on."""
        finish = self.reading.session.finish
        texts, heads = finish(request.text_replies), finish(request.head_replies)
        searched = finish(request.searched)
        wanted = frozenset(request.portion or ()).union(*request.text_uids)
        fetched = take([*texts, *heads], wanted)
        if request.texts is not None:
            refused = frozenset[int]().union(
                *(uids for uids, r in zip(request.text_uids, texts, strict=True) if not r.is_ok)
            )
            self._here.append((*request.texts, fetched, refused))
        if request.portion is not None:
            found = Found(uids=request.portion)
            self._headed.append((found, self.reading.heads_of(heads, fetched, found)))
        if searched:
            self._waiting.extend(self.search.found(searched))

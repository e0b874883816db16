"""Searches a folder bit by bit, newest first, so that reading begins while the server searches on.

The bits are ranges of message numbers. Those only fall while others are expunged, so whatever is
still to be searched stays in a bit still to come.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum

from inboxwatch.adapters.imap import answers
from inboxwatch.adapters.imap.calibration import Calibration
from inboxwatch.adapters.imap.session import Session
from inboxwatch.adapters.imap.tokens import Garbled
from inboxwatch.adapters.imap.uidset import chunks
from inboxwatch.adapters.imap.wire import CommandRefused, Reply


class Distrusted(Exception):
    """SEARCH was refused, answers nonsense, or does not find what is there."""


_MANY = 400  # hits of one range; a name that half the world's mail bears finds as many


class _Kind(Enum):
    RANGE = 1
    RANGE_AND_SAMPLE = 2
    NAMING = 3


@dataclass(slots=True, kw_only=True)
class Windows:
    """What SEARCH finds of ours in the open folder.

    Args:
        exists: how many messages the folder holds.
        below: only UIDs below this one are of interest.
        is_rest: above `below` all was searched in an earlier poll.
        wanted: programs for what is ours; `gmail` the same in Gmail's language, which it may
            refuse; `naming` programs for what names a message of ours.
        afterwards: gives the programs for what names a message of ours once all was searched, in
            a folder where those come with the rest; what it gave is in `naming` then.
        calibration: the sample that SEARCH has to find; None when it is trusted already.
        batch: messages in one portion.
        known: UIDs of no interest: they are stored.
    """

    session: Session
    exists: int
    below: int
    is_rest: bool
    wanted: tuple[bytes, ...]
    gmail: tuple[bytes, ...]
    naming: tuple[bytes, ...]
    afterwards: Callable[[], tuple[bytes, ...]] | None
    calibration: Calibration | None
    batch: int
    known: frozenset[int]
    named: frozenset[int] | None = frozenset()  # None: the server searches no such header
    _hits: set[int] = field(default_factory=set)
    _given: set[int] = field(default_factory=set)
    _searched: int = 0  # messages from the newest down that were asked about
    _size: int = 0
    _is_apart: bool = False  # what names ours is searched for by a command of its own
    _asked: deque[_Kind] = field(default_factory=deque)
    _within: deque[bytes] = field(default_factory=deque)  # the range where one program asked all

    @property
    def total(self) -> int | None:
        """How many messages there are to read; None while it is searched on."""
        over = self._searched >= self.exists and not self._asked
        return len(self._given) if over else None

    def more(self) -> list[bytes]:
        """Return the commands for the next bit; none at the end."""
        upper = self.exists - self._searched
        if upper < 1:
            return self._last()
        limits = self.session.limits
        # Only a compact answer says which SEARCH it belongs to: without it there is but one.
        self._size = min(self._size * 2 or limits.first_search, limits.search)
        lower = max(upper - self._size + 1, 1) if self.session.answers_compactly else 1
        within = f"{lower}:{'*' if upper == self.exists else upper} ".encode()
        still = within + (b"UID 1:%d " % max(self.below - 1, 1) if self.is_rest else b"")
        self._searched = self.exists - lower + 1
        together = self._together(within)
        commands = self.session.search(
            (together,)
            if together
            else [
                *(still + program for program in (*self.wanted, *self.gmail)),
                *(within + program for program in self.naming),
            ]
        )
        self._within.append(within if together else b"")
        self._asked.append(_Kind.RANGE)
        if self.calibration is not None and upper == self.exists:
            self._asked[-1] = _Kind.RANGE_AND_SAMPLE
            commands += self.calibration.commands((*self.wanted, *self.gmail))
        return commands

    def _together(self, within: bytes) -> bytes:
        """Return one program for all, which a server works off in less time than two."""
        if self._is_apart or self.is_rest or self.gmail:
            return b""
        if len(self.wanted) != 1 or len(self.naming) != 1:
            return b""
        program = within + b"OR " + self.wanted[0] + b" " + self.naming[0]
        return program if len(program) + 100 < self.session.limits.command_bytes else b""

    def _last(self) -> list[bytes]:
        """Return the search for what names what was found, once."""
        if self.afterwards is None:
            return []
        self.naming, self.afterwards = self.afterwards(), None
        if self.naming:
            self._asked.append(_Kind.NAMING)
        return self.session.search(self.naming)

    def found(self, replies: list[Reply]) -> Iterable[tuple[int, ...]]:
        """Return the portions that one bit gave, newest first.

        Raises:
            Distrusted: the server refused, or the sample shows that it misses something.
        """
        asked = self._asked.popleft()
        if asked is _Kind.NAMING:
            self.named = found(replies)
            return ()
        within = self._within.popleft()
        if within:
            both = found(replies[:1])
            if both is None or len(both) > _MANY:
                self._is_apart = True  # refused, or more than is worth fetching: tell them apart
                programs = (within + self.wanted[0], within + self.naming[0])
                apart = self.session.run(self.session.search(programs))
            else:
                apart = [replies[0], replies[0]]
            replies = [*apart, *replies[1:]]
        mine, naming = len(self.wanted) + len(self.gmail), len(self.naming)
        hits = found(replies[:mine], tolerant=len(self.gmail))
        if hits is None:
            raise Distrusted
        if asked is _Kind.RANGE_AND_SAMPLE and self.calibration is not None:
            sample = found(replies[mine + naming + 1 :], tolerant=len(self.gmail))
            if sample is None or not self.calibration.holds(replies[mine + naming], sample):
                raise Distrusted
        named = found(replies[mine : mine + naming])
        self.named = None if self.named is None or named is None else self.named | named
        self._hits |= hits
        new = {uid for uid in hits if uid < self.below} - self.known - self._given
        self._given |= new
        return chunks(new, self.batch, newest_first=True)

    def check(self) -> None:
        """Compare what the whole search found with the sample.

        Raises:
            Distrusted: it found less.
        """
        if self.calibration is not None and not self.calibration.ours <= self._hits:
            raise Distrusted


def found(replies: Iterable[Reply], *, tolerant: int = 0) -> frozenset[int] | None:
    """Return all that searches found; None when one was refused or answered nonsense.

    Args:
        tolerant: how many of the last ones may be refused: those in a server's own language.
    """
    replies = list(replies)
    numbers: set[int] = set()
    for index, reply in enumerate(replies):
        try:
            numbers |= answers.found(reply.check().untagged)
        except (CommandRefused, Garbled):
            if index < len(replies) - tolerant:
                return None
    return frozenset(numbers)

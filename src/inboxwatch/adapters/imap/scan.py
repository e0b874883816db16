"""Finds what is ours in a folder not read before: by the server's SEARCH where it can be trusted.

It goes from the newest message down and says after each portion how far it came, so that a scan
cut short goes on there. SEARCH only proposes; the header decides. Where SEARCH lies, every header
is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from inboxwatch.adapters.imap import answers, search
from inboxwatch.adapters.imap.calibration import Calibration
from inboxwatch.adapters.imap.reading import FolderReading, Found
from inboxwatch.adapters.imap.session import HEADERS, Session, items_of
from inboxwatch.adapters.imap.tokens import Garbled
from inboxwatch.adapters.imap.uidset import chunks
from inboxwatch.adapters.imap.wire import CommandRefused, Reply
from inboxwatch.application.records import FolderState
from inboxwatch.domain.message import FolderRole

Tell = Callable[[int, int | None], None]  # done, total
Portion = tuple[Found, FolderState]

_MAIN_DONE = 1  # a cursor: only what names messages of ours is still to be looked for


@dataclass(slots=True)
class Scan:
    """A first scan of the open folder, or the rest of one.

    Args:
        exists: how many messages the folder holds.
        known: UIDs whose messages are stored already.
        our_ids: every id of a message of ours known before this poll.
        since: the day before which nothing is read. SEARCH is not told: it gains nothing by it,
            and the sample it is checked against knows no days.
        tell: told how far it is.
    """

    reading: FolderReading
    exists: int
    known: frozenset[int]
    our_ids: Callable[[], frozenset[str]]
    since: date | None
    tell: Tell

    def opening(self, state: FolderState) -> list[bytes]:
        """Return the commands that `run` begins with, to be sent with the one that opens."""
        if not self.exists:
            return []
        if self._is_small:
            return [self._all_headers()]
        if self._trust(state) is False:
            return []
        looks = () if self._trust(state) else self._calibration().commands()
        return [*self._programs(), *self._early(), *looks]

    def run(self, state: FolderState) -> Iterator[Portion]:
        """Yield portions, each with the state that follows it; the last has no `scan_cursor`.

        Raises:
            CommandRefused, Garbled: the folder cannot be read.
        """
        cursor = state.scan_cursor or state.uidnext
        looked = 0
        if not self.exists:
            pass
        elif self._is_small:
            (reply,) = self._session.run([self._all_headers()])
            blocks = dict(answers.headers(reply.untagged))
            if not reply.is_ok or len(blocks) < self.exists:
                # One message may be at fault, or was left out: by_headers finds out which.
                yield from self._by_headers(state, cursor)
                return
            uids = {uid for uid in blocks if uid < cursor} - self.known
            for found in self._examined({uid: blocks[uid] for uid in uids}):
                yield found, state
            looked = len(uids)
        elif self._trust(state) is False:
            yield from self._by_headers(replace(state, search_trusted=False), cursor)
            return
        else:
            yield from self._by_search(state, cursor)
            return
        yield Found(uids=(), looked=looked), replace(state, scan_cursor=None)

    def examine(self, portion: tuple[int, ...]) -> Iterator[Found]:
        """Look at the headers of a portion and read what is ours.

        Only the last thing yielded names UIDs: all those of the portion, which are then done.
        """
        blocks, refused = self._session.headers(portion)
        yield from self._examined({uid: blocks[uid] for uid in portion if uid in blocks})
        unreadable = [self.reading.refused(uid) for uid in sorted(refused)]
        yield Found(uids=portion, looked=len(portion), unreadable=unreadable)

    def _examined(self, blocks: dict[int, bytes]) -> Iterator[Found]:
        """Read what is ours of messages whose headers are here."""
        interest = self.reading.interest
        ours: set[int] = set()
        learned = -1
        # Once more when a message of ours came with this very portion: who names it?
        while learned != len(interest.learned):
            learned = len(interest.learned)
            more = {u for u, block in blocks.items() if u not in ours and self.reading.why(block)}
            ours |= more
            for found in self.reading.read(
                chunks(more, self.reading.limits.batch, newest_first=True)
            ):
                found.uids = ()
                yield found

    @property
    def _session(self) -> Session:
        return self.reading.session

    @property
    def _is_small(self) -> bool:
        # A look at every header then costs less than a SEARCH that has to be checked.
        return self.exists <= self.reading.limits.calibration

    def _trust(self, state: FolderState) -> bool | None:
        return False if self._session.connection.searches_badly else state.search_trusted

    def _all_headers(self) -> bytes:
        return b"FETCH 1:%d " % self.exists + HEADERS

    def _early(self) -> list[bytes]:
        # Where our own messages come with the rest, what names them is looked for afterwards.
        holds_ours = self.reading.folder.role in (FolderRole.SENT, FolderRole.ALL)
        return [] if holds_ours else self._naming()

    def _calibration(self) -> Calibration:
        return Calibration(self._session, self.reading.interest, self.exists)

    def _by_search(self, state: FolderState, cursor: int) -> Iterator[Portion]:
        """Read what SEARCH finds, once a sample of headers shows that it finds everything."""
        calibrated = self._trust(state) is True
        programs, early = self._programs(), self._early()
        looks = () if calibrated else self._calibration().commands()
        replies = self._session.run([*programs, *early, *looks])
        hits = _found(replies[: len(programs)], tolerant=len(self._gmail()))
        if hits is None or not (calibrated or self._calibration().holds(replies[-1:], hits)):
            # What SEARCH let past may lie above the cursor too.
            yield from self._by_headers(replace(state, search_trusted=False), state.uidnext)
            return
        state = replace(state, search_trusted=True)
        wanted = {uid for uid in hits if uid < cursor} - self.known
        done = 0
        batch = self.reading.limits.batch
        for found in self.reading.read(chunks(wanted, batch, newest_first=True)):
            done += len(found.uids)
            self.tell(done, len(wanted))
            yield found, replace(state, scan_cursor=max(found.uids[0], _MAIN_DONE))
        state = replace(state, scan_cursor=_MAIN_DONE)
        named = _found(replies[len(programs) : len(programs) + len(early)])
        if (naming := self._naming()) != early:
            named = _found(self._session.run(naming))
        if named is None:  # the server searches no such header: every one is looked at
            # Not trusted any more, so that a scan cut short goes on among the headers.
            state = replace(state, search_trusted=False)
            yield from self._by_headers(state, state.uidnext, but=wanted)
            return
        rest = {uid for uid in named if uid < state.uidnext} - hits - self.known
        for portion in chunks(rest, self.reading.limits.window, newest_first=True):
            for found in self.examine(portion):
                yield found, state
        # The server looked at all the others.
        looked = self.exists if cursor >= state.uidnext else len(wanted)
        yield Found(uids=(), looked=looked), replace(state, scan_cursor=None)

    def _by_headers(
        self, state: FolderState, cursor: int, *, but: frozenset[int] | set[int] = frozenset()
    ) -> Iterator[Portion]:
        """Read the deciding headers of every message below a UID, newest first."""
        uids = {uid for uid in self._all_uids() if uid < cursor} - self.known - but
        done = 0
        for portion in chunks(uids, self.reading.limits.window, newest_first=True):
            for found in self.examine(portion):
                if found.uids:
                    done += len(found.uids)
                    self.tell(done, len(uids))
                    state = replace(state, scan_cursor=max(found.uids[0], _MAIN_DONE))
                yield found, state
        yield Found(uids=()), replace(state, scan_cursor=None)

    def _programs(self) -> list[bytes]:
        interest, limit = self.reading.interest, self._session.limits.command_bytes - 60
        programs = search.wanted(interest, max_bytes=limit)
        return self._session.search([*programs, *self._gmail()])

    def _gmail(self) -> tuple[bytes, ...]:
        if not self._session.connection.is_gmail:
            return ()
        limit = self._session.limits.command_bytes - 60
        return search.gmail(self.reading.interest, max_bytes=limit)

    def _naming(self) -> list[bytes]:
        """Return the searches for what names a message of ours, or a reminder."""
        ids = self.our_ids() | self.reading.interest.learned
        limit = self._session.limits.command_bytes - 60
        programs = search.naming(ids, max_bytes=limit)
        return self._session.search(programs)

    def _all_uids(self) -> frozenset[int]:
        """Return every UID of the folder within the horizon, without asking SEARCH."""
        items = b"(UID)" if self.since is None else b"(UID INTERNALDATE)"
        step = self._session.connection.message_limit
        replies = self._session.run(
            [
                b"FETCH %d:%d %s" % (first, min(first + step - 1, self.exists), items)
                for first in range(1, self.exists + 1, step)
            ]
        )
        uids: set[int] = set()
        for uid, said in items_of(*(reply.check() for reply in replies))[0].items():
            when = answers.internal_date(said.get(b"INTERNALDATE"))
            if self.since is None or when is None or when.date() >= self.since:
                uids.add(uid)
        return frozenset(uids)


def _found(replies: Iterable[Reply], *, tolerant: int = 0) -> frozenset[int] | None:
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

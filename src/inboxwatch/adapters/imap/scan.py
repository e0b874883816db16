"""Finds what is ours in a folder not read before: by the server's SEARCH where it can be trusted.

It goes from the newest message down and says after each portion how far it came, so that a scan
cut short goes on there. SEARCH only proposes; the header decides. Where SEARCH lies, every header
is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from inboxwatch.adapters.imap import answers, search
from inboxwatch.adapters.imap.calibration import Calibration
from inboxwatch.adapters.imap.pools import items_of
from inboxwatch.adapters.imap.reading import FolderReading, Found
from inboxwatch.adapters.imap.session import HEADERS, Session
from inboxwatch.adapters.imap.stream import Stream
from inboxwatch.adapters.imap.uidset import chunks
from inboxwatch.adapters.imap.windows import Distrusted, Windows
from inboxwatch.adapters.imap.windows import found as searched
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
        return self._windows(state).more()

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
            portions = chunks(more, self.reading.limits.batch, newest_first=True)
            for found in Stream(self.reading).read(portions):
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

    def _windows(self, state: FolderState) -> Windows:
        cursor = state.scan_cursor or state.uidnext
        limit = self._session.limits.command_bytes - 100
        interest = self.reading.interest
        is_gmail = self._session.connection.is_gmail
        trusted = self._trust(state) is True
        # Where our own messages come with the rest, what names them is looked for afterwards.
        holds_ours = self.reading.folder.role in (FolderRole.SENT, FolderRole.ALL)
        return Windows(
            session=self._session,
            exists=self.exists,
            below=cursor,
            is_rest=cursor < state.uidnext,
            wanted=search.wanted(interest, max_bytes=limit),
            gmail=search.gmail(interest, max_bytes=limit) if is_gmail else (),
            naming=() if holds_ours else self._naming(),
            afterwards=self._naming if holds_ours else None,
            calibration=None if trusted else Calibration(self._session, interest, self.exists),
            batch=self.reading.limits.batch,
            known=self.known,
        )

    def _by_search(self, state: FolderState, cursor: int) -> Iterator[Portion]:
        """Read what SEARCH finds, once a sample of headers shows that it finds everything."""
        windows = self._windows(state)
        state = replace(state, search_trusted=True)
        done: set[int] = set()
        ours: set[int] = set()
        learned = len(self.reading.interest.learned)
        try:
            for found in Stream(self.reading, windows).read():
                done.update(found.uids)
                ours |= found.ours | {one.location.uid for one in found.unreadable}
                self.tell(len(done), windows.total)
                yield found, replace(state, scan_cursor=max(found.uids[0], _MAIN_DONE))
            windows.check()
        except Distrusted:
            self._session.settle()
            # What SEARCH let past may lie above the cursor too.
            untrusted = replace(state, search_trusted=False, scan_cursor=state.uidnext)
            yield from self._by_headers(untrusted, state.uidnext, passed_over=frozenset(ours))
            return
        state = replace(state, scan_cursor=_MAIN_DONE)
        named = windows.named
        # Asked again when the last messages came with ids of another kind.
        if (naming := self._naming()) != windows.naming:
            named = searched(self._session.run(self._session.search(naming)))
        if named is None:  # the server searches no such header: every one is looked at
            # Not trusted any more, so that a scan cut short goes on among the headers.
            state = replace(state, search_trusted=False)
            yield from self._by_headers(state, state.uidnext, passed_over=frozenset(ours))
            return
        rest = {uid for uid in named if uid < state.uidnext} - ours - self.known
        if len(self.reading.interest.learned) == learned:
            rest -= done  # their headers were looked at, and would say no more now
        for portion in chunks(rest, self.reading.limits.window, newest_first=True):
            for found in self.examine(portion):
                yield found, state
        # The server looked at all the others.
        looked = self.exists if cursor >= state.uidnext else len(done)
        yield Found(uids=(), looked=looked), replace(state, scan_cursor=None)

    def _by_headers(
        self, state: FolderState, cursor: int, *, passed_over: frozenset[int] = frozenset()
    ) -> Iterator[Portion]:
        """Read the deciding headers of every message below a UID, newest first."""
        uids = {uid for uid in self._all_uids() if uid < cursor} - self.known - passed_over
        done = 0
        for portion in chunks(uids, self.reading.limits.window, newest_first=True):
            for found in self.examine(portion):
                if found.uids:
                    done += len(found.uids)
                    self.tell(done, len(uids))
                    state = replace(state, scan_cursor=max(found.uids[0], _MAIN_DONE))
                yield found, state
        yield Found(uids=()), replace(state, scan_cursor=None)

    def _naming(self) -> tuple[bytes, ...]:
        """Return the searches for what names a message of ours, or a reminder."""
        ids = self.our_ids() | self.reading.interest.learned | self.reading.heard
        return search.naming(ids, max_bytes=self._session.limits.command_bytes - 100)

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

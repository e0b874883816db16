"""Reads what is new in one folder since its remembered state, and what is gone from it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from inboxwatch.adapters.imap import answers, audit, view
from inboxwatch.adapters.imap.answers import Counts
from inboxwatch.adapters.imap.few import Few
from inboxwatch.adapters.imap.pools import items_of
from inboxwatch.adapters.imap.reading import FolderReading, Found
from inboxwatch.adapters.imap.scan import Portion, Scan, Tell
from inboxwatch.adapters.imap.session import Session
from inboxwatch.adapters.imap.uidset import chunks
from inboxwatch.adapters.imap.wire import CommandRefused
from inboxwatch.application.records import FolderBatch, FolderState, Wanted
from inboxwatch.domain.message import Location

HELD = "many messages are no longer listed; waiting for the next poll before believing it"
_FEW = 100  # new messages whose headers and structure are asked for at once
_MASS = 0.8  # fewer than this share left is a fault or a view limit until seen twice


def is_unchanged(state: FolderState, counts: Counts, watch_digest: str) -> bool:
    """Tell whether a folder needs no opening: no new mail, nothing gone, no work left over."""
    return (
        state.uidvalidity == counts.uidvalidity
        and state.uidnext == counts.uidnext
        and state.messages == counts.messages
        and state.scan_cursor is None
        and state.watch_digest == watch_digest
        and not state.problem
        and state.failing_since is None
    )


@dataclass(slots=True)
class FolderChanges:
    """One folder's part of a poll.

    Args:
        state: as remembered; one with `uidvalidity` 0 was never read.
        counts: what STATUS just said.
        choose: which part of the folder SEARCH is checked in.
    """

    reading: FolderReading
    state: FolderState
    counts: Counts
    wanted: Wanted
    our_ids: Callable[[], frozenset[str]]
    now: datetime
    tell: Tell
    choose: audit.Choose = random.randrange
    _reset: bool = False
    _hides: bool = False  # mail was pushed out of sight

    def batches(self) -> Iterator[FolderBatch]:
        """Yield the folder's news; the last batch is complete.

        Raises:
            CommandRefused, Garbled: the folder cannot be read.
        """
        opened = self._session.open(self.reading.folder, self._opening())
        counts = self._agreed(opened)
        state = self._started(counts)
        if self._reset:
            yield FolderBatch(state=state, reset=True)
        state = audit.audited(
            state, counts.messages or 0, self.reading, now=self.now, choose=self.choose
        )
        waiting: FolderBatch | None = None
        for found, follows in self._portions(state, counts):
            state = follows
            batch = FolderBatch(
                state=state,
                arrivals=tuple(found.arrivals),
                unreadable=tuple(found.unreadable),
                scanned=found.looked,
            )
            if waiting is not None and _is_light(waiting, batch, self.reading.limits.window):
                waiting = _joined(waiting, batch)
                continue
            if waiting is not None:
                yield waiting
            waiting = batch
        gone: tuple[Location, ...] = ()
        held = False
        if self._may_have_lost(counts):
            held = self._is_mass_loss(counts)
            gone = () if held else self._gone(state, counts)
        state = replace(
            state,
            messages=self.state.messages if held else (counts.messages or 0),
            # Only what was surely looked at is past: EXAMINE and STATUS must agree.
            highestmodseq=counts.highestmodseq
            if counts.messages == self.counts.messages and not held
            else self.state.highestmodseq,
            polled_at=self.now,
            problem=HELD if held else "",
            failing_since=None,
            audited_at=state.audited_at or (self.now if state.search_trusted else None),
            view_limited=self._hides or view.is_limited(self._session, self.state, counts),
        )
        yield replace(waiting or FolderBatch(state=state), state=state, gone=gone, complete=True)

    @property
    def _session(self) -> Session:
        return self.reading.session

    def _opening(self) -> list[bytes]:
        """Return what will be asked first, judging by STATUS; it is sent along with EXAMINE."""
        state = self.state
        same = state.uidvalidity == self.counts.uidvalidity and not self._is_rewound(self.counts)
        if not same or state.watch_digest != self.wanted.watch_digest or state.scan_cursor:
            known_role = replace(state, role=self.reading.folder.role)
            return self._scan(self.counts, frozenset()).opening(known_role)
        return [self._few_new()] if self._are_few(self.counts) else []

    def _is_rewound(self, counts: Counts) -> bool:
        return (counts.uidnext or 1) < self.state.uidnext

    def _are_few(self, counts: Counts) -> bool:
        return 0 < (counts.uidnext or 1) - self.state.uidnext <= _FEW

    def _few_new(self) -> bytes:
        return self.reading.head_command_from(self.state.uidnext)

    def _scan(self, counts: Counts, known: frozenset[int]) -> Scan:
        return Scan(
            reading=self.reading,
            exists=counts.messages or 0,
            known=known,
            our_ids=self.our_ids,
            since=self.wanted.since.date() if self.wanted.since else None,
            tell=self.tell,
        )

    def _agreed(self, opened: Counts) -> Counts:
        """Return the counts of the open folder; what EXAMINE leaves out STATUS told.

        Raises:
            CommandRefused: the server does not number its messages.
        """
        uidvalidity = opened.uidvalidity or self.counts.uidvalidity
        messages = opened.messages if opened.messages is not None else self.counts.messages
        if not uidvalidity or messages is None:
            raise CommandRefused("NO", "the server gives this folder no UIDVALIDITY")
        uidnext = opened.uidnext or self.counts.uidnext
        if uidnext is None:
            uidnext = self._last_uid(messages) + 1
        return replace(opened, uidvalidity=uidvalidity, messages=messages, uidnext=uidnext)

    def _last_uid(self, messages: int) -> int:
        if not messages:
            return 0
        (reply,) = self._session.run([b"FETCH %d (UID)" % messages])
        return max(items_of(reply.check())[0], default=0)

    def _started(self, counts: Counts) -> FolderState:
        """Return the state to go on from: a first scan, a wider one, or the news."""
        state, digest = self.state, self.wanted.watch_digest
        uidvalidity, uidnext = counts.uidvalidity or 0, counts.uidnext or 1
        self.reading.uidvalidity = uidvalidity
        is_new = state.uidvalidity == 0
        self._reset = not is_new and (state.uidvalidity != uidvalidity or self._is_rewound(counts))
        if is_new or self._reset:
            return replace(
                state,
                role=self.reading.folder.role,
                uidvalidity=uidvalidity,
                uidnext=uidnext,
                messages=counts.messages or 0,
                highestmodseq=counts.highestmodseq,
                scan_cursor=uidnext,
                watch_digest=digest,
                search_trusted=state.search_trusted if self._reset else None,
            )
        if state.watch_digest != digest:
            return replace(state, scan_cursor=state.uidnext, watch_digest=digest)
        return state

    def _portions(self, state: FolderState, counts: Counts) -> Iterator[Portion]:
        if state.scan_cursor is not None:
            was_read = self.state.uidvalidity != 0 and not self._reset
            known = self._known(state) if was_read else frozenset()
            scan = self._scan(counts, known)
            self.reading.not_before = scan.since
            for found, follows in scan.run(state):
                state = follows
                yield found, state
            self.reading.not_before = None
        if (counts.uidnext or 0) > state.uidnext:
            yield from self._new(state, counts)

    def _new(self, state: FolderState, counts: Counts) -> Iterator[Portion]:
        """Read what came since, by the header of every new message: SEARCH may not know it yet."""
        first, uidnext = state.uidnext, counts.uidnext or 1
        if state.uidnext == self.state.uidnext and self._are_few(counts):
            replies = self._session.run([self._few_new()])
            few = Few(replies[0], first)
            came = (counts.messages or 0) - self.state.messages
            if replies[0].is_ok and len(few.uids) >= came:  # else some were left out of the answer
                after = max([uidnext, *(uid + 1 for uid in few.uids)])
                yield few.read(self.reading), replace(state, uidnext=after)
                return
        scan = self._scan(counts, frozenset())
        uids = tuple(sorted(uid for uid in self._uids_from(first) if uid >= first))
        done = 0
        for portion in chunks(uids, self.reading.limits.window, newest_first=False):
            for found in scan.examine(portion):
                if found.uids:
                    done += len(found.uids)
                    self.tell(done, len(uids))
                    state = replace(
                        state,
                        uidnext=found.uids[-1] + 1,
                        messages=state.messages + len(found.uids),
                    )
                yield found, state
        yield Found(uids=()), replace(state, uidnext=max(uidnext, state.uidnext))

    def _uids_from(self, first: int) -> frozenset[int]:
        (reply,) = self._session.run([b"UID FETCH %d:* (UID)" % first])
        return frozenset(answers.fetched_all(reply.check().untagged)[0])

    def _known(self, state: FolderState) -> frozenset[int]:
        return self.wanted.known_uids(
            self.reading.account, self.reading.folder.name, state.uidvalidity
        )

    def _may_have_lost(self, counts: Counts) -> bool:
        """Tell whether fewer messages came than the counts would have: some went."""
        if self._reset or self.state.uidvalidity == 0:
            return False
        came = (counts.uidnext or 1) - self.state.uidnext
        return (counts.messages or 0) - self.state.messages < came

    def _is_mass_loss(self, counts: Counts) -> bool:
        before = self.state.messages
        fell = bool(before) and (counts.messages or 0) < before * _MASS
        return fell and self.state.problem != HELD

    def _gone(self, state: FolderState, counts: Counts) -> tuple[Location, ...]:
        known = self._known(state)
        if not known:
            return ()
        since = self.state.highestmodseq
        gone: frozenset[int] | None = None
        if since is not None and self._session.connection.sends_vanished:
            try:
                gone = self._session.vanished(known, since)
            except CommandRefused:
                gone = None
        if gone is None:
            gone = known - self._session.present(known)
            hidden = view.out_of_sight(self._session, gone, before=self.state, now=counts)
            self._hides = bool(hidden)
            gone -= hidden
        return tuple(self.reading.place(uid) for uid in sorted(gone))


def _is_light(waiting: FolderBatch, batch: FolderBatch, window: int) -> bool:
    """Tell whether a portion without messages can be kept together with the one before."""
    is_empty = not batch.arrivals and not batch.unreadable
    return is_empty and waiting.scanned + batch.scanned <= window


def _joined(waiting: FolderBatch, batch: FolderBatch) -> FolderBatch:
    return replace(waiting, state=batch.state, scanned=waiting.scanned + batch.scanned)

"""An IMAP account as a `MailSource`: one connection, one poll over all folders. Changes nothing."""

from __future__ import annotations

import random
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from inboxwatch.adapters.imap.again import Again
from inboxwatch.adapters.imap.answers import Counts
from inboxwatch.adapters.imap.audit import Choose, is_due
from inboxwatch.adapters.imap.changes import FolderChanges, is_unchanged
from inboxwatch.adapters.imap.connection import connect
from inboxwatch.adapters.imap.endpoint import Endpoint
from inboxwatch.adapters.imap.faults import LOST, backoff_seconds, mapped, translate
from inboxwatch.adapters.imap.folders import Folder, FolderChoices
from inboxwatch.adapters.imap.interest import Interest
from inboxwatch.adapters.imap.limits import Limits
from inboxwatch.adapters.imap.missing import missing
from inboxwatch.adapters.imap.originals import originals
from inboxwatch.adapters.imap.pace import DeadlinePassed, Pace
from inboxwatch.adapters.imap.reading import FolderReading
from inboxwatch.adapters.imap.session import Overview, Session, first_words
from inboxwatch.adapters.imap.tokens import Garbled
from inboxwatch.adapters.imap.wire import CommandRefused, ServerSaidBye
from inboxwatch.application.ports import MailReader, Progress
from inboxwatch.application.records import FolderBatch, FolderState, Wanted
from inboxwatch.domain.message import FolderRole, Location

# Where our own messages are: read first, and nothing after them while they cannot be read.
_OURS = frozenset({FolderRole.SENT, FolderRole.ALL})
_NO_CHOICES = FolderChoices()
_LIMITS = Limits()


def _utc_now() -> datetime:
    return datetime.now(UTC)


class ImapSource:
    """Implements `MailSource`.

    Args:
        account: the account's name in the settings.
        reader: turns what was fetched into messages.
        header_fields: which header fields the reader wants.
        keep_open: keep the connection between polls; for short intervals.
        choose: a random number below another: where SEARCH is checked now and then.
    """

    def __init__(
        self,
        *,
        account: str,
        endpoint: Endpoint,
        reader: MailReader,
        header_fields: Sequence[str],
        choices: FolderChoices = _NO_CHOICES,
        limits: Limits = _LIMITS,
        keep_open: bool = False,
        now: Callable[[], datetime] = _utc_now,
        choose: Choose = random.randrange,
    ) -> None:
        self._account = account
        self._endpoint = endpoint
        self._reader = reader
        self._header_fields = tuple(header_fields)
        self._choices = choices
        self._limits = limits
        self._keep_open = keep_open
        self._now = now
        self._choose = choose
        self._pace = Pace(limits.connect_seconds, limits.read_seconds)
        self._session: Session | None = None
        self._reconnects = 0
        self._waits_at_sign_in = False  # a server that loses what is sent along with LOGIN

    def poll(
        self, states: Mapping[str, FolderState], wanted: Wanted, *, progress: Progress | None = None
    ) -> Iterator[FolderBatch]:
        """Yield what is new, Sent first. An unchanged folder yields its state as it was.

        Raises:
            MailSourceError: the account as a whole cannot be read.
        """
        with self._connected():
            overview = self._overview(states)
            interest = Interest(wanted.watch, wanted.is_ours, wanted.expect)
            again = Again(interest)
            for folder in overview.folders:
                is_failing = False
                for batch in self._folder(
                    folder, overview.counts[folder.name], states, wanted, interest, progress
                ):
                    is_failing = batch.state.failing_since is not None
                    again.note(batch)
                    yield batch
                    yield from again.marks()
                if is_failing and folder.role in _OURS:
                    # What answers a message of ours that is not known yet would be passed over.
                    return
            yield from self._again(again, overview, wanted, interest, progress)
            there = {folder.name for folder in overview.folders} | set(self._choices.excluded)
            yield from missing(states, wanted, there=there)

    def _again(
        self,
        again: Again,
        overview: Overview,
        wanted: Wanted,
        interest: Interest,
        progress: Progress | None,
    ) -> Iterator[FolderBatch]:
        """Yield what folders hold that answers messages of ours found after them."""
        due = {state.folder: state for state in again.due()}
        for folder in overview.folders:
            if folder.name in due:
                since = again.since(folder.name, wanted.since)
                yield from self._folder(
                    folder,
                    overview.counts[folder.name],
                    due,
                    replace(wanted, since=since),
                    interest,
                    progress,
                )

    def originals(self, locations: Iterable[Location]) -> Iterator[tuple[Location, bytes | None]]:
        """Yield each whole message; None where it is no longer there or too large.

        Raises:
            MailSourceError: the account as a whole cannot be read.
        """
        with self._connected():
            yield from originals(self._opened(), tuple(locations), self._limits)

    def folders(self) -> tuple[tuple[str, FolderRole], ...]:
        """Sign in and return the folders that would be read, with what each is for.

        Raises:
            MailSourceError: the account cannot be read.
        """
        with self._connected():
            return tuple((f.name, f.role) for f in self._overview({}).folders)

    def close(self) -> None:
        """Log out and let go of the connection."""
        if self._session is not None:
            self._session.connection.close()
            self._session = None

    @property
    def turns(self) -> int:
        """How often the present connection spoke since it signed in."""
        return self._session.connection.wire.turns if self._session is not None else 0

    # ------------------------------------------------------------------ one folder

    def _folder(
        self,
        folder: Folder,
        counts: Counts | CommandRefused,
        states: Mapping[str, FolderState],
        wanted: Wanted,
        interest: Interest,
        progress: Progress | None,
    ) -> Iterator[FolderBatch]:
        """Yield a folder's batches; a connection that breaks is made anew once for each folder."""
        state = states.get(folder.name) or FolderState(
            account=self._account, folder=folder.name, role=folder.role
        )
        if state.role is not folder.role:
            state = replace(state, role=folder.role)
        if isinstance(counts, CommandRefused):
            yield self._failed(state, counts)
            return
        unchanged = is_unchanged(state, counts, wanted.watch_digest)
        messages, now = counts.messages or 0, self._now()
        if unchanged and not is_due(state, messages=messages, now=now, limits=self._limits):
            yield FolderBatch(state=state, complete=True)
            return
        for attempt in (1, 2):
            try:
                changes = FolderChanges(
                    reading=FolderReading(
                        self._opened(),
                        folder,
                        interest,
                        self._reader,
                        account=self._account,
                        header_fields=self._header_fields,
                        limits=self._limits,
                    ),
                    state=state,
                    counts=counts,
                    wanted=wanted,
                    our_ids=wanted.our_ids,
                    now=self._now(),
                    tell=_teller(progress, folder.name),
                    choose=self._choose,
                )
                for batch in changes.batches():
                    state = batch.state
                    yield batch
                return
            except (CommandRefused, Garbled) as error:
                yield self._failed(state, error)
                return
            except LOST as error:
                self._lost(error)
                if attempt == 2:
                    yield self._failed(state, error)

    def _failed(self, state: FolderState, error: Exception) -> FolderBatch:
        """Return the batch of a folder that could not be read.

        Raises:
            MailSourceError: the fault is the whole account's: the server wants to be left alone.
        """
        if isinstance(error, CommandRefused) and error.is_about_the_account:
            raise error
        if self._session is not None:
            self._session.look_again()
        known = translate(error, self._account, self._endpoint.host, self._endpoint.port)
        problem = known.problem if known is not None else str(error)
        return FolderBatch(
            state=replace(state, problem=problem, failing_since=state.failing_since or self._now())
        )

    # ------------------------------------------------------------------ the connection

    @contextmanager
    def _connected(self) -> Iterator[None]:
        """Hold the deadline, map every failure, and end with the connection kept or closed."""
        self._reconnects = 0
        self._pace.start(self._limits.poll_seconds)
        try:
            with mapped(self._account, self._endpoint.host, self._endpoint.port):
                yield
        except BaseException:
            self._drop()
            raise
        if not self._keep_open:
            self.close()
        elif self._session is not None:
            self._session.connection.imap.rest()

    def _opened(self, known: Sequence[str] | None = None) -> Session:
        """Return the session, a new one if there is none.

        Args:
            known: the folders whose overview is wanted first; None when it is not.
        """
        if self._session is None:
            along = () if known is None or self._waits_at_sign_in else first_words(known)
            connection = connect(self._endpoint, self._limits, self._pace, along=along)
            self._session = Session(connection, self._limits, self._choices)
        return self._session

    def _overview(self, states: Mapping[str, FolderState]) -> Overview:
        known = [name for name, state in states.items() if state.uidvalidity]
        was_open = self._session is not None
        try:
            overview = self._opened(known).overview(known)
        except LOST as error:
            sent_along = self._session is not None and bool(self._session.connection.ahead)
            if not was_open:
                if not sent_along or isinstance(error, ServerSaidBye):
                    raise
                # Signed in, and then no answer: a go-between may lose what comes so early.
                self._waits_at_sign_in = True
            self._lost(error)
            overview = self._opened(known).overview(known)
        if not overview.folders:
            raise Garbled("the server lists no folders")
        return overview

    def _lost(self, error: Exception) -> None:
        """Let go of a connection that ended.

        Raises:
            Exception: the same error, when another connection would not help.
        """
        self._drop()
        self._reconnects += 1
        hopeless = isinstance(error, DeadlinePassed | ssl.SSLCertVerificationError)
        if hopeless or self._reconnects > self._limits.reconnects or backoff_seconds(str(error)):
            raise error

    def _drop(self) -> None:
        if self._session is not None:
            self._session.connection.close(politely=False)
            self._session = None


def _teller(progress: Progress | None, folder: str) -> Callable[[int, int | None], None]:
    return lambda done, total: progress(folder, done, total) if progress is not None else None

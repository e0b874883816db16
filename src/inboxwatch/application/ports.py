"""The ports: what the use cases need from mail sources, readers, the store and notifiers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from inboxwatch.application.ports_judging import JudgingTransaction
from inboxwatch.application.records import (
    Delivery,
    DeliveryState,
    FetchedPart,
    FiledReminder,
    FolderBatch,
    FolderState,
    PollRecord,
    StoreCounts,
    Wanted,
)
from inboxwatch.domain.message import Location, Message, Unreadable
from inboxwatch.domain.overrides import Override
from inboxwatch.domain.reminders import Reminder
from inboxwatch.domain.threads import Entry

NOTHING: Mapping[str, Entry] = {}
Now = Callable[[], datetime]  # aware UTC
Progress = Callable[[str, int, int | None], None]  # what, done, total if known


class MailReader(Protocol):
    """Turns bytes into a `Message`; hostile mail gives `Unreadable`, never an exception."""

    def read(
        self, raw: bytes, *, location: Location, received_at: datetime | None = None
    ) -> Message | Unreadable:
        """Read a whole message. `received_at` is the server's INTERNALDATE where there is one."""

    def read_parts(
        self,
        header: bytes,
        parts: tuple[FetchedPart, ...],
        *,
        location: Location,
        received_at: datetime | None = None,
        size: int = 0,
    ) -> Message | Unreadable:
        """Read a message from its header block and the parts that were fetched.

        Gives the same `Message` as `read` would, as far as the fetched parts go.
        """


class MailSource(Protocol):
    """An account's mail, read without changing anything."""

    def poll(
        self, states: Mapping[str, FolderState], wanted: Wanted, *, progress: Progress | None = None
    ) -> Iterator[FolderBatch]:
        """Yield what is new in every watched folder, Sent first, never Drafts.

        Args:
            states: the remembered state of each folder, by its name.

        Raises:
            MailSourceError: the account as a whole cannot be read.
        """

    def originals(self, locations: Iterable[Location]) -> Iterator[tuple[Location, bytes | None]]:
        """Yield each whole message, None where it is no longer there or too large."""

    def close(self) -> None:
        """Log out and let go of the connection."""


class Notifier(Protocol):
    """A way to reach the user."""

    @property
    def name(self) -> str:
        """The target's name in the settings."""

    def accepts(self, type: str) -> bool:
        """Tell whether this target wants deliveries of a type."""

    def send(self, delivery: Delivery) -> None:
        """Deliver it, or raise.

        Raises:
            NotifierError: it was not delivered; `permanent` when trying again cannot help.
        """


class Transaction(JudgingTransaction, Protocol):
    """What can be read and written inside one transaction. A person is a user whose mail it is."""

    # Messages
    def save_entry(self, person: str, entry: Entry, keys: frozenset[str]) -> bool:
        """Store a message with its classification and threading keys; True when it is new.

        A message already there keeps its locations and gains those of this copy; it is not
        judged anew. `keys` are what `threading.keys` gave. It counts as changed.
        """

    def save_entries(
        self, person: str, entries: Iterable[tuple[Entry, frozenset[str]]]
    ) -> tuple[str, ...]:
        """Store many messages with their keys, as `save_entry` does; return the ids of new ones."""

    def judge_entries(self, person: str, entries: Iterable[tuple[Entry, frozenset[str]]]) -> None:
        """Replace what stored messages were judged to be, with the keys that follow from it."""

    def entry(self, person: str, message_id: str) -> Entry | None:
        """Return one stored message."""

    def entries(self, person: str, message_ids: Iterable[str] | None = None) -> tuple[Entry, ...]:
        """Return stored messages in order of time; all of them without `message_ids`."""

    def entries_sharing(
        self, person: str, keys: frozenset[str], known: Mapping[str, Entry] = NOTHING
    ) -> tuple[Entry, ...]:
        """Return the messages that have any of these threading keys.

        Args:
            known: messages by id that need not be read; they are returned as they are here.
        """

    def known_ids(self, person: str, message_ids: Iterable[str]) -> frozenset[str]:
        """Return which of these ids are of stored messages."""

    def our_ids(self, person: str) -> frozenset[str]:
        """Return the ids of all of the user's messages to bodies, and of the reminders sent."""

    def message_ids(self, person: str, among: Iterable[str] | None = None) -> frozenset[str]:
        """Return the ids of stored messages and of reminders sent; all of them without `among`."""

    def without_original(self, person: str, account: str) -> tuple[Entry, ...]:
        """Return the stored messages seen at an account whose original is not kept yet."""

    def remember_sent_id(self, person: str, message_id: str) -> None:
        """Remember the Message-ID of a reminder we sent, so that answers to it are read."""

    def texts_around(
        self,
        person: str,
        sender: str,
        fingerprint: str,
        at: datetime,
        message_id: str,
        *,
        at_most: int | None = None,
    ) -> tuple[int, tuple[str, ...]]:
        """Count earlier messages with this text from this sender, and name the later ones.

        Of the same moment those with a smaller id are earlier. Itself is neither.

        Args:
            at_most: of each so many at the most, of the later ones the next.
        """

    # Places of copies
    def add_locations(self, person: str, message_id: str, locations: Iterable[Location]) -> None:
        """Add places where a stored message was seen."""

    def drop_locations(self, person: str, locations: Iterable[Location]) -> None:
        """Mark copies as no longer there; messages stay."""

    def drop_folder_locations(self, person: str, account: str, folder: str) -> None:
        """Forget every place in one folder (its UIDVALIDITY changed)."""

    def known_uids(self, account: str, folder: str, uidvalidity: int) -> frozenset[int]:
        """Return the UIDs of stored messages in a folder."""

    # Folders and polls
    def folder_states(self, account: str) -> dict[str, FolderState]:
        """Return the remembered folders of an account by name."""

    def save_folder_state(self, state: FolderState) -> None:
        """Remember a folder."""

    def save_poll(self, record: PollRecord) -> None:
        """Record a poll."""

    def last_complete_poll(self, account: str) -> PollRecord | None:
        """Return the newest complete poll of an account."""

    def last_poll(self, account: str) -> PollRecord | None:
        """Return the newest poll of an account, complete or not."""

    def save_unreadable(self, person: str, unreadable: Unreadable) -> None:
        """Quarantine a message that could not be read; the same place counts once."""

    def unreadables(self, person: str) -> tuple[Unreadable, ...]:
        """Return the quarantine of a person."""

    # Decisions
    def add_override(self, person: str, override: Override) -> Override:
        """Store a decision (its id is given here) and return it."""

    def undo_override(self, person: str, override_id: int, at: datetime) -> Override | None:
        """Mark a decision undone; None when there is none such or it was undone before."""

    def overrides(self, person: str) -> tuple[Override, ...]:
        """Return every decision, undone ones too, oldest first."""

    # Reminders
    def file_reminders(
        self, person: str, reminders: Iterable[Reminder], at: datetime
    ) -> tuple[Reminder, ...]:
        """File reminders whose key is new; return those that were."""

    def filed_reminders(self, person: str) -> tuple[FiledReminder, ...]:
        """Return every reminder filed, oldest first."""

    def reminders_about(self, person: str, message_ids: Iterable[str]) -> tuple[FiledReminder, ...]:
        """Return the reminders filed about any of these messages, chasers too, oldest first."""

    def add_delivery(self, delivery: Delivery) -> bool:
        """Put a delivery in the outbox; False when its id is already there."""

    def pending_deliveries(self, at: datetime) -> tuple[Delivery, ...]:
        """Return the deliveries that may be sent at a moment, oldest first."""

    def count_pending(self) -> int:
        """Count everyone's deliveries that wait to be sent, also those that may not be yet."""

    def update_delivery(self, delivery: Delivery) -> None:
        """Save state, attempts, times and problem of a delivery."""

    def deliveries(
        self,
        person: str,
        *,
        states: Collection[DeliveryState] = tuple(DeliveryState),
        besides: Collection[str] = (),
    ) -> tuple[Delivery, ...]:
        """Return a person's deliveries in some states, without problems `besides`, oldest first."""

    def last_sent_at(self, person: str, target: str, type: str) -> datetime | None:
        """Return when the newest delivery of a type was sent to a target."""

    # Originals
    def save_original(self, raw: bytes) -> str:
        """Keep an original once, by content; return its SHA-256 in hex."""

    def original(self, sha256: str) -> bytes | None:
        """Return an original's bytes as they were."""

    def set_original(self, person: str, message_id: str, sha256: str) -> None:
        """Note which original a message has; the first that was kept stays."""

    # Housekeeping
    def purge(self, person: str, message_ids: Iterable[str]) -> int:
        """Delete messages with all that hangs on them, and originals no longer used; count them."""

    def setting(self, name: str) -> str | None:
        """Return a remembered value (local secret, first run, …)."""

    def settings(self, names: Collection[str]) -> dict[str, str | None]:
        """Return some remembered values by name; to ask again for one of them costs nothing."""

    def set_setting(self, name: str, value: str) -> None:
        """Remember a value."""

    def people(self) -> tuple[str, ...]:
        """Return everyone whose mail is stored."""

    def revision(self, person: str, as_of: datetime) -> str:
        """Return a text that changes with mail (later than `as_of` apart), decisions, outbox."""

    def counts(self, person: str | None = None) -> StoreCounts:
        """Count what is stored."""


class Store(Protocol):
    """Where facts, decisions and the outbox live."""

    def transaction(
        self, *, read_only: bool = False, durable: bool = True
    ) -> AbstractContextManager[Transaction]:
        """Open a transaction: committed at the end, rolled back on any exception.

        Writing ones run one at a time and see all that was committed before; what was read in one
        still holds when it writes. A `read_only` one sees a single moment, and nobody waits. A
        power cut may take back one that is not `durable`, until one that is was committed after it.

        Raises:
            StoreError: the store cannot be reached, is full, locked or of another schema.
        """

    def version(self) -> str:
        """Return a text that is another after every commit of any program, our `note` aside."""

    def note(self, polls: Iterable[PollRecord]) -> None:
        """Save records of polls without news; not durable, and the version may stay."""

    def close(self) -> None:
        """Let go of connections."""

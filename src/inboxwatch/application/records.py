"""Records that pass through the ports: folder states, batches, deliveries, polls. Values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.message import FolderRole, Location, Message, Unreadable
from inboxwatch.domain.pages import Page
from inboxwatch.domain.reminders import Reminder
from inboxwatch.domain.threads import Link
from inboxwatch.domain.verdict import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderState:
    """What is remembered of a folder between polls: the cursor and the checks around it."""

    account: str
    folder: str
    role: FolderRole
    uidvalidity: int = 0
    uidnext: int = 1
    messages: int = 0
    highestmodseq: int | None = None
    search_trusted: bool | None = None  # None: not yet calibrated
    scan_cursor: int | None = None  # a header scan under way: the UID still to go down from
    watch_digest: str = ""  # which watch list it was scanned for; another one scans again
    polled_at: datetime | None = None  # the last time it was read to its end
    failing_since: datetime | None = None
    problem: str = ""
    excluded: bool = False  # by the user: it does not hold up `as_of`
    audited_at: datetime | None = None  # when a trusted SEARCH was last checked against headers
    search_lied_at: datetime | None = None  # when SEARCH was last found to miss mail
    view_limited: bool = False  # the server shows only its newest messages


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is ours to read in a mailbox.

    `is_ours(message_id)` tells whether an id is of a message of ours to a body, or of a reminder;
    it may learn during a scan, so Sent is read first; `expect(ids)` names some that it will be
    asked about. `watch_digest` changes when the watch list does. `known_uids(account, folder,
    uidvalidity)` gives the UIDs whose messages are stored, for deletions.
    """

    watch: Watch
    is_ours: Callable[[str], bool]
    watch_digest: str
    since: datetime | None = None  # the horizon of the first scan
    expect: Callable[[Iterable[str]], None] = lambda _ids: None
    # The ids that `is_ours` knows, for a server-side search of what names them.
    our_ids: Callable[[], frozenset[str]] = frozenset
    known_uids: Callable[[str, str, int], frozenset[int]] = lambda _account, _folder, _validity: (
        frozenset()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A message that was found, with where. The original is given only when it was read whole."""

    message: Message
    original: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderBatch:
    """A part of a folder's news; committed whole, together with the state that follows it.

    `complete`: the folder has been read to its end with this batch. A failed folder gives one
    batch with its `problem` in the state, no arrivals, and `complete` False.
    """

    state: FolderState
    arrivals: tuple[Arrival, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    gone: tuple[Location, ...] = ()  # copies no longer there; messages stay as evidence
    reset: bool = False  # UIDVALIDITY changed: forget this folder's locations first
    complete: bool = False
    scanned: int = 0  # messages looked at, for the counts


class DeliveryState(Enum):
    """Where a delivery stands."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"  # given up; the reason is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One thing to send to one target: a digest by email, or one webhook event.

    `id` is unique for ever and is what a receiver can drop repeats by: for a webhook event the
    reminder key, for a digest an id made from its keys. `payload` is JSON text fixed when it was
    filed, so that a repeat is the same to the byte.
    """

    id: str
    person: str
    target: str  # name of the notifier
    type: str  # "digest", "thread.overdue", "thread.undelivered", "thread.answered", "health"
    payload: str
    created_at: datetime
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    not_before: datetime | None = None
    sent_at: datetime | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledReminder:
    """A reminder that was filed, and when."""

    reminder: Reminder
    filed_at: datetime


# A poll that ends so much later than one saved after it was recorded under a clock that has been
# set back since: what it claims of its moment is not known. Two at the same time differ by less.
SET_BACK = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PollRecord:
    """One poll of an account. `complete`: every watched folder was read to its end."""

    account: str
    person: str
    started_at: datetime
    ended_at: datetime
    complete: bool
    scanned: int = 0
    found: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where the store has a message: thread id, council mailbox and link."""

    message_id: str
    council_mailbox: str
    thread_id: str
    link: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What changed of a person's mail and decisions since it was last judged.

    `last` numbers the newest change. `everything`: what changed cannot be said by message.
    """

    last: int = 0
    message_ids: tuple[str, ...] = ()
    everything: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadPage:
    """What is kept of a judged thread: its page, and the status it had."""

    page: Page
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """Mail of a person at a body that no mark places. `lines` are hashes of what it quotes."""

    message_id: str
    body: str
    at: datetime
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer that counts in a thread at a body. `said`: its own words as `pages.plain` gives."""

    message_id: str
    body: str
    at: datetime
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreCounts:
    """How much the store holds, for `doctor`."""

    messages: int = 0
    threads: int = 0
    unreadable: int = 0
    originals: int = 0
    by_account: tuple[tuple[str, int], ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedPart:
    """One leaf of a message's structure as a server described it, perhaps with its bytes.

    `encoding` is the content transfer encoding, lower case. `raw` is undecoded and may be only
    the beginning (`truncated`); None when the part was not fetched. `path` is the section number.
    """

    path: str
    content_type: str  # lower case
    parameters: tuple[tuple[str, str], ...] = ()
    encoding: str = "7bit"
    name: str = ""
    disposition: str = ""  # lower case: inline, attachment
    size: int = 0
    raw: bytes | None = None
    truncated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NotScanned:
    """A file, folder or archive that was not read, or not to its end, and why."""

    place: str
    reason: str = ""

    def __str__(self) -> str:
        """Return both for people: "account: folder: why"."""
        return f"{self.place}: {self.reason}" if self.reason else self.place


@dataclass(frozen=True, slots=True, kw_only=True)
class FileScan:
    """What was found in mail files.

    `messages` are those that are ours to read, each once, with every place it was seen.
    `scanned` counts all mail looked at. `newest_at` is the newest plausible time of any message,
    None without one. `writers` are the addresses that wrote to a watched body, most frequent
    first: a hint at whose mail this is.
    """

    messages: tuple[Message, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    scanned: int = 0
    folders: tuple[str, ...] = ()
    not_scanned: tuple[NotScanned, ...] = ()
    newest_at: datetime | None = None
    writers: tuple[tuple[str, int], ...] = ()

"""What one mail is, as read: addresses, times, own words, report. Pure values, no parsing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from inboxwatch.domain.identifiers import is_synthetic


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address as RFC 5322 means it; `address` is wholly lower case, `name` decoded."""

    address: str
    name: str = ""

    @property
    def domain(self) -> str:
        """The part after the last @, or an empty string."""
        return self.address.rpartition("@")[2] if "@" in self.address else ""

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


class ReportType(Enum):
    """Which machine report a message carries."""

    DELIVERY = "delivery"  # RFC 3464, message/delivery-status
    DISPOSITION = "disposition"  # RFC 8098, message/disposition-notification or TNEF receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedRecipient:
    """One recipient of a delivery report. `action` is lower case: failed, delayed, delivered…"""

    address: str
    action: str = ""
    status: str = ""  # RFC 3463, as "5.1.1"
    diagnostic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A delivery or disposition report found anywhere in the structure of a message."""

    type: ReportType
    recipients: tuple[ReportedRecipient, ...] = ()
    disposition: str = ""  # lower case: displayed, deleted, dispatched…
    disposition_modifiers: tuple[str, ...] = ()  # lower case: rejected, quota, expired…
    original_message_id: str | None = None  # without angle brackets
    original_subject: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """An attached part: name, type and size in bytes; its content is not kept here."""

    name: str
    content_type: str
    size: int


class FolderRole(Enum):
    """What a folder is for (RFC 6154 special use, or by name)."""

    INBOX = "inbox"
    SENT = "sent"
    ARCHIVE = "archive"
    JUNK = "junk"
    TRASH = "trash"
    ALL = "all"
    USER = "user"
    DRAFTS = "drafts"  # never read


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where a copy of a message was seen. For a mail file `uid` is the position in it."""

    account: str
    folder: str
    role: FolderRole
    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One mail.

    `at` orders messages (aware UTC): the time the server received it (INTERNALDATE or the newest
    Received header) unless the mail is ours, then its Date where that is believable. `date` is
    what the Date header says. `own_text` is what the author wrote, without quotation, signature
    and disclaimer, `quoted_text` the rest; both are bounded. `headers` holds only the evidence
    headers, names in lower case, values unfolded and decoded, in order, repeats kept.
    """

    message_id: str
    at: datetime
    date: datetime | None = None
    received_at: datetime | None = None
    sender: Address | None = None  # From; the first where there are several
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    subject: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    # Other ids that tie it to a message of ours: x-ms-exchange-parent-message-id and the like.
    related_ids: tuple[str, ...] = ()
    # Server thread keys that are equal for one conversation: "gmail:…", "thread-index:…".
    thread_keys: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    own_text: str = ""
    quoted_text: str = ""
    content_types: tuple[str, ...] = ()  # every part, depth first, lower case
    calendar_method: str | None = None  # upper case, of a text/calendar part
    attachments: tuple[Attachment, ...] = ()
    report: Report | None = None
    size: int = 0  # bytes
    locations: tuple[Location, ...] = ()
    defects: tuple[str, ...] = ()  # what could not be read, in plain words
    original_sha256: str | None = None
    is_undated: bool = False  # nothing says when it came; `at` is then the soonest it can have

    def __post_init__(self) -> None:
        """Refuse a naive time: it would silently shift by an hour in summer."""
        if self.at.tzinfo is None:
            raise ValueError(f"at must have a time zone, got {self.at!r}")

    @property
    def has_own_id(self) -> bool:
        """Whether the message carried a Message-ID of its own."""
        return not is_synthetic(self.message_id)

    @property
    def recipients(self) -> tuple[Address, ...]:
        """To, Cc and Bcc together."""
        return self.to + self.cc + self.bcc

    def header(self, name: str) -> str | None:
        """Return the first value of an evidence header (lower-case name), or None."""
        for found, value in self.headers:
            if found == name:
                return value
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A message that could not be read: which, why. Counted and listed, never dropped."""

    location: Location
    reason: str
    size: int = 0

"""The corpus of odd mail, and a reader with a fixed clock. Structures come from the library."""

from __future__ import annotations

import email
from datetime import UTC, datetime
from email.message import Message as EmailMessage
from email.utils import collapse_rfc2231_value
from pathlib import Path

from inboxwatch.adapters.mime import MimeReader
from inboxwatch.adapters.mime.words import decode_words
from inboxwatch.application.records import FetchedPart
from inboxwatch.domain.message import FolderRole, Location, Message, Unreadable

CORPUS = Path(__file__).parent / "corpus"
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
FALLBACK = datetime(2026, 3, 5, 8, tzinfo=UTC)


def corpus_names() -> list[str]:
    """Return the traps' names."""
    return sorted(path.stem for path in CORPUS.glob("*.eml"))


def raw(name: str) -> bytes:
    """Return the bytes of one trap."""
    return (CORPUS / f"{name}.eml").read_bytes()


def a_reader() -> MimeReader:
    """Return a reader whose clock stands still."""
    return MimeReader(now=lambda: NOW)


def at(role: FolderRole = FolderRole.INBOX) -> Location:
    """Return a place to read from."""
    return Location(account="a", folder=role.value, role=role, uidvalidity=1, uid=1)


def read_raw(
    content: bytes, *, role: FolderRole = FolderRole.INBOX, received_at: datetime | None = None
) -> Message:
    """Read a message that must be readable."""
    found = a_reader().read(content, location=at(role), received_at=received_at)
    assert isinstance(found, Message), found
    return found


def read(name: str, *, received_at: datetime | None = None) -> Message:
    """Read one trap."""
    return read_raw(raw(name), received_at=received_at)


def unreadable(content: bytes) -> Unreadable:
    """Read a message that must not be readable."""
    found = a_reader().read(content, location=at())
    assert isinstance(found, Unreadable), found
    return found


def as_a_server_describes(content: bytes) -> tuple[bytes, tuple[FetchedPart, ...]]:
    """Split a message with the standard library's parser, as a server would."""
    end = min((i for m in (b"\n\n", b"\n\r\n") if (i := content.find(m)) >= 0), default=-1)
    header = content[: end + 1] if end >= 0 else content
    parts: list[FetchedPart] = []
    _describe(email.message_from_bytes(content), "", parts)
    return header, tuple(parts)


def _describe(message: EmailMessage, path: str, parts: list[FetchedPart]) -> None:
    if message.get_content_maintype() == "multipart" and message.is_multipart():
        for number, inner in enumerate(message.get_payload(), 1):
            assert isinstance(inner, EmailMessage)
            _describe(inner, f"{path}.{number}" if path else str(number), parts)
        return
    broken = message.get_content_maintype() == "multipart"
    content = _content(message)
    parameters = [] if broken else (message.get_params() or [("", "")])[1:]
    parts.append(
        FetchedPart(
            path=path or "1",
            content_type="text/plain" if broken else message.get_content_type(),
            parameters=tuple((k.lower(), collapse_rfc2231_value(v)) for k, v in parameters),
            encoding=str(message.get("content-transfer-encoding", "7bit")).lower(),
            name=decode_words(message.get_filename() or ""),
            disposition=message.get_content_disposition() or "",
            size=len(content),
            raw=content,
        )
    )


def _content(message: EmailMessage) -> bytes:
    """Return the undecoded bytes of a leaf; of attached mail and status blocks, the whole."""
    payload = message.get_payload()
    if isinstance(payload, list):
        return b"\n".join(inner.as_bytes() for inner in payload if isinstance(inner, EmailMessage))
    stored = message._payload  # type: ignore[attr-defined]  # get_payload() decodes a charset
    return str(stored).encode("ascii", "surrogateescape")

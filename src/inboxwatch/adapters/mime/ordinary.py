"""Decode the texts, attachment names and Received dates of ordinary mail with mail-parser.

mail-parser drops delivery reports, flattens attached messages and holds every attachment, so it
is given a flat copy made of the bounded leaves it is good at. Whatever it fails on is decoded by
the guarded fallback below. What the texts mean is no matter here.
"""

from __future__ import annotations

import binascii
import contextlib
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message as EmailMessage
from email.policy import compat32
from urllib.parse import quote

import mailparser

from inboxwatch.adapters.mime.guards import GUARDED, MAX_TEXT_BYTES
from inboxwatch.adapters.mime.times import parse_date
from inboxwatch.adapters.mime.words import as_typed, clean, decode_bytes, from_wire, known_charset
from inboxwatch.application.records import FetchedPart

# It logs headers and file names, and those are mail.
logging.getLogger("mailparser").setLevel(logging.CRITICAL + 1)

_MAX_RECEIVED = 3  # the newest hops; the others are senders' tales
_BOUNDARY = b"=_inboxwatch"
_MAX_RECEIVED_VALUE = 1_000
_CLEAR = frozenset({"7bit", "8bit", "binary", "quoted-printable", "base64"})
_BODY_TYPES = ("text/plain", "text/html")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """The texts of a message by type, its attachments' names, its Received dates, oddities."""

    plain: tuple[str, ...] = ()
    html: tuple[str, ...] = ()
    names: tuple[str, ...] = ()  # one for each part that `is_attached`, in order
    received: tuple[datetime, ...] = ()  # the newest hop first
    defects: tuple[str, ...] = ()


def is_attached(part: FetchedPart) -> bool:
    """Tell whether a leaf is an attachment rather than the text of the message."""
    if part.disposition == "attachment" or part.content_type == "message/rfc822":
        return True
    return bool(part.name) and not (
        part.content_type in _BODY_TYPES and part.disposition == "inline"
    )


def is_body(part: FetchedPart) -> bool:
    """Tell whether a leaf is text that the reader of the mail sees."""
    return part.content_type in _BODY_TYPES and not is_attached(part)


def decode_ordinary(received: Sequence[str], parts: Sequence[FetchedPart]) -> Decoded:
    """Decode with mail-parser, or with the fallback where it fails or had to guess."""
    found = decode_plainly(received, parts)
    if not found.defects and all(part.encoding in _CLEAR for part in parts if is_body(part)):
        return found  # most mail: nothing in it has to be guessed
    try:
        mail = mailparser.parse_from_bytes(_flat(received, parts))
        plain, html = tuple(mail.text_plain), tuple(mail.text_html)
        names = tuple(str(a["filename"]) for a in mail.attachments)
        hops = tuple(_hop(found) for found in reversed(mail.received))
        guessed = "CharsetDecodeDefect" in mail.defects_categories
    except GUARDED:
        return found
    attached = sum(1 for part in parts if is_attached(part))
    if guessed or len(names) != attached:
        return found
    return Decoded(
        plain=tuple(_tidy(text) for text in plain),
        html=tuple(_tidy(text) for text in html),
        names=tuple(clean(name) for name in names),
        received=tuple(hop for hop in hops if hop is not None) or _received(received),
    )


def decode_plainly(received: Sequence[str], parts: Sequence[FetchedPart]) -> Decoded:
    """Decode with the standard library alone, every step guarded: for reports and odd mail."""
    texts: dict[str, list[str]] = {name: [] for name in _BODY_TYPES}
    defects: list[str] = []
    for part in parts:
        if is_body(part):
            text, held = part_text(part)
            if not held:
                defects.append("its character set is wrong or unknown")
            texts[part.content_type].append(text)
    return Decoded(
        plain=tuple(texts["text/plain"]),
        html=tuple(texts["text/html"]),
        names=tuple(_shown_name(part) for part in parts if is_attached(part)),
        received=_received(received),
        defects=tuple(dict.fromkeys(defects)),
    )


def part_bytes(part: FetchedPart, limit: int = MAX_TEXT_BYTES) -> bytes:
    """Return a part's bytes with the transfer encoding undone; never fails."""
    raw = (part.raw or b"")[:limit]
    if part.encoding not in (
        "base64",
        "quoted-printable",
        "uuencode",
        "x-uuencode",
        "uue",
        "x-uue",
    ):
        return raw
    if part.encoding == "quoted-printable":
        return binascii.a2b_qp(raw)
    if part.encoding == "base64":
        raw = b"".join(raw.split())
        raw = raw[: len(raw) // 4 * 4] if part.truncated or len(raw) % 4 == 1 else raw
        with contextlib.suppress(binascii.Error):
            return binascii.a2b_base64(raw, strict_mode=True)
    message = EmailMessage(policy=compat32)
    message["content-transfer-encoding"] = part.encoding
    try:
        message.set_payload(raw.decode("ascii", "surrogateescape"))
        decoded = message.get_payload(decode=True)
    except GUARDED:
        return raw
    return decoded if isinstance(decoded, bytes) else raw


def part_text(part: FetchedPart) -> tuple[str, bool]:
    """Return a part's text, and whether it is what the part claimed."""
    charset = dict(part.parameters).get("charset", "")
    raw = part_bytes(part)
    if part.truncated:
        raw = raw[: -len(_partial(raw))] if _partial(raw) else raw
    text, held = decode_bytes(raw, charset)
    return _tidy(text), held


def _partial(raw: bytes) -> bytes:
    """Return the beginning of a UTF-8 character that a cut left at the end."""
    for length in range(1, min(4, len(raw)) + 1):
        if raw[-length] >= 0xC0:
            return raw[-length:]
        if raw[-length] < 0x80:
            break
    return b""


def _flat(received: Sequence[str], parts: Sequence[FetchedPart]) -> bytes:
    """Build the copy for mail-parser: one level, our own part headers, no foreign content."""
    pieces = [
        _piece(part, number)
        for number, part in enumerate(parts)
        if is_attached(part) or is_body(part)
    ]
    hops = [f"Received: {' '.join(_hop_text(value).split())}" for value in received[:_MAX_RECEIVED]]
    head = "\r\n".join([*hops, "MIME-Version: 1.0\r\n"]).encode("ascii", "replace")
    if len(pieces) == 1:
        return head + pieces[0]
    content = b"\r\n".join(pieces)
    boundary = _BOUNDARY
    if boundary in content:
        # No author can know the digest of a text that contains it, so no part can end itself.
        boundary += hashlib.sha256(content).hexdigest().encode("ascii")
    opening = b"\r\n--" + boundary
    return b"".join(
        [
            head,
            b'Content-Type: multipart/mixed; boundary="' + boundary + b'"\r\n\r\n',
            *(opening + b"\r\n" + piece for piece in pieces),
            opening + b"--\r\n",
        ]
    )


def _piece(part: FetchedPart, number: int) -> bytes:
    """Return one part with headers of our own; of an attachment the name alone."""
    if is_attached(part):
        lines = (
            "Content-Type: application/octet-stream",
            f"Content-Disposition: attachment; filename*=utf-8''{_quoted_name(part, number)}",
        )
        return "\r\n".join(lines).encode("ascii") + b"\r\n\r\n"
    charset = known_charset(dict(part.parameters).get("charset", "")) or "utf-8"
    lines = (
        f'Content-Type: {part.content_type}; charset="{charset}"',
        f"Content-Transfer-Encoding: {_encoding(part)}",
    )
    return "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + _body_for_library(part)


def _body_for_library(part: FetchedPart) -> bytes:
    raw = (part.raw or b"")[:MAX_TEXT_BYTES]
    if part.encoding == "base64":
        joined = b"".join(raw.split())
        return joined[: len(joined) // 4 * 4] if part.truncated else joined
    return raw


def _encoding(part: FetchedPart) -> str:
    return part.encoding if part.encoding in ("base64", "quoted-printable") else "8bit"


def _quoted_name(part: FetchedPart, number: int) -> str:
    name = _shown_name(part) or f"part-{number + 1}"
    return quote(name.encode("utf-8", "replace"), safe="")


def _shown_name(part: FetchedPart) -> str:
    if part.name:
        return part.name
    return "message.eml" if part.content_type == "message/rfc822" else "unnamed"


def _hop_text(value: str) -> str:
    return from_wire(value)[:_MAX_RECEIVED_VALUE]


def _hop(found: object) -> datetime | None:
    """Return the UTC time of a hop as mail-parser gives it."""
    text = found.get("date_utc") if isinstance(found, dict) else None
    if not isinstance(text, str):
        return None
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _received(values: Sequence[str]) -> tuple[datetime, ...]:
    """Return the dates after the last semicolon of each Received header."""
    dates = (parse_date(value.rpartition(";")[2]) for value in values[:_MAX_RECEIVED])
    return tuple(date for date in dates if date is not None)


def _tidy(text: str) -> str:
    """Return a text with Windows-1252 read as such and without what no database takes."""
    return clean(as_typed(text)).removesuffix("\ufffd")

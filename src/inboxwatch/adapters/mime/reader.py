"""Reads a whole or a partly fetched mail into a `Message`; hostile mail never raises."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from inboxwatch.adapters.mime.guards import GUARDED, MAX_HEADER_BYTES
from inboxwatch.adapters.mime.headers import Headers, parse_headers
from inboxwatch.adapters.mime.ordinary import (
    Decoded,
    decode_ordinary,
    decode_plainly,
    is_attached,
    part_text,
)
from inboxwatch.adapters.mime.parts import limit_of, take_apart, type_of
from inboxwatch.adapters.mime.reports import find_report, is_report_part
from inboxwatch.adapters.mime.texts import own_and_quoted
from inboxwatch.adapters.mime.times import Times, settle
from inboxwatch.application.records import FetchedPart
from inboxwatch.domain.identifiers import is_synthetic, synthetic_message_id
from inboxwatch.domain.message import Attachment, Location, Message, Report, Unreadable

NO_DATE = "no believable date"

# What makes a message without a Message-ID itself: the same in every copy, and in what a server
# sends of it as in the whole.
_IDENTITY = ("date", "from", "to", "cc", "subject", "in-reply-to", "references")
_METHOD = re.compile(r"^METHOD[^:\n]{0,80}:\s*([A-Za-z-]{1,40})", re.MULTILINE | re.IGNORECASE)


class MimeReader:
    """Implements `MailReader`.

    `read` takes a message apart into the same bounded leaves that a server describes, and both
    ways go on together, so that they cannot differ.

    Args:
        now: the wall clock; a date after it is not believed.
    """

    def __init__(self, *, now: Callable[[], datetime]) -> None:
        self._now = now

    def read(
        self, raw: bytes, *, location: Location, received_at: datetime | None = None
    ) -> Message | Unreadable:
        """Read a whole message. `received_at` is the server's INTERNALDATE where there is one."""
        try:
            taken = take_apart(raw)
            header, parts, defects = taken.header, tuple(taken.leaves), tuple(taken.defects)
        except GUARDED as error:
            header, parts = raw[:MAX_HEADER_BYTES], ()
            defects = (f"its body cannot be read ({type(error).__name__})",)
        return self._read(header, parts, defects, location, received_at, len(raw))

    def read_parts(
        self,
        header: bytes,
        parts: tuple[FetchedPart, ...],
        *,
        location: Location,
        received_at: datetime | None = None,
        size: int = 0,
    ) -> Message | Unreadable:
        """Read a message from its header block and the parts that were fetched."""
        cut = tuple(_bounded(part) for part in parts)
        return self._read(header, cut, (), location, received_at, size)

    def _read(
        self,
        header: bytes,
        parts: tuple[FetchedPart, ...],
        defects: tuple[str, ...],
        location: Location,
        received_at: datetime | None,
        size: int,
    ) -> Message | Unreadable:
        try:
            headers = parse_headers(header)
        except GUARDED as error:
            return _unreadable(
                location, f"its headers cannot be read ({type(error).__name__})", size
            )
        if not headers.items and not parts:
            return _unreadable(location, "it is empty", size)
        try:
            return self._message(headers, parts, defects, location, received_at, size)
        except GUARDED as error:
            problem = f"its body cannot be read ({type(error).__name__})"
        try:  # once more, with the headers alone: who wrote and when is worth having
            return self._message(headers, (), (*defects, problem), location, received_at, size)
        except GUARDED as error:
            return _unreadable(location, f"it cannot be read ({type(error).__name__})", size)

    def _message(
        self,
        headers: Headers,
        parts: tuple[FetchedPart, ...],
        defects: tuple[str, ...],
        location: Location,
        received_at: datetime | None,
        size: int,
    ) -> Message | Unreadable:
        report = find_report(parts)
        decode = decode_plainly if any(map(is_report_part, parts)) else decode_ordinary
        decoded = decode(headers.all("received"), parts)
        times = settle(
            date_header=headers.text("date"),
            received=decoded.received,
            received_at=received_at,
            role=location.role,
            now=self._now(),
        )
        if times.at is None:
            return _unreadable(location, NO_DATE, size)
        senders = headers.addresses("from") or headers.addresses("sender")
        sender = senders[0] if senders else None
        own, quoted = own_and_quoted(decoded.plain, decoded.html)
        message_id = headers.message_id() or _synthetic_id(headers, times)
        odd = _header_defects(headers, message_id, has_sender=sender is not None)
        found = (*defects, *odd, *times.defects, *decoded.defects)
        return Message(
            message_id=message_id,
            at=times.at,
            date=times.date,
            received_at=times.received_at,
            sender=sender,
            to=headers.addresses("to"),
            cc=headers.addresses("cc"),
            bcc=headers.addresses("bcc"),
            reply_to=headers.addresses("reply-to"),
            subject=headers.text("subject"),
            in_reply_to=headers.ids("in-reply-to"),
            references=headers.ids("references"),
            related_ids=headers.related_ids(),
            thread_keys=headers.thread_keys(),
            headers=headers.evidence(),
            own_text=own,
            quoted_text=quoted,
            content_types=_content_types(headers, parts),
            calendar_method=_calendar_method(parts),
            attachments=_attachments(parts, decoded, report),
            report=report,
            size=size,
            locations=(location,),
            defects=tuple(dict.fromkeys(found)),
        )


def _synthetic_id(headers: Headers, times: Times) -> str:
    """Make an id for a message without one, the same from the whole and from its parts."""
    lines = [
        f"{name}:{' '.join(value.split())}" for name in _IDENTITY for value in headers.all(name)
    ]
    if times.date is None and times.at is not None:
        lines.append(f"at:{times.at.isoformat()}")
    return synthetic_message_id("\n".join(lines).encode("utf-8", "surrogateescape"))


def _header_defects(headers: Headers, message_id: str, *, has_sender: bool) -> tuple[str, ...]:
    defects: list[str] = []
    if headers.cut:
        defects.append("its headers are too long and were cut")
    if is_synthetic(message_id):
        defects.append("it has no Message-ID")
    elif len(headers.all("message-id")) > 1:
        defects.append("it has more than one Message-ID; the first counts")
    if not has_sender:
        defects.append("it has no readable From address")
    elif len(headers.all("from")) > 1:
        defects.append("it has more than one From; the first counts")
    return tuple(defects)


def _content_types(headers: Headers, parts: tuple[FetchedPart, ...]) -> tuple[str, ...]:
    """Return the root's type and every leaf's, depth first; a lone leaf is the root."""
    root, leaves = (
        type_of(headers.first("content-type")),
        tuple(part.content_type for part in parts),
    )
    return leaves if leaves == (root,) else (root, *leaves)


def _calendar_method(parts: tuple[FetchedPart, ...]) -> str | None:
    for part in parts:
        if part.content_type == "text/calendar":
            declared = dict(part.parameters).get("method", "")
            found = _METHOD.search(part_text(part)[0]) if not declared else None
            method = declared or (found.group(1) if found else "")
            return method.strip().upper()[:40] or None
    return None


def _attachments(
    parts: tuple[FetchedPart, ...], decoded: Decoded, report: Report | None
) -> tuple[Attachment, ...]:
    """Return the attachments; what a report returns of our own mail is none."""
    attached = [part for part in parts if is_attached(part)]
    return tuple(
        Attachment(name=name, content_type=part.content_type, size=part.size)
        for part, name in zip(attached, decoded.names, strict=True)
        if report is None or part.content_type != "message/rfc822"
    )


def _bounded(part: FetchedPart) -> FetchedPart:
    """Return a fetched part with no more bytes than `read` would have kept."""
    content_type = part.content_type.lower()
    limit = limit_of(content_type)
    raw = part.raw if part.raw is not None and limit else None
    if raw is part.raw and content_type == part.content_type and len(raw or b"") <= limit:
        return part
    if raw is not None and len(raw) > limit:
        return replace(part, content_type=content_type, raw=raw[:limit], truncated=True)
    return replace(part, content_type=content_type, raw=raw)


def _unreadable(location: Location, reason: str, size: int) -> Unreadable:
    return Unreadable(location=location, reason=reason, size=size)

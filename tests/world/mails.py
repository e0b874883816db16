"""Mails of the simulated world as real RFC 5322 bytes. Every name, address and text is invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.header import Header
from email.utils import format_datetime

from inboxwatch.domain.message import FolderRole

PARENT = "parent@example.org"
ALIAS = "p.arent@example.org"

Place = tuple[str, FolderRole]  # a folder's name and what it is for

INBOX: Place = ("INBOX", FolderRole.INBOX)
SENT: Place = ("Sent", FolderRole.SENT)
JUNK: Place = ("Junk", FolderRole.JUNK)
ARCHIVE: Place = ("Archive", FolderRole.ARCHIVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One copy of a mail in one folder."""

    raw: bytes
    folder: str
    role: FolderRole
    received_at: datetime
    message_id: str


def text_mail(
    *,
    message_id: str | None,
    sender: str,
    to: tuple[str, ...],
    subject: str,
    at: datetime,
    body: str,
    cc: tuple[str, ...] = (),
    date: datetime | None = None,
    headers: tuple[tuple[str, str], ...] = (),
    html: bool = False,
    document: str = "",
) -> bytes:
    """A plain mail, or one of HTML alone, perhaps with a document attached."""
    lines = []
    if sender != PARENT and sender != ALIAS:
        stamp = format_datetime(at)
        lines.append(f"Received: from mx.example.net by mail.example.org; {stamp}")
    lines += [f"From: {sender}", f"To: {', '.join(to)}"]
    if cc:
        lines.append(f"Cc: {', '.join(cc)}")
    lines.append(
        f"Subject: {Header(subject, 'utf-8').encode() if not subject.isascii() else subject}"
    )
    lines.append(f"Date: {format_datetime(date or at)}")
    if message_id is not None:
        lines.append(f"Message-ID: <{message_id}>")
    lines += [f"{name}: {value}" for name, value in headers]
    lines.append("MIME-Version: 1.0")
    if document:
        lines.append('Content-Type: multipart/mixed; boundary="doc"')
        return _wire(lines, _with_document(body, document))
    kind = "html" if html else "plain"
    lines.append(f"Content-Type: text/{kind}; charset=utf-8")
    lines.append("Content-Transfer-Encoding: 8bit")
    if html:
        paragraphs = "".join(f"<p>{part}</p>" for part in body.split("\n\n"))
        body = f"<html><body>{paragraphs}</body></html>"
    return _wire(lines, body)


def _with_document(body: str, name: str) -> str:
    return (
        f"--doc\nContent-Type: text/plain; charset=utf-8\n\n{body}\n"
        f'--doc\nContent-Type: application/pdf; name="{name}"\n'
        f'Content-Disposition: attachment; filename="{name}"\n'
        "Content-Transfer-Encoding: base64\n\nJVBERi0xLjcK\n--doc--\n"
    )


def calendar_mail(
    *,
    message_id: str,
    sender: str,
    subject: str,
    at: datetime,
    headers: tuple[tuple[str, str], ...],
) -> bytes:
    """An invitation to a meeting."""
    lines = _envelope(message_id, sender, subject, at, headers)
    lines += ["MIME-Version: 1.0", 'Content-Type: multipart/alternative; boundary="cal"']
    start = (at + timedelta(days=9)).strftime("%Y%m%dT%H%M%SZ")
    body = (
        "--cal\nContent-Type: text/plain; charset=utf-8\n\nAnnual review meeting.\n"
        "--cal\nContent-Type: text/calendar; charset=utf-8; method=REQUEST\n\n"
        "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\n"
        f"DTSTART:{start}\nSUMMARY:Annual review\nEND:VEVENT\nEND:VCALENDAR\n--cal--\n"
    )
    return _wire(lines, body)


def delivery_report(
    *,
    message_id: str,
    subject: str,
    at: datetime,
    recipient: str,
    action: str,
    status: str,
    original_id: str | None,
    original_subject: str,
) -> bytes:
    """A delivery status notification (RFC 3464)."""
    failed = action == "failed"
    lines = _envelope(
        message_id,
        "Mail Delivery System <mailer-daemon@mail.example.org>",
        subject,
        at,
        (("Auto-Submitted", "auto-replied"),),
    )
    lines += [
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="dsn"',
    ]
    told = (
        "could not be delivered to one or more recipients."
        if failed
        else "has not been delivered yet. It will be tried again; you need do nothing."
    )
    original = f"Message-ID: <{original_id}>\n" if original_id else ""
    body = (
        f"--dsn\nContent-Type: text/plain; charset=utf-8\n\nYour message {told}\n\n<{recipient}>\n"
        "--dsn\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mail.example.org\n\n"
        f"Final-Recipient: rfc822; {recipient}\nAction: {action}\nStatus: {status}\n"
        f"Diagnostic-Code: smtp; 550 {status} the address is not known here\n\n"
        "--dsn\nContent-Type: text/rfc822-headers\n\n"
        f"From: {PARENT}\nTo: {recipient}\nSubject: {original_subject}\n{original}\n--dsn--\n"
    )
    return _wire(lines, body)


def reading_report(
    *,
    message_id: str,
    sender: str,
    at: datetime,
    original_id: str,
    original_subject: str,
    disposition: str,
) -> bytes:
    """A message disposition notification (RFC 8098)."""
    word = "Read" if disposition == "displayed" else "Not read"
    lines = _envelope(message_id, sender, f"{word}: {original_subject}", at, ())
    lines += [
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=disposition-notification; boundary="mdn"',
    ]
    body = (
        "--mdn\nContent-Type: text/plain; charset=utf-8\n\nYour message was "
        f"{'read' if disposition == 'displayed' else 'deleted without being read'}.\n"
        "--mdn\nContent-Type: message/disposition-notification\n\n"
        f"Final-Recipient: rfc822; {sender}\nOriginal-Message-ID: <{original_id}>\n"
        f"Disposition: manual-action/MDN-sent-manually; {disposition}\n\n--mdn--\n"
    )
    return _wire(lines, body)


def _envelope(
    message_id: str, sender: str, subject: str, at: datetime, headers: tuple[tuple[str, str], ...]
) -> list[str]:
    return [
        f"Received: from mx.example.net by mail.example.org; {format_datetime(at)}",
        f"From: {sender}",
        f"To: {PARENT}",
        f"Subject: {subject}",
        f"Date: {format_datetime(at)}",
        f"Message-ID: <{message_id}>",
        *(f"{name}: {value}" for name, value in headers),
    ]


def _wire(lines: list[str], body: str) -> bytes:
    text = "\n".join(lines) + "\n\n" + body
    return text.replace("\n", "\r\n").encode("utf-8")

"""Build mail files of invented mail, and scan them with a fixed clock."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from inboxwatch.adapters.mailfile import MailFiles
from inboxwatch.adapters.mime import MimeReader
from inboxwatch.application.records import FileScan
from inboxwatch.domain.bodies import Watch, body_for

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
ME, COUNCIL = "parent@example.org", "send@kent.gov.uk"
WATCH = Watch(bodies=(body_for("kent.gov.uk"),), own_addresses=frozenset({ME}))


def mail(
    number: int,
    *,
    sender: str = ME,
    to: str = COUNCIL,
    extra: str = "",
    body: str = "When will you issue the plan?\n",
    day: int | None = None,
) -> bytes:
    """Return a message, written `day` days (else `number`) after the start."""
    at = START + timedelta(days=number if day is None else day)
    return (
        f"From: {sender}\nTo: {to}\nSubject: Plan {number}\nDate: {format_datetime(at)}\n"
        f"Message-ID: <m{number}@example.org>\n{extra}\n{body}"
    ).encode()


def mbox(*mails: bytes, line: bytes = b"From x@example.org Mon Mar  2 09:00:00 2026") -> bytes:
    """Return an mbox of messages, `From ` quoted as mboxrd does."""
    quoted = (m.replace(b"\nFrom ", b"\n>From ") for m in mails)
    return b"".join(line + b"\n" + m + b"\n" for m in quoted)


def write(path: Path, content: bytes, *, age: timedelta = timedelta()) -> Path:
    """Write a file that was last changed `age` before the fixed clock."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, ((NOW - age).timestamp(),) * 2)
    return path


def scan(*paths: Path, watch: Watch | None = WATCH) -> FileScan:
    """Scan paths."""
    return MailFiles(paths, reader=MimeReader(now=lambda: NOW), now=lambda: NOW).scan(watch)


def ids(found: FileScan) -> list[str]:
    """Return the ids found, in order of time."""
    return [message.message_id.partition("@")[0] for message in found.messages]

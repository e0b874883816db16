"""How long an evidence bundle of many messages takes, how much memory, and how long its check.

    python benchmarks/bundle.py [MESSAGES] [BYTES_EACH]

Limits: 2,000 messages in less than 20 s with less than 300 MB.
"""

from __future__ import annotations

import hashlib
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from inboxwatch.adapters import holidays, presets
from inboxwatch.adapters.export.bundle import Evidence, write_bundle
from inboxwatch.adapters.export.documents import documents
from inboxwatch.adapters.export.manifest import verify
from inboxwatch.adapters.mime.reader import MimeReader
from inboxwatch.adapters.wording import load_wording
from inboxwatch.application.draw import Yardstick, draw, read_mail
from inboxwatch.application.picture import Scanned
from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.message import FolderRole, Location, Message
from inboxwatch.domain.rules import Rule

ME = "parent@example.org"
MAILBOXES = ("send@kent.gov.uk", "complaints@kent.gov.uk", "sen@medway.gov.uk")
START = datetime(2024, 9, 2, 9, tzinfo=UTC)
LETTER = "Dear team,\r\n\r\nplease tell me when the report will be sent to us.\r\n\r\n"


def mail(number: int, size: int) -> tuple[bytes, bool]:
    """One message: a question, a machine's answer, a chaser or a person's answer."""
    thread, part = divmod(number, 4)
    at = START + timedelta(hours=5 * thread, minutes=1 if part == 1 else 0, days=9 * part)
    council = MAILBOXES[thread % len(MAILBOXES)]
    ours = part in (0, 2)
    if part == 3 and thread % 5:
        ours = True  # four in five never get an answer
    sender, to = (ME, council) if ours else (council, ME)
    lines = [
        f"From: <{sender}>",
        f"To: <{to}>",
        f"Date: {at:%a, %d %b %Y %H:%M:%S +0000}",
        f"Message-ID: <n{number}@{sender.rpartition('@')[2]}>",
        f"Subject: {'Re: ' if part else ''}Question {thread} about the annual review",
    ]
    if part:
        lines.append(f"In-Reply-To: <n{thread * 4}@example.org>")
    if part == 1:
        lines.append("Auto-Submitted: auto-replied")
    body = LETTER if ours else "Thank you, your email has been received.\r\n"
    if part == 3 and not ours:
        body = "Dear parent, the report was sent by post on Monday. Regards, Jo\r\n"
    head = "\r\n".join(lines) + "\r\n\r\n"
    filler = ("x" * 70 + "\r\n") * max(0, (size - len(head) - len(body)) // 72)
    return (head + body + "\r\n-- \r\n" + filler).encode(), ours


def peak() -> float:
    """Megabytes at the highest so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(count: int, size: int) -> None:
    calendars = holidays.calendars()
    bodies = presets.load().bodies
    reader = MimeReader(now=lambda: datetime(2026, 11, 1, tzinfo=UTC))
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder)
        messages = []
        for number in range(count):
            raw, ours = mail(number, size)
            sha256 = hashlib.sha256(raw).hexdigest()
            (store / sha256).write_bytes(raw)
            place = Location(
                account="home",
                folder="Sent" if ours else "INBOX",
                role=FolderRole.SENT if ours else FolderRole.INBOX,
                uidvalidity=1,
                uid=number,
            )
            message = reader.read(raw, location=place)
            assert isinstance(message, Message)
            from dataclasses import replace

            messages.append(replace(message, original_sha256=sha256))
        yardstick = Yardstick(
            wording=load_wording(),
            rules=(Rule(name="default", clock="10wd"),),
            clocks=presets.load().clocks,
            calendars=calendars,
            calendar="england-and-wales",
        )
        watch = Watch(
            bodies=(bodies["kent.gov.uk"], bodies["medway.gov.uk"]),
            own_addresses=frozenset({ME}),
        )
        picture = draw(
            read_mail(messages, watch, yardstick),
            yardstick,
            as_of=datetime(2026, 6, 1, 9, tzinfo=UTC),
            scanned=Scanned(messages=count, folders=("INBOX", "Sent")),
        )
        before = peak()
        began = time.perf_counter()
        files = documents(picture, calendars["england-and-wales"])
        set_in = time.perf_counter() - began
        target = store / "evidence.zip"
        with target.open("w+b") as out:
            written = write_bundle(
                out,
                Evidence(
                    picture=picture,
                    listed=picture.verdicts,
                    documents=files,
                    original=lambda sha256: (store / sha256).read_bytes(),
                ),
            )
        took = time.perf_counter() - began
        high = peak()
        began = time.perf_counter()
        verify(target)
        checked = time.perf_counter() - began
        print(f"{'messages':>24} {written.originals:>10,}")
        print(f"{'threads':>24} {len(picture.verdicts):>10,}")
        print(f"{'documents':>24} {set_in:>10.2f} s")
        print(f"{'whole bundle':>24} {took:>10.2f} s")
        print(f"{'verify':>24} {checked:>10.2f} s")
        print(f"{'memory before':>24} {before:>10.0f} MB")
        print(f"{'memory at the peak':>24} {high:>10.0f} MB")
        print(f"{'file':>24} {target.stat().st_size / 1e6:>10.1f} MB")
        print(f"{'chronology':>24} {len(files['chronology.pdf']) / 1e6:>10.1f} MB")


if __name__ == "__main__":
    main(*(int(word) for word in (*sys.argv[1:3], *("2000", "20000")[len(sys.argv) - 1 :])))

"""Measure the CPU cost of judging: ordinary council mail by stage, and a mailbox with 1 % of it.

Run: python benchmarks/judging.py. Process CPU time, the best of several runs of everything, so
that other work on the machine counts little. "sieved" is what a mailbox costs a message when one
in a hundred is a council's: the header alone for the others, reading apart.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from inboxwatch.adapters.imap.interest import Interest
from inboxwatch.adapters.imap.limits import Limits
from inboxwatch.adapters.imap.structure import sections
from inboxwatch.adapters.mime import HEADER_FIELDS, MimeReader
from inboxwatch.adapters.mime.parts import take_apart
from inboxwatch.adapters.wording import shipped_wording
from inboxwatch.application.reading import Surroundings, first_opinion
from inboxwatch.application.records import FetchedPart
from inboxwatch.domain.bodies import Body, Watch
from inboxwatch.domain.calendar import Calendar
from inboxwatch.domain.message import FolderRole, Location, Message
from inboxwatch.domain.threading import assemble

sys.path.insert(0, str(Path(__file__).parent))
from council_mail import BODY, ME, messages

NOW = datetime(2026, 11, 1, tzinfo=UTC)
WATCH = Watch(bodies=(Body(name=BODY, domains=(BODY,)),), own_addresses=frozenset({ME}))
PLACE = Location(account="home", folder="INBOX", role=FolderRole.INBOX, uidvalidity=1, uid=1)
_WANTED = tuple(name.lower().encode() + b":" for name in HEADER_FIELDS)
_OTHER = (
    b"From: Shop 7 <news@shop7.example>\r\nTo: Sam <sam.hollis@example.org>\r\n"
    b"In-Reply-To: <1@shop7.example>\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n"
)


def cpu(work: Callable[[], object], runs: int = 5) -> float:
    """Return the least process CPU time of several runs, in seconds."""
    taken = []
    for _ in range(runs):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return min(taken)


def each(work: Callable[[Message], object], given: Iterable[Message], runs: int = 3) -> list[float]:
    """Return the least CPU time of each message, in milliseconds."""
    return [cpu(lambda one=one: work(one), runs) * 1000 for one in given]  # type: ignore[misc]


def fetched(raw: bytes) -> tuple[bytes, tuple[FetchedPart, ...], int]:
    """Return what a server is asked for of a message: some header fields, the text parts."""
    taken = take_apart(raw)
    lines: list[bytes] = []
    keeps = False
    for line in taken.header.splitlines(keepends=True):
        keeps = keeps if line[:1] in b" \t" else line.lower().startswith(_WANTED)
        if keeps:
            lines.append(line)
    parts = tuple(taken.leaves)
    asked = {section.path for section in sections(parts, Limits())}
    sent = tuple(part if part.path in asked else replace(part, raw=None) for part in parts)
    return b"".join(lines) + b"\r\n", sent, len(raw)


def main(count: int = 500) -> int:
    """Print the table."""
    raws = list(messages(count))
    reader = MimeReader(now=lambda: NOW)
    around = Surroundings(
        watch=WATCH,
        wording=shipped_wording(),
        calendar=Calendar(name="england-and-wales", dates=frozenset(), known_until=NOW.date()),
    )
    wire = [fetched(raw) for raw in raws]

    def parts(one: tuple[bytes, tuple[FetchedPart, ...], int]) -> object:
        return reader.read_parts(one[0], one[1], location=PLACE, received_at=None, size=one[2])

    read = [m for one in wire if isinstance(m := parts(one), Message)]
    assert len(read) == count
    entries = [first_opinion(message, around) for message in read]
    rows = (
        ("read_parts", lambda: [parts(one) for one in wire]),
        ("read (whole bytes)", lambda: [reader.read(raw, location=PLACE) for raw in raws]),
        ("classify, first opinion", lambda: [first_opinion(m, around) for m in read]),
        ("assemble", lambda: assemble(entries, WATCH)),
    )
    sizes = sorted(map(len, raws))
    print(
        f"{count} council messages of {sizes[0]} to {sizes[-1]} bytes, mean {sum(sizes) // count}"
    )
    costs = {}
    for name, work in rows:
        costs[name] = cpu(work) / count
        print(f"  {name:24} {costs[name] * 1000:7.3f} ms a message")
    worst = each(lambda m: first_opinion(m, around), read)
    print(
        f"  classify: median {statistics.median(worst):.3f} ms, worst {worst and max(worst):.2f} ms"
    )
    interest = Interest(WATCH, lambda _id: False)
    passed = cpu(lambda: [interest.why(_OTHER) for _ in range(1000)]) / 1000
    council = costs["classify, first opinion"] + costs["assemble"]
    print(f"  {'passing other mail by':24} {passed * 1000:7.4f} ms a message")
    print(f"sieved: {1 / (0.99 * passed + 0.01 * council):,.0f} messages/s on one core")
    return 0


if __name__ == "__main__":
    sys.exit(main(*(int(argument) for argument in sys.argv[1:])))

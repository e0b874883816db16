"""How fast and in how little memory a big mbox is scanned, beside the standard library's way.

Prints a table of ratios measured in one run: the scan in a process of its own (so that its peak
memory is its own), and `mailbox.mbox` with mail-parser on the first messages of the same file.
"""

from __future__ import annotations

import argparse
import json
import mailbox
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from big_mbox import COUNCIL, ME, write


def scan(path: Path) -> dict[str, float]:
    """Scan the file as `audit` does and return what it took."""
    from inboxwatch.adapters.mailfile import MailFiles
    from inboxwatch.adapters.mime import MimeReader
    from inboxwatch.domain.bodies import Watch, body_for

    def now() -> datetime:
        return datetime.now(UTC)

    watch = Watch(bodies=(body_for(COUNCIL),), own_addresses=frozenset({ME}))
    cpu_began = time.process_time()
    began = time.perf_counter()
    found = MailFiles((path,), reader=MimeReader(now=now), now=now).scan(watch)
    seconds = time.perf_counter() - began
    return {
        "messages": found.scanned,
        "found": len(found.messages),
        "unreadable": len(found.unreadable),
        "seconds": seconds,
        "cpu": time.process_time() - cpu_began,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def naive(path: Path, sample: int) -> dict[str, float]:
    """Iterate with `mailbox.mbox` and parse every message with mail-parser."""
    import mailparser

    box = mailbox.mbox(path, create=False)
    box.lock = lambda: None  # type: ignore[method-assign]
    began, cpu_began = time.perf_counter(), time.process_time()
    box.keys()  # it reads the whole file for its table of contents
    indexed, cpu_indexed = time.perf_counter() - began, time.process_time() - cpu_began
    began, cpu_began = time.perf_counter(), time.process_time()
    count = found = 0
    for key in islice(box.iterkeys(), sample):
        mail = mailparser.parse_from_bytes(box.get_bytes(key))
        found += any(COUNCIL in address for _, address in (*mail.from_, *mail.to))
        count += 1
    parsing, cpu_parsing = time.perf_counter() - began, time.process_time() - cpu_began
    share = count / len(box)
    return {
        "messages": count,
        "found": found,
        "seconds": indexed * share + parsing,
        "cpu": cpu_indexed * share + cpu_parsing,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def apart(mode: str, path: Path, sample: int) -> dict[str, float]:
    """Run one of the two in a process of its own."""
    command = [
        sys.executable,
        __file__,
        "--path",
        str(path),
        "--only",
        mode,
        "--sample",
        str(sample),
    ]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    measured: dict[str, float] = json.loads(result.stdout)
    return measured


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--sample", type=int, default=2_000)
    parser.add_argument("--path", type=Path)
    parser.add_argument("--only", choices=("scan", "naive"))
    chosen = parser.parse_args()
    if chosen.only:
        ours = chosen.only == "scan"
        print(json.dumps(scan(chosen.path) if ours else naive(chosen.path, chosen.sample)))
        return
    with tempfile.TemporaryDirectory() as directory:
        path = chosen.path or Path(directory) / "big.mbox"
        size = path.stat().st_size if chosen.path else write(path, chosen.messages)
        rows = {
            "inboxwatch": apart("scan", path, chosen.sample),
            "mailbox + mail-parser": apart("naive", path, chosen.sample),
        }
    print(f"{size / 1e6:,.0f} MB of mail; seconds by the clock and of one core")
    print(
        f"{'':22}{'messages':>9}{'found':>7}{'clock':>8}{'core':>8}{'a second':>10}{'peak MB':>9}"
    )
    for name, row in rows.items():
        row["rate"] = row["messages"] / row["seconds"]
        print(
            f"{name:22}{row['messages']:>9,.0f}{row['found']:>7,.0f}{row['seconds']:>8.2f}"
            f"{row['cpu']:>8.2f}{row['rate']:>10,.0f}{row['peak_mb']:>9.0f}"
        )
    ours, theirs = rows.values()
    per_core = (ours["messages"] / ours["cpu"]) / (theirs["messages"] / theirs["cpu"])
    print(
        f"ratio: {ours['rate'] / theirs['rate']:.1f} times as many messages by the clock, "
        f"{per_core:.1f} times for the same computing"
    )


if __name__ == "__main__":
    main()

"""Measure threading on list windows whose true threads are known.

Run: python benchmarks/truth_threads.py SHARED_FOLDER. For each window, with its headers intact
and with 15 % of the replies stripped, prints pair precision, recall and F1, how many stripped
replies came back to their thread and how many went to a wrong one. "silver" counts against the
truth in which replies that never had headers stand with their subject, as a reader would say;
recall and the plain precision count against headers alone.
"""

from __future__ import annotations

import csv
import lzma
import re
import sys
import time
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path

from inboxwatch.adapters.mime import MimeReader
from inboxwatch.domain.everyone import assemble_all
from inboxwatch.domain.kinds import Classification, Kind
from inboxwatch.domain.message import FolderRole, Location, Unreadable
from inboxwatch.domain.threads import Direction, Entry, LinkKind

_START = re.compile(rb"(?m)^From x [^\n]*\n")


def read_window(path: Path) -> list[Entry | None]:
    """Read one mbox; None where a message cannot be read."""
    reader = MimeReader(now=lambda: datetime.now(UTC))
    entries: list[Entry | None] = []
    for number, raw in enumerate(_START.split(lzma.decompress(path.read_bytes()))[1:]):
        place = Location(
            account="list", folder="window", role=FolderRole.INBOX, uidvalidity=1, uid=number
        )
        message = reader.read(raw, location=place)
        if isinstance(message, Unreadable):
            entries.append(None)
            continue
        entries.append(
            Entry(
                message=message,
                classification=Classification(kind=Kind.HUMAN),
                direction=Direction.RECEIVED,
            )
        )
    return entries


def measure(entries: list[Entry | None], truth: list[dict[str, str]]) -> dict[str, float]:
    """Compare the threads found with the true ones."""
    began = time.perf_counter()
    threads = assemble_all([entry for entry in entries if entry is not None])
    seconds = time.perf_counter() - began
    place = {p.entry.message_id: n for n, t in enumerate(threads) for p in t.placed}
    found_at = {e.message_id: n for n, e in enumerate(entries) if e is not None}
    found = [place[e.message_id] if e is not None else -1 for e in entries]
    true = [row["thread"] for row in truth]
    both = sum(n * (n - 1) // 2 for n in Counter(zip(found, true, strict=True)).values())
    mine = sum(n * (n - 1) // 2 for n in Counter(found).values())
    theirs = sum(n * (n - 1) // 2 for n in Counter(true).values())
    silver = [row["silver_thread"] for row in truth]
    silver_both = sum(n * (n - 1) // 2 for n in Counter(zip(found, silver, strict=True)).values())
    back = wrong = stripped = 0
    members: dict[int, list[int]] = defaultdict(list)
    for index, thread in enumerate(found):
        members[thread].append(index)
    for index, row in enumerate(truth):
        if row["stripped"] != "1":
            continue
        stripped += 1
        others = [i for i in members[found[index]] if i != index]
        same = sum(true[i] == true[index] or silver[i] == silver[index] for i in others)
        if others and same * 2 >= len(others):
            back += 1
        else:
            wrong += bool(others)
    return {
        "precision": both / mine if mine else 1.0,
        "precision, silver": silver_both / mine if mine else 1.0,
        "recall": both / theirs,
        "f1": 2 * both / (mine + theirs),
        "stripped": stripped,
        "back": back / stripped,
        "wrong": wrong / stripped,
        "by subject": sum(p.link.kind is LinkKind.SUBJECT for t in threads for p in t.placed),
        "of them never had headers": sum(
            truth[found_at[p.entry.message_id]]["reply_without_headers"] == "1"
            for t in threads
            for p in t.placed
            if p.link.kind is LinkKind.SUBJECT
        ),
        "threads": len(threads),
        "messages/s": len(entries) / seconds,
    }


def main(shared: Path) -> int:
    """Print the table."""
    for window in sorted((shared / "data" / "threading").iterdir()):
        with (window / "truth.csv").open(encoding="utf-8") as file:
            truth = list(csv.DictReader(file))
        for name in ("base", "strip15council"):
            figures = measure(read_window(window / f"{name}.mbox.xz"), truth)
            shown = "  ".join(f"{name} {value:.4g}" for name, value in figures.items())
            print(f"{window.name:14} {name:15} {shown}")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

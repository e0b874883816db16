"""Measure the classifier on labelled mail from outside the repository: `make truth SHARED=…`.

Prints precision and recall by label, the rates that matter most, what was judged wrongly, and the
same by half: the sources are dealt into two halves, so that what was looked at while the weights
were set can be told from what was not.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from inboxwatch.adapters.mime import MimeReader
from inboxwatch.adapters.wording import shipped_wording
from inboxwatch.domain.classify import Context, classify
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.message import FolderRole, Location, Message

LABEL_OF = {
    Kind.HUMAN: "human",
    Kind.SYSTEM_ANSWER: "human",
    Kind.ACKNOWLEDGEMENT: "auto_reply",
    Kind.OUT_OF_OFFICE: "auto_reply",
    Kind.CHALLENGE: "auto_reply",
    Kind.BOUNCE: "bounce",
    Kind.DELAY: "bounce",
    Kind.RECEIPT: "receipt_mdn",
    Kind.BULK: "bulk",
    Kind.CALENDAR: "bulk",
    Kind.OWN_REMINDER: "own",
    Kind.UNSURE: "unsure",
}
# Sources whose mail was looked at when weights and wording were set; the others only measure.
LOOKED_AT = frozenset(
    {
        "livebg/bounce_email",
        "LoneStarInternet/mail_manager",
        "linux-mailinglist-archives/driverdev-devel.linuxdriverproject.org.0",
        "stdlib-js/datasets-spam-assassin",
        "mysociety/fixmystreet",
        "unboxed/bops",
        "zammad/zammad",
        "bestpractical/rt",
    }
)
RECEIVED_AT = datetime(2026, 6, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One labelled message and how it was judged."""

    path: str
    label: str
    sublabel: str
    source: str
    kind: Kind
    reasons: tuple[str, ...]
    seconds: float

    @property
    def judged(self) -> str:
        return LABEL_OF[self.kind]

    @property
    def is_right(self) -> bool:
        return self.judged == self.label


def judge_all(folder: Path) -> list[Sample]:
    """Judge every message that the manifest of a folder lists."""
    reader = MimeReader(now=lambda: datetime(2026, 11, 1, tzinfo=UTC))
    samples = []
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows, start=1):
        raw = (folder / row["path"]).read_bytes()
        location = Location(
            account="truth", folder="INBOX", role=FolderRole.INBOX, uidvalidity=1, uid=number
        )
        message = reader.read(raw, location=location, received_at=RECEIVED_AT)
        began = time.perf_counter()
        kind = Kind.UNSURE
        reasons: tuple[str, ...] = ("it could not be read",)
        if isinstance(message, Message):
            judged = classify(message, Context(wording=shipped_wording()))
            kind, reasons = judged.kind, judged.reasons
        samples.append(
            Sample(
                path=row["path"],
                label=row["label"],
                sublabel=row["sublabel"],
                source=row["source_repo"],
                kind=kind,
                reasons=reasons,
                seconds=time.perf_counter() - began,
            )
        )
    return samples


def share(part: int, whole: int) -> str:
    """Return a share as text, with the numbers it is made of."""
    return f"{part / whole:6.1%} ({part}/{whole})" if whole else "     - (0)"


def report(title: str, samples: Iterable[Sample]) -> None:
    """Print the figures of some samples."""
    found = list(samples)
    print(f"\n{title}: {len(found)} messages")
    for label in ("human", "auto_reply", "bounce", "receipt_mdn", "bulk"):
        is_label = [s for s in found if s.label == label]
        called = [s for s in found if s.judged == label]
        right = sum(s.is_right for s in is_label)
        print(
            f"  {label:12} precision {share(right, len(called)):>20}"
            f"  recall {share(right, len(is_label)):>20}"
        )
    machines = [s for s in found if s.label != "human"]
    people = [s for s in found if s.label == "human"]
    natural = [s for s in found if s.label == "auto_reply" and s.sublabel != "bot"]
    failures = [s for s in found if s.sublabel in ("failure", "delay") and s.judged == "bounce"]
    told = sum((s.kind is Kind.DELAY) == (s.sublabel == "delay") for s in failures)
    unsure = sum(s.judged == "unsure" for s in found)
    heard = sum(s.is_right for s in natural)
    as_person = sum(s.judged == "human" for s in machines)
    dismissed = sum(s.judged not in ("human", "unsure") for s in people)
    print(f"  machine mail counted as a person  {share(as_person, len(machines))}")
    print(f"  people dismissed                  {share(dismissed, len(people))}")
    print(f"  unsure                            {share(unsure, len(found))}")
    print(f"  natural automatic replies, recall {share(heard, len(natural))}")
    print(f"  failure told from delay           {share(told, len(failures))}")


def wrong(samples: Iterable[Sample]) -> None:
    """Print what was judged wrongly, with the reasons."""
    by_source: defaultdict[str, list[Sample]] = defaultdict(list)
    for sample in samples:
        if not sample.is_right:
            by_source[sample.source].append(sample)
    print("\nWrong or unsure")
    for source, found in sorted(by_source.items()):
        print(f"  {source}")
        for sample in found:
            print(f"    {sample.label}/{sample.sublabel} judged {sample.kind.value}: {sample.path}")
            for reason in sample.reasons[:6]:
                print(f"        {reason}")


def main(arguments: list[str] | None = None) -> int:
    """Run the measurement; the exit code is 0 whatever it shows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path, help="the folder that holds data/mail-samples")
    parser.add_argument("--quiet", action="store_true", help="figures only")
    options = parser.parse_args(arguments)
    shipped_wording()  # read once, outside of what is timed
    samples = judge_all(options.shared / "data" / "mail-samples")
    report("All sources", samples)
    report("Sources looked at while tuning", (s for s in samples if s.source in LOOKED_AT))
    report("Sources that only measure", (s for s in samples if s.source not in LOOKED_AT))
    seconds = sorted(s.seconds for s in samples)
    mean = sum(seconds) / len(seconds)
    print(f"\nTime a message: mean {mean * 1000:.2f} ms, worst {seconds[-1] * 1000:.1f} ms")
    print("Kinds:", dict(Counter(s.kind.value for s in samples).most_common()))
    if not options.quiet:
        wrong(samples)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Measure judging only what changed: one message added to a large store, a first scan, repeats.

Run: python -m benchmarks.incremental [MESSAGES]     (default 100,000; SQLite on the disk of /tmp)

The mail is that of `assembling`: a caseworker's, at four councils. Times are CPU seconds of this
process, and a calibration (reading a small JSON text) is printed beside them, since the CPU time
of the same work doubles when others use the machine.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import tempfile
import time
import timeit
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from datetime import time as clock
from pathlib import Path

from benchmarks.assembling import WATCH, make_mail

from inboxwatch.adapters.holidays import calendars
from inboxwatch.adapters.presets import load
from inboxwatch.adapters.store import open_store
from inboxwatch.adapters.wording import load_wording
from inboxwatch.application.basis import begin_basis
from inboxwatch.application.draw import Yardstick
from inboxwatch.application.ports import Store
from inboxwatch.application.reading import Surroundings, first_opinion
from inboxwatch.application.review import Reviewed, review
from inboxwatch.application.slots import WEEKDAYS, slots
from inboxwatch.application.telling import Manner
from inboxwatch.domain.keys import keys
from inboxwatch.domain.message import Message
from inboxwatch.domain.reminders import ReminderPolicy
from inboxwatch.domain.rules import DEFAULT_RULE
from inboxwatch.domain.threading import assemble
from inboxwatch.domain.threads import Entry
from inboxwatch.entrypoints import memory

PERSON = "me"
AT_ONCE = 500  # messages a batch
ADDED = 250
CALENDAR = "england-and-wales"
YARDSTICK = Yardstick(
    wording=load_wording(),
    rules=(DEFAULT_RULE,),
    clocks=load().clocks,
    calendars=calendars(),
    calendar=CALENDAR,
)
AROUND = Surroundings(
    watch=WATCH, wording=YARDSTICK.wording, calendar=YARDSTICK.calendars[CALENDAR]
)


@dataclass(frozen=True)
class Bench:
    """A store of one person's mail, reviewed as of one moment."""

    store: Store
    as_of: datetime

    def poll(self, messages: Sequence[Message]) -> tuple[float, float]:
        """Judge and store messages as a poll does; return the CPU seconds of each."""
        began = time.process_time()
        entries = [first_opinion(message, AROUND) for message in messages]
        judged = time.process_time()
        with self.store.transaction(durable=False) as tx:  # as a poll does
            begin_basis(tx, PERSON, YARDSTICK.judged_by, WATCH)
            tx.save_entries(PERSON, [(entry, keys(entry, WATCH)) for entry in entries])
        return judged - began, time.process_time() - judged

    def review(self, *, everything: bool = False) -> Reviewed:
        return review(
            self.store,
            (),
            PERSON,
            watch=WATCH,
            yardstick=YARDSTICK,
            as_of=self.as_of,
            now=self.as_of,
            manner=Manner(
                policy=ReminderPolicy(remind_from=self.as_of - timedelta(days=30)),
                slots=slots(WEEKDAYS[:5], clock(9)),
                calendar=YARDSTICK.calendars[CALENDAR],
            ),
            everything=everything,
        )


def seconds(work: Callable[[], object]) -> float:
    """Return the CPU seconds of some work."""
    began = time.process_time()
    work()
    return time.process_time() - began


def calibration() -> float:
    """Return the best time of reading one small JSON text, in microseconds."""
    text = json.dumps({str(number): "x" * 20 for number in range(100)})
    return min(timeit.repeat(lambda: json.loads(text), number=500, repeat=7)) / 500 * 1e6


def fill(bench: Bench, mail: Sequence[Message]) -> None:
    """Poll mail in batches, review it, and print what each cost."""
    judging = storing = 0.0
    for first in range(0, len(mail), AT_ONCE):
        judged, stored = bench.poll(mail[first : first + AT_ONCE])
        judging, storing = judging + judged, storing + stored
    count = len(mail)
    print(
        f"first scan of {count:,}: a first opinion {judging / count * 1e3:.3f} ms a message,"
        f" storing {storing / count * 1e3:.3f} ms"
    )
    spent = seconds(bench.review)
    print(f"  the review after it: {spent * 1e3:,.0f} ms, {spent / count * 1e3:.3f} ms a message")


def add(bench: Bench, what: str, mail: Sequence[Message]) -> None:
    """Add messages one by one, and print what each cost from parsed to filed."""
    cpu, wall = [], []
    for message in mail:
        began = time.perf_counter()
        cpu.append(seconds(lambda: (bench.poll([message]), bench.review())) * 1e3)  # noqa: B023
        wall.append((time.perf_counter() - began) * 1e3)
    for name, values in (("CPU", cpu), ("clock", wall)):
        print(
            f"  {what}, {name}: median {statistics.median(values):.2f} ms,"
            f" 95 % within {sorted(values)[len(values) * 95 // 100]:.2f} ms"
        )


def measure(count: int, folder: Path) -> None:
    """Fill a store, then add the newest messages and such that come late."""
    mail = sorted((entry.message for entry in make_mail(count + 2 * ADDED)), key=lambda m: m.at)
    late = set(random.Random(5).sample(range(count), ADDED))
    bench = Bench(open_store(folder / f"{count}.db"), mail[-1].at + timedelta(minutes=5))
    fill(bench, [m for n, m in enumerate(mail[:-ADDED]) if n not in late])
    memory.settle()  # as a service does
    print(f"one message added to {count:,}, from parsed to judged, stored and filed")
    add(bench, "the newest", mail[-ADDED:])
    add(bench, "one that comes late", [mail[n] for n in sorted(late)])
    anew = seconds(lambda: bench.review(everything=True))
    print(f"  everything anew, for comparison: {anew * 1e3:,.0f} ms")
    quiet = statistics.median(seconds(bench.review) for _ in range(50))
    print(f"  a review without any change: {quiet * 1e3:.2f} ms")
    bench.store.close()


def repeats() -> None:
    """Assemble mail of ours in which one text, and one subject, repeats for ever."""
    (first,) = (e for e in make_mail(1))
    print("one text and subject of ours again and again, assembled")
    for count in (2_500, 5_000, 10_000):
        mail = [_again(first, number) for number in range(count)]
        spent = seconds(lambda: assemble(mail, WATCH))  # noqa: B023
        print(f"  {count:6,}: {spent * 1e3:6,.0f} ms, {spent / count * 1e6:.0f} µs a message")


def _again(entry: Entry, number: int) -> Entry:
    at = entry.at + timedelta(hours=number)
    message = replace(entry.message, message_id=f"{number}@example.org", at=at)
    return replace(entry, message=message)


def main(count: int) -> int:
    """Print the table."""
    print(f"calibration: {calibration():.1f} µs")
    with tempfile.TemporaryDirectory() as name:
        for size in sorted({1_200, count}):
            measure(size, Path(name))
    repeats()
    print(f"calibration: {calibration():.1f} µs")
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))

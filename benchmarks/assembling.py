"""Measure threading: a whole mailbox assembled, and one message added to a large store.

Run: python benchmarks/assembling.py [MESSAGES]. The mail is made up: a caseworker's, at four
councils, each question with an acknowledgement, most of them answered.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from inboxwatch.domain.bodies import Body, Watch
from inboxwatch.domain.keys import keys
from inboxwatch.domain.kinds import Classification, Kind
from inboxwatch.domain.message import Address, Message
from inboxwatch.domain.neighbours import neighbourhood
from inboxwatch.domain.threading import assemble, settle
from inboxwatch.domain.threads import Direction, Entry

ME = "caseworker@example.org"
DOMAINS = ("kent.example", "medway.example", "surrey.example", "essex.example")
WATCH = Watch(
    bodies=tuple(Body(name=domain, domains=(domain,)) for domain in DOMAINS),
    own_addresses=frozenset({ME}),
)
START = datetime(2024, 1, 1, 9, 0, tzinfo=UTC)


def make_mail(count: int, seed: int = 1) -> list[Entry]:
    """Make so many messages: question, acknowledgement, chaser or answer."""
    rng = random.Random(seed)
    made: list[Entry] = []
    number = 0
    while len(made) < count:
        number += 1
        at = START + timedelta(minutes=rng.randrange(60 * 24 * 700))
        domain = rng.choice(DOMAINS)
        box = f"{rng.choice(('send', 'transport', 'ehcp'))}@{domain}"
        child = f"child {rng.randrange(count // 20 + 1)}"
        asked = _entry(f"{number}.q@example.org", at, ME, box, f"Annual review for {child}")
        made.append(asked)
        refs = (asked.message_id,) if rng.random() < 0.3 else ()
        made.append(
            _entry(
                f"{number}.a@{domain}", at + timedelta(minutes=1), box, ME,
                f"Automatic reply: Annual review for {child}", refs, Kind.ACKNOWLEDGEMENT,
            )
        )  # fmt: skip
        if rng.random() < 0.7:
            linked = (asked.message_id,) if rng.random() < 0.85 else ()
            later = at + timedelta(days=rng.randrange(1, 30))
            made.append(
                _entry(f"{number}.r@{domain}", later, f"officer{rng.randrange(30)}@{domain}", ME,
                       f"RE: Annual review for {child}", linked)
            )  # fmt: skip
        else:
            later = at + timedelta(days=12)
            made.append(
                _entry(f"{number}.c@example.org", later, ME, box,
                       f"Re: Annual review for {child}", (asked.message_id,))
            )  # fmt: skip
    return made[:count]


def _entry(
    message_id: str,
    at: datetime,
    sender: str,
    to: str,
    subject: str,
    references: tuple[str, ...] = (),
    kind: Kind = Kind.HUMAN,
) -> Entry:
    return Entry(
        message=Message(
            message_id=message_id,
            at=at,
            sender=Address(address=sender),
            to=(Address(address=to),),
            subject=subject,
            in_reply_to=references[-1:],
            references=references,
            own_text=f"This is about {subject}; please see the letter of {at:%d %B} as well.",
        ),
        classification=Classification(kind=kind),
        direction=Direction.SENT if sender == ME else Direction.RECEIVED,
    )


def timed(run: Callable[[], object], times: int = 3) -> float:
    """Return the best of some runs, in seconds."""
    best = float("inf")
    for _ in range(times):
        began = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - began)
    return best


def main(count: int) -> int:
    """Print the table."""
    mail = make_mail(count)
    seconds = timed(lambda: assemble(mail, WATCH), 1)
    print(f"assemble {count:,} council messages: {seconds:.2f} s, {count / seconds:,.0f}/s")
    index: dict[str, list[Entry]] = {}
    began = time.perf_counter()
    for entry in mail:
        for key in keys(entry, WATCH):
            index.setdefault(key, []).append(entry)
    print(f"keys: {(time.perf_counter() - began) / count * 1e6:.0f} µs a message")

    def load(wanted: frozenset[str]) -> tuple[Entry, ...]:
        return tuple({e.message_id: e for key in wanted for e in index.get(key, ())}.values())

    spent, sizes = [], []
    for entry in random.Random(2).sample(mail, 200):
        began = time.perf_counter()
        around = neighbourhood((entry,), load, WATCH)
        settle(around, WATCH)
        spent.append(time.perf_counter() - began)
        sizes.append(len(around))
    print(
        f"one message among {count:,}: median {statistics.median(spent) * 1e3:.2f} ms,"
        f" 95 % within {sorted(spent)[190] * 1e3:.2f} ms, worst {max(spent) * 1e3:.2f} ms;"
        f" neighbours: median {statistics.median(sizes):.0f}, most {max(sizes)}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))

"""Polls under a fault, and whether the store ends as if there had been none."""

import json
import random
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from inboxwatch.adapters.imap import Endpoint, ImapSource, Limits
from inboxwatch.adapters.mime import HEADER_FIELDS, MimeReader
from inboxwatch.adapters.store import open_store
from inboxwatch.adapters.store.tables import metadata
from inboxwatch.adapters.wording import load_wording
from inboxwatch.application.poll import Polled, poll
from inboxwatch.application.ports import Store
from inboxwatch.application.reading import Surroundings, first_opinion
from inboxwatch.application.starting import start_of
from inboxwatch.domain.calendar import ENGLAND_AND_WALES
from inboxwatch.domain.errors import MailSourceError
from inboxwatch.domain.keys import keys
from tests.builders import CALENDARS, WATCH
from tests.faults.stream import Spot, spots
from tests.faults.tampering import Harm, Tampering, tampering

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
LIMITS = Limits(
    calibration=10, batch=6, window=15, connect_seconds=2, read_seconds=0.4, poll_seconds=2
)
# A poll may take its own deadline, one connect and a little for a busy machine.
IN_TIME = LIMITS.poll_seconds + LIMITS.connect_seconds + 4
RECOVERY = 10
# Not compared: times, and what only saves work: a fault may cost it, and then more is asked.
_UNTOLD = frozenset({"polled_at", "audited_at", "search_trusted", "highestmodseq"})
_AROUND = Surroundings(watch=WATCH, wording=load_wording(), calendar=CALENDARS[ENGLAND_AND_WALES])


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One fault: to which poll, where and what."""

    start: str  # "first": an empty store; "later": one that knows older mail; "kept": no news
    spot: Spot
    position: int
    harm: Harm
    times: int  # how many connections are harmed
    seed: int

    def __str__(self) -> str:
        return (
            f"{self.start} poll, {self.spot.value} (byte {self.position}): {self.harm.value},"
            f" {self.times} times, seed {self.seed}"
        )


@dataclass
class Outcome:
    """How a case ended; `wrong` is empty when it ended well."""

    case: Case
    struck: int
    polls: int
    slowest: float
    wrong: list[str] = field(default_factory=list)


class Range:
    """An account that stays as it is, stores to begin with, and how they should end."""

    def __init__(
        self, endpoint: Endpoint, folder: Path, *, encrypted: bool, before: Path, empty: Path
    ) -> None:
        self._endpoint = endpoint
        self._folder = folder
        self._encrypted = encrypted
        self._stores = {"first": empty, "later": before, "kept": before}
        self._number = 0
        self.expected: dict[str, list[str]] = {}
        self._spots: dict[str, list[tuple[Spot, int]]] = {}
        for start in ("first", "later", "kept"):
            with (
                tampering(endpoint.port) as proxy,
                self._begun(start, proxy) as (path, store, source),
            ):
                already = _said(proxy)
                for _ in range(2):
                    polled(store, source)
                self.expected[start] = contents(path)
                self._spots[start] = self._positions(bytes(proxy.sent[0])[already:])

    def cases(self, count: int, seed: int) -> Iterator[Case]:
        """Yield cases: every class of position in turn, the rest by chance."""
        rng = random.Random(seed)
        by_start = {
            start: {spot: [p for s, p in found if s is spot] for spot in {s for s, _ in found}}
            for start, found in self._spots.items()
        }
        starts = ["first", "first", "later", "later", "kept"]
        harms = [h for h in Harm if not self._encrypted or h in _ENCRYPTED]
        for number in range(count):
            start = starts[number % len(starts)]
            classes = sorted(by_start[start], key=lambda spot: spot.value)
            spot = classes[number // len(starts) % len(classes)]
            harm = rng.choices(harms, [_OFTEN[harm] for harm in harms])[0]
            yield Case(
                start=start,
                spot=spot,
                position=rng.choice(by_start[start][spot]),
                harm=harm,
                # Waiting is long; once shows what it does.
                times=1 if harm in (Harm.STALL, Harm.DRIP) else rng.choice((1, 1, 1, 2, 3, 7)),
                seed=rng.randrange(2**31),
            )

    def run(self, case: Case) -> Outcome:
        """Poll under the fault, then without, and compare the stores."""
        outcome = Outcome(case=case, struck=0, polls=0, slowest=0.0)
        with (
            tampering(self._endpoint.port) as proxy,
            self._begun(case.start, proxy) as (path, store, source),
        ):
            proxy.seed, proxy.encrypted, proxy.times = case.seed, self._encrypted, case.times
            proxy.position = _said(proxy) + case.position
            proxy.harm = case.harm
            for _ in range(3):
                connections = proxy.connections
                self._poll(store, source, outcome)
                if proxy.connections - connections > LIMITS.reconnects + 1:
                    outcome.wrong.append(f"{proxy.connections - connections} connections in a poll")
                if proxy.struck >= case.times:
                    break
            outcome.struck = proxy.struck
            proxy.heal()
            well = 0
            for _ in range(RECOVERY):
                well = well + 1 if self._poll(store, source, outcome) else 0
                if well == 2:
                    break
            else:
                outcome.wrong.append(f"not well again after {RECOVERY} polls")
            outcome.wrong += differences(self.expected[case.start], contents(path))
        return outcome

    def _poll(self, store: Store, source: ImapSource, outcome: Outcome) -> bool:
        began = time.monotonic()
        try:
            done = polled(store, source)
            return done.record.complete and not done.problems
        except MailSourceError as error:
            if not error.problem or not error.remedy:
                outcome.wrong.append("an error without problem or remedy")
            return False
        finally:
            took = time.monotonic() - began
            outcome.polls += 1
            outcome.slowest = max(outcome.slowest, took)
            if took > IN_TIME:
                outcome.wrong.append(f"a poll took {took:.1f} s")

    @contextmanager
    def _begun(self, start: str, proxy: Tampering) -> Iterator[tuple[Path, Store, ImapSource]]:
        """A store to begin with, and a source; for "kept" it has polled and stays connected."""
        self._number += 1
        path = self._folder / f"case{self._number}.db"
        shutil.copyfile(self._stores[start], path)
        endpoint = replace(self._endpoint, port=proxy.port)
        source = source_of(endpoint, keep_open=start == "kept")
        with ExitStack() as closing:
            closing.callback(path.unlink)
            store = open_store(path)
            closing.callback(store.close)
            closing.callback(source.close)
            if start == "kept":
                polled(store, source)
            yield path, store, source

    def _positions(self, sent: bytes) -> list[tuple[Spot, int]]:
        if self._encrypted:
            rng = random.Random(len(sent))
            return [(Spot.RECORD, rng.randrange(1, len(sent))) for _ in range(400)]
        return list(spots(sent))


_OFTEN = {
    Harm.CUT: 6, Harm.RESET: 3, Harm.STALL: 2, Harm.DRIP: 1, Harm.BYE: 3, Harm.GARBAGE: 4,
    Harm.SPOILT: 4, Harm.NOISE: 4,
}  # fmt: skip
_ENCRYPTED = frozenset({Harm.CUT, Harm.RESET, Harm.STALL, Harm.DRIP, Harm.SPOILT})


def _said(proxy: Tampering) -> int:
    """How much the connection that is open has received."""
    return len(proxy.sent[-1]) if proxy.sent else 0


def source_of(endpoint: Endpoint, *, keep_open: bool = False) -> ImapSource:
    """A source that is soon tired of waiting."""
    return ImapSource(
        account="home",
        endpoint=endpoint,
        reader=MimeReader(now=lambda: NOW),
        header_fields=HEADER_FIELDS,
        limits=LIMITS,
        keep_open=keep_open,
        now=lambda: NOW,
    )


def polled(store: Store, source: ImapSource) -> Polled:
    """Poll as the service does."""
    return poll(
        store,
        source,
        account="home",
        person="me",
        start=start_of(store, "home", "me", WATCH),
        judge=lambda message: first_opinion(message, _AROUND),
        keys=lambda entry: keys(entry, WATCH),
        now=lambda: NOW,
    )


def contents(path: Path) -> list[str]:
    """All that a store holds but for its polls and row numbers, and what is named above."""
    rows = []
    with closing(sqlite3.connect(path)) as connection:
        for table in metadata.sorted_tables:
            if table.name == "polls":
                continue
            names = [column.name for column in table.columns if column.name != "number"]
            for row in connection.execute(f"SELECT {', '.join(names)} FROM {table.name}"):
                said = dict(zip(names, row, strict=True))
                if table.name == "folders":
                    state = json.loads(said["state"])
                    if not state.get("uidvalidity") and not state.get("problem"):
                        continue  # a folder that is not there: as if never seen
                    said["state"] = {k: v for k, v in state.items() if k not in _UNTOLD}
                rows.append(f"{table.name} {said}")
    return sorted(rows)


def differences(expected: list[str], found: list[str]) -> list[str]:
    """What is missing and what is too much."""
    missing, extra = Counter(expected) - Counter(found), Counter(found) - Counter(expected)
    return [f"missing: {row}" for row in missing] + [f"too much: {row}" for row in extra]

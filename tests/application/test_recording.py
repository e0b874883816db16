"""Records of polls that end together share a commit; none is told as saved before it is."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from inboxwatch.application.ports import Transaction
from inboxwatch.application.recording import Recorder
from inboxwatch.application.records import PollRecord
from inboxwatch.domain.errors import StoreError
from tests.fakes_store import FakeStore

AT = datetime(2026, 6, 10, 9, tzinfo=UTC)


def a_record(account: str) -> PollRecord:
    return PollRecord(account=account, person="me", started_at=AT, ended_at=AT, complete=True)


@dataclass
class SlowDisk(FakeStore):
    """A store whose commits wait until they are let go; the first ones may fail."""

    go: threading.Event = field(default_factory=threading.Event)
    begun: threading.Event = field(default_factory=threading.Event)
    commits: int = 0
    failures: int = 0

    def __post_init__(self) -> None:
        FakeStore.__init__(self)

    @contextmanager
    def transaction(self, *, read_only: bool = False) -> Iterator[Transaction]:  # type: ignore[override]
        if read_only:
            with super().transaction(read_only=True) as tx:
                yield tx
            return
        self.commits += 1
        self.begun.set()
        self.go.wait(10)
        if self.failures:
            self.failures -= 1
            raise StoreError("the disk is full", remedy="Free some space.")
        with super().transaction() as tx:
            yield tx

    def saved(self, account: str) -> bool:
        with self.transaction(read_only=True) as tx:
            return tx.last_poll(account) is not None


def save_together(store: SlowDisk, accounts: list[str]) -> list[BaseException | None]:
    """Save one record, and the others while its commit is under way."""
    record = Recorder(store)
    with ThreadPoolExecutor(len(accounts)) as pool:
        first = pool.submit(record, a_record(accounts[0]))
        assert store.begun.wait(10)
        others = [pool.submit(record, a_record(account)) for account in accounts[1:]]
        while len(record._waiting) < len(others):
            assert not any(other.done() for other in others)
        store.go.set()
        return [one.exception(10) for one in (first, *others)]


def test_a_single_record_is_saved_at_once() -> None:
    store = FakeStore()
    Recorder(store)(a_record("home"))
    with store.transaction(read_only=True) as tx:
        assert tx.last_poll("home") == a_record("home")


def test_records_that_come_while_one_is_written_share_the_next_commit() -> None:
    store = SlowDisk()
    accounts = [f"a{number}" for number in range(8)]

    assert save_together(store, accounts) == [None] * 8

    assert all(store.saved(account) for account in accounts)
    assert store.commits == 2


@pytest.mark.parametrize("failures", [1, 2])
def test_whose_record_was_not_saved_is_told_and_nobody_else(failures: int) -> None:
    """A record taken into a commit that fails is tried once more by its own thread."""
    store = SlowDisk(failures=failures)
    accounts = [f"a{number}" for number in range(4)]

    found = save_together(store, accounts)

    assert [isinstance(error, StoreError) for error in found].count(True) == failures
    for account, error in zip(accounts, found, strict=True):
        assert store.saved(account) is (error is None)


def test_a_full_disk_is_told_to_everyone() -> None:
    store = SlowDisk(failures=100)

    found = save_together(store, ["a", "b", "c"])

    assert all(isinstance(error, StoreError) for error in found)

"""Records of polls that end together share a commit; none is told as saved before it is."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from inboxwatch.application.recording import Recorder
from inboxwatch.application.records import PollRecord
from inboxwatch.domain.errors import StoreError
from tests.fakes_store import FakeStore, FakeTransaction

AT = datetime(2026, 6, 10, 9, tzinfo=UTC)
FIRST = AT - timedelta(minutes=5)


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
    def transaction(
        self, *, read_only: bool = False, durable: bool = True
    ) -> Iterator[FakeTransaction]:
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

    assert all(saved(store, account) for account in accounts)
    assert store.commits == 2


@pytest.mark.parametrize("failures", [1, 2])
def test_whose_record_was_not_saved_is_told_and_nobody_else(failures: int) -> None:
    """A record taken into a commit that fails is tried once more by its own thread."""
    store = SlowDisk(failures=failures)
    accounts = [f"a{number}" for number in range(4)]

    found = save_together(store, accounts)

    assert [isinstance(error, StoreError) for error in found].count(True) == failures
    for account, error in zip(accounts, found, strict=True):
        assert (saved(store, account) is not None) is (error is None)


def test_a_full_disk_is_told_to_everyone() -> None:
    store = SlowDisk(failures=100)

    found = save_together(store, ["a", "b", "c"])

    assert all(isinstance(error, StoreError) for error in found)


def test_without_leave_to_wait_a_note_is_saved_at_once() -> None:
    store = FakeStore()
    Recorder(store).note(a_record("home"))
    assert saved(store, "home") == a_record("home")


def patient(store: FakeStore) -> Recorder:
    """A recorder whose notes may wait, after a first poll of two accounts went well."""
    record = Recorder(store, notes_may_wait=True)
    for account in ("home", "work"):
        record(replace(a_record(account), ended_at=FIRST))
    return record


def test_the_first_record_and_the_one_after_a_failure_do_not_wait() -> None:
    """A person who looks sees at once that it works, or works again."""
    store = FakeStore()
    record = Recorder(store, notes_may_wait=True)
    moments = [AT + timedelta(minutes=n) for n in range(5)]
    good = [replace(a_record("home"), ended_at=moment) for moment in moments]
    record.note(good[0])
    assert saved(store, "home") == good[0]
    record.note(good[1])
    assert saved(store, "home") == good[0]
    record(replace(good[2], complete=False))
    record.note(good[3])
    assert saved(store, "home") == good[3]
    with store.transaction() as tx:
        record.save_in(tx, replace(good[3], problem="a folder fails"))
    record.note(good[4])
    assert saved(store, "home") == good[4]


def test_notes_wait_and_are_saved_together_the_newest_of_each_account() -> None:
    store = SlowDisk()
    store.go.set()
    record = patient(store)
    newer = replace(a_record("home"), ended_at=AT + timedelta(minutes=1))
    for one in (a_record("home"), a_record("work"), newer):
        record.note(one)
    assert saved(store, "home") == replace(a_record("home"), ended_at=FIRST)
    commits = store.commits

    record.flush()
    record.flush()

    assert saved(store, "home") == newer
    assert saved(store, "work") == a_record("work")
    assert store.commits == commits + 1


def test_a_later_poll_that_is_saved_at_once_replaces_the_note() -> None:
    store = SlowDisk()
    store.go.set()
    record = patient(store)
    failed = replace(a_record("home"), ended_at=AT + timedelta(hours=3), complete=False)
    record.note(a_record("home"))
    record(failed)
    record.note(a_record("work"))
    with store.transaction() as tx:
        record.save_in(tx, replace(failed, account="work"))
    commits = store.commits

    record.flush()

    assert store.commits == commits
    assert saved(store, "home") == failed
    assert saved(store, "work") == replace(failed, account="work")


def test_notes_that_could_not_be_saved_wait_on_and_do_not_replace_newer_ones() -> None:
    store = SlowDisk()
    store.go.set()
    record = patient(store)
    store.go.clear()
    store.begun.clear()
    store.failures = 1
    record.note(a_record("home"))
    record.note(a_record("work"))
    newer = replace(a_record("home"), ended_at=AT + timedelta(minutes=1))
    with ThreadPoolExecutor(1) as pool:
        flushing = pool.submit(record.flush)
        assert store.begun.wait(10)
        record.note(newer)
        store.go.set()
        assert isinstance(flushing.exception(10), StoreError)

    record.flush()

    assert saved(store, "home") == newer
    assert saved(store, "work") == a_record("work")


def saved(store: FakeStore, account: str) -> PollRecord | None:
    with store.transaction(read_only=True) as tx:
        return tx.last_poll(account)

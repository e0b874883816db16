"""A poll stores each batch with its cursor, records how it went, and repeats nothing."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from inboxwatch.application.poll import Polled, poll
from inboxwatch.application.ports import Progress
from inboxwatch.application.records import Arrival, FolderBatch, FolderState, Wanted
from inboxwatch.application.starting import start_of, watch_digest
from inboxwatch.domain.bodies import Body
from inboxwatch.domain.errors import MailSourceError, StoreError
from inboxwatch.domain.keys import keys
from inboxwatch.domain.message import FolderRole, Location, Message, Unreadable
from inboxwatch.domain.threads import Entry
from tests.builders import WATCH, from_council, from_us
from tests.fakes_store import FakeStore, FakeTransaction

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
SENT = FolderState(account="home", folder="sent", role=FolderRole.SENT, uidvalidity=1, uidnext=2)
INBOX = replace(SENT, folder="inbox", role=FolderRole.INBOX)
ASKED = from_us("2026-05-01 09:00", "asked@x")
HEARD = from_council("2026-05-02 09:00", message_id="heard@x")
KNOWN = {entry.message_id: entry for entry in (ASKED, HEARD)}
PLACE = Location(account="home", folder="INBOX", role=FolderRole.INBOX, uidvalidity=1, uid=9)


class CountingStore(FakeStore):
    """Counts what is written; may refuse it."""

    def __init__(self, *, fails: bool = False) -> None:
        super().__init__()
        self.commits = 0
        self.fails = fails

    @contextmanager
    def transaction(
        self, *, read_only: bool = False, durable: bool = True
    ) -> Iterator[FakeTransaction]:
        self.commits += not read_only
        if self.fails and not read_only:
            raise StoreError("the disk is full", remedy="Free some space.")
        with super().transaction(read_only=read_only) as tx:
            yield tx


Script = Callable[[Wanted], Iterator[FolderBatch]]


class Source:
    """A mail source that plays a script."""

    def __init__(self, script: Script) -> None:
        self.script = script

    def poll(
        self, states: Mapping[str, FolderState], wanted: Wanted, *, progress: Progress | None = None
    ) -> Iterator[FolderBatch]:
        yield from self.script(wanted)


def judge(message: Message) -> Entry:
    return KNOWN[message.message_id]


def run(store: FakeStore, script: Script, **more: frozenset[str]) -> Polled:
    return poll(
        store,
        Source(script),  # type: ignore[arg-type]
        account="home",
        person="me",
        start=start_of(store, "home", "me", WATCH),
        judge=judge,
        keys=lambda entry: keys(entry, WATCH),
        now=lambda: NOW,
        **more,  # type: ignore[arg-type]
    )


def both(_wanted: Wanted) -> Iterator[FolderBatch]:
    yield FolderBatch(
        state=SENT, arrivals=(Arrival(message=ASKED.message),), complete=True, scanned=5
    )
    yield FolderBatch(
        state=INBOX,
        arrivals=(Arrival(message=HEARD.message, original=b"raw"),),
        unreadable=(Unreadable(location=PLACE, reason="broken"),),
        complete=True,
        scanned=7,
    )


def test_what_is_new_is_stored_counted_and_recorded() -> None:
    store = FakeStore()
    polled = run(store, both)
    assert polled.new_ids == ("asked@x", "heard@x")
    assert polled.record.complete
    assert polled.record.scanned == 12
    with store.transaction() as tx:
        assert {e.message_id for e in tx.entries("me")} == {"asked@x", "heard@x"}
        assert tx.folder_states("home") == {"sent": SENT, "inbox": INBOX}
        assert [u.reason for u in tx.unreadables("me")] == ["broken"]
        assert tx.last_complete_poll("home") == polled.record
        heard = tx.entry("me", "heard@x")
        assert heard is not None
        assert heard.message.original_sha256 is not None


def test_polling_twice_stores_nothing_twice() -> None:
    store = FakeStore()
    run(store, both)
    again = run(store, both)
    assert again.new == 0
    assert again.record.complete


def test_ids_of_the_talk_are_known_while_the_poll_goes_on() -> None:
    """Sent is read first, so that a stranger's mail which names it is known for an answer."""
    store = FakeStore()
    seen: list[bool] = []

    def script(wanted: Wanted) -> Iterator[FolderBatch]:
        seen.append(wanted.is_ours("asked@x"))
        yield from both(wanted)
        seen.append(wanted.is_ours("asked@x"))
        seen.append("heard@x" in wanted.our_ids())
        assert wanted.known_uids("home", "inbox", 1) == frozenset({1})

    run(store, script)
    assert seen == [False, True, True]
    run(store, lambda w: iter(() if w.is_ours("asked@x") and not w.is_ours("no@x") else both(w)))


def test_a_folder_that_fails_makes_the_poll_incomplete_unless_it_is_excluded() -> None:
    broken = replace(INBOX, problem="no such folder", failing_since=NOW)

    def script(_wanted: Wanted) -> Iterator[FolderBatch]:
        yield FolderBatch(state=SENT, complete=True)
        yield FolderBatch(state=broken)

    store = FakeStore()
    polled = run(store, script)
    assert not polled.record.complete
    assert polled.problems == ("inbox: no such folder",)
    with store.transaction() as tx:
        assert tx.last_complete_poll("home") is None
    assert run(store, script, excluded=frozenset({"inbox"})).record.complete


def test_a_folder_that_is_only_partly_read_makes_the_poll_incomplete() -> None:
    def script(_wanted: Wanted) -> Iterator[FolderBatch]:
        yield FolderBatch(state=SENT, complete=True)
        yield FolderBatch(state=INBOX, arrivals=(Arrival(message=HEARD.message),))

    assert not run(FakeStore(), script).record.complete


def test_an_account_that_fails_is_recorded_and_what_came_before_is_kept() -> None:
    def script(wanted: Wanted) -> Iterator[FolderBatch]:
        yield next(both(wanted))
        raise MailSourceError("gone", remedy="wait", transient=True)

    store = FakeStore()
    with pytest.raises(MailSourceError, match="gone"):
        run(store, script)
    with store.transaction() as tx:
        assert tx.entry("me", "asked@x") is not None
        record = tx.last_poll("home")
        assert record is not None
        assert not record.complete
        assert record.problem == "gone"


def test_a_fault_of_ours_keeps_what_was_read_before_it() -> None:
    def script(wanted: Wanted) -> Iterator[FolderBatch]:
        yield next(both(wanted))
        raise ZeroDivisionError

    store = FakeStore()
    with pytest.raises(ZeroDivisionError):
        run(store, script)
    with store.transaction() as tx:
        assert tx.entry("me", "asked@x") is not None
        assert tx.last_poll("home") is None


def test_a_store_that_fails_ends_the_poll_and_is_not_tried_again() -> None:
    store = CountingStore(fails=True)
    with pytest.raises(StoreError):
        run(store, lambda w: iter([replace(next(both(w)), complete=False)]))
    assert store.commits == 1


def test_news_of_several_folders_costs_one_commit_with_the_record() -> None:
    store = CountingStore()
    polled = run(store, both)
    assert store.commits == 1
    with store.transaction(read_only=True) as tx:
        assert tx.last_poll("home") == polled.record
        assert polled.record.found == 2


def test_a_long_scan_is_stored_as_it_goes() -> None:
    """No more than a hundred messages, and three parts of an unfinished folder, wait for others."""
    seen: list[int] = []
    entries = [from_council("2026-05-02 09:00", message_id=f"m{n}@x") for n in range(150)]
    KNOWN.update((entry.message_id, entry) for entry in entries)
    store = CountingStore()

    def script(_wanted: Wanted) -> Iterator[FolderBatch]:
        arrivals = tuple(Arrival(message=entry.message) for entry in entries)
        yield FolderBatch(state=SENT, arrivals=arrivals[:10], complete=True)
        seen.append(store.commits)
        for first in range(10, 50, 10):
            yield FolderBatch(state=INBOX, arrivals=arrivals[first : first + 10])
            seen.append(store.commits)
        yield FolderBatch(state=INBOX, arrivals=arrivals[50:], complete=True)
        seen.append(store.commits)

    assert run(store, script).new == 150
    assert seen == [0, 0, 0, 0, 1, 2]


def test_what_waits_is_stored_before_the_store_is_asked_what_it_has() -> None:
    store = FakeStore()
    found: list[frozenset[int]] = []

    def script(wanted: Wanted) -> Iterator[FolderBatch]:
        yield from both(wanted)
        found.extend(wanted.known_uids("home", "inbox", 1) for _ in range(2))

    run(store, script)
    assert found == [frozenset({1})] * 2


def test_an_unchanged_folder_is_not_written_again() -> None:
    store = FakeStore()
    run(store, both)
    later = replace(SENT, polled_at=NOW)
    run(store, lambda _w: iter((FolderBatch(state=later, complete=True),)))
    with store.transaction() as tx:
        assert tx.folder_states("home")["sent"].polled_at is None


def test_a_reset_forgets_places_and_keeps_messages() -> None:
    store = FakeStore()
    run(store, both)
    new = replace(INBOX, uidvalidity=2)
    run(store, lambda _w: iter((FolderBatch(state=new, reset=True, complete=True),)))
    with store.transaction() as tx:
        heard = tx.entry("me", "heard@x")
        assert heard is not None
        assert heard.message.locations == ()


def test_a_copy_that_is_gone_leaves_the_message() -> None:
    store = FakeStore()
    run(store, both)
    gone = HEARD.message.locations
    run(store, lambda _w: iter((FolderBatch(state=INBOX, gone=gone, complete=True),)))
    with store.transaction() as tx:
        assert tx.entry("me", "heard@x") is not None
        assert tx.known_uids("home", "inbox", 1) == frozenset()


def test_what_a_poll_goes_out_from_is_read_again_only_when_something_was_written() -> None:
    store = FakeStore()
    first = start_of(store, "home", "me", WATCH)
    assert start_of(store, "home", "me", WATCH, before=first) is first
    run(store, both)
    later = start_of(store, "home", "me", WATCH, before=first)
    assert later.states == {"sent": SENT, "inbox": INBOX}


def test_the_digest_of_a_watch_list_changes_only_with_what_is_read() -> None:
    assert watch_digest(WATCH) == watch_digest(replace(WATCH, bodies=WATCH.bodies[::-1]))
    wider = replace(WATCH, bodies=(*WATCH.bodies, Body(name="x", domains=("x.gov.uk",))))
    assert watch_digest(wider) != watch_digest(WATCH)
    assert watch_digest(replace(WATCH, learned=(("a", "kent.gov.uk"),))) != watch_digest(WATCH)

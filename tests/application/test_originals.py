"""Originals are kept once, of threads only, and asked for once."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from inboxwatch.application.originals import keep_originals
from inboxwatch.application.records import Placement
from inboxwatch.domain.message import Location
from inboxwatch.domain.threads import Link, LinkKind
from tests.builders import from_council, from_us
from tests.fakes_store import FakeStore

NOW = datetime(2026, 6, 1, tzinfo=UTC)


class Originals:
    """A source that only gives originals, and notes what it was asked for."""

    def __init__(self, raw: bytes | None) -> None:
        self.raw = raw
        self.asked: list[Location] = []

    def originals(self, locations: Iterable[Location]) -> Iterator[tuple[Location, bytes | None]]:
        for location in locations:
            self.asked.append(location)
            yield location, self.raw


def stored(*, placed: bool) -> FakeStore:
    store = FakeStore()
    asked, loose = from_us("2026-05-01 09:00", "asked@x"), from_council("2026-05-02 09:00")
    with store.transaction() as tx:
        for entry in (asked, loose):
            tx.save_entry("me", entry, frozenset())
        if placed:
            tx.save_placements(
                "me",
                [
                    Placement(
                        message_id="asked@x",
                        council_mailbox="send@kent.gov.uk",
                        thread_id="t",
                        link=Link(kind=LinkKind.ROOT),
                    )
                ],
            )
    return store


def keep(store: FakeStore, source: Originals, refused: set[str]) -> int:
    return keep_originals(store, source, person="me", account="home", refused=refused)  # type: ignore[arg-type]


def test_only_what_stands_in_a_thread_is_kept_and_only_once() -> None:
    store, source = stored(placed=True), Originals(b"Subject: x\r\n\r\nwords")
    assert keep(store, source, set()) == 1
    assert keep(store, source, set()) == 0
    assert len(source.asked) == 1
    with store.transaction() as tx:
        entry = tx.entry("me", "asked@x")
        assert entry is not None
        assert entry.message.original_sha256 is not None
        assert tx.original(entry.message.original_sha256) == source.raw


def test_mail_outside_threads_is_not_asked_for() -> None:
    source = Originals(b"x")
    assert keep(stored(placed=False), source, set()) == 0
    assert source.asked == []


def test_what_is_refused_is_not_asked_for_again() -> None:
    store, source = stored(placed=True), Originals(None)
    refused: set[str] = set()
    assert keep(store, source, refused) == 0
    assert keep(store, source, refused) == 0
    assert len(source.asked) == 1

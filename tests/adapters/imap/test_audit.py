"""A SEARCH that is trusted is checked once a week in a random part of each folder."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from inboxwatch.adapters.imap import ImapSource, Limits
from tests.adapters.imap.conftest import a_mail, a_source, id_of, plainly
from tests.adapters.imap.shelf import Shelf, all_complete
from tests.builders import COUNCIL, ME, WATCH
from tests.fakes_imap import FakeImap, by_substring, running

LIMITS = Limits(calibration=20, batch=50, window=100, read_seconds=5)
MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)
LOST = {id_of(f"m{n}") for n in (52, 54)}  # between the blocks that the first sample looks at


def by_a_damaged_index(key: str, wanted: str, value: bytes) -> bool:
    """Finds all but what was received by one address: as an index that lost a part."""
    return by_substring(key, wanted, value) and b"lost@" not in value


@pytest.fixture
def server() -> Iterator[FakeImap]:
    """300 messages, every tenth the council's, two more that a damaged index does not know."""
    with running(FakeImap()) as fake:
        fake.folder("Sent", "\\Sent").put(a_mail("asked", sender=ME, to=COUNCIL))
        inbox = fake.folder("INBOX")
        for n in range(300):
            sender = COUNCIL if n % 10 == 0 else f"f{n}@example{n % 3}.net"
            inbox.put(a_mail(f"m{n}", sender="lost@kent.gov.uk" if n in (52, 54) else sender))
        yield fake


def _source(server: FakeImap, now: datetime, *, at: int = 0) -> ImapSource:
    """A source whose clock stands at `now` and that looks at messages from number `at` on."""
    options: dict[str, Any] = {"limits": LIMITS, "now": lambda: now, "choose": lambda _n: at}
    return a_source(plainly(server.port, "x"), **options)


def _scanned(server: FakeImap) -> Shelf:
    shelf = Shelf(WATCH)
    shelf.poll(_source(server, MONDAY))
    assert shelf.states["INBOX"].search_trusted is True
    assert shelf.states["INBOX"].audited_at == MONDAY
    server.commands.clear()
    return shelf


def test_within_a_week_nothing_is_asked(server: FakeImap) -> None:
    shelf = _scanned(server)

    shelf.poll(_source(server, MONDAY + timedelta(days=6, hours=23)))

    assert not any("EXAMINE" in command for command in server.commands)


def test_after_a_week_an_honest_search_is_believed_again(server: FakeImap) -> None:
    shelf = _scanned(server)
    before, later = list(shelf.arrived), MONDAY + timedelta(days=7)

    assert all_complete(shelf.poll(_source(server, later, at=120)))

    assert any(c.startswith("FETCH 121:140") for c in server.commands)
    assert shelf.states["INBOX"].audited_at == later
    assert shelf.states["INBOX"].search_trusted is True
    assert shelf.states["INBOX"].search_lied_at is None
    assert shelf.arrived == before
    server.commands.clear()
    shelf.poll(_source(server, later + timedelta(days=1)))
    assert not any("EXAMINE" in command for command in server.commands)


def test_a_search_that_missed_mail_is_found_out_and_all_is_read(server: FakeImap) -> None:
    server.find = by_a_damaged_index
    shelf = _scanned(server)
    before = list(shelf.arrived)
    assert not LOST & shelf.ids
    later = MONDAY + timedelta(days=7)

    assert all_complete(shelf.poll(_source(server, later, at=45)))

    assert set(shelf.arrived[len(before) :]) == LOST  # and nothing is fetched twice
    state = shelf.states["INBOX"]
    assert (state.search_trusted, state.search_lied_at) == (False, later)
    assert state.scan_cursor is None
    server.commands.clear()
    shelf.poll(_source(server, later + timedelta(days=8)))
    assert not any("EXAMINE" in command for command in server.commands)


def test_a_search_that_is_refused_later_is_done_without(server: FakeImap) -> None:
    shelf = _scanned(server)
    server.script = lambda command: b"TAG NO no\r\n" if "SEARCH" in command else None

    assert all_complete(shelf.poll(_source(server, MONDAY + timedelta(days=7), at=200)))

    assert shelf.states["INBOX"].search_trusted is False
    assert shelf.ids > LOST


def test_new_mail_is_found_in_the_poll_that_looks(server: FakeImap) -> None:
    shelf = _scanned(server)
    server.folders["INBOX"].put(a_mail("news"))

    assert all_complete(shelf.poll(_source(server, MONDAY + timedelta(days=7), at=10)))

    assert shelf.arrived[-1] == id_of("news")
    assert shelf.states["INBOX"].audited_at == MONDAY + timedelta(days=7)


def test_a_small_folder_is_never_asked(server: FakeImap) -> None:
    server.folders["INBOX"].messages = server.folders["INBOX"].messages[:15]
    shelf = Shelf(WATCH)
    shelf.poll(_source(server, MONDAY))
    server.commands.clear()

    shelf.poll(_source(server, MONDAY + timedelta(days=30)))

    assert not any("EXAMINE" in command for command in server.commands)

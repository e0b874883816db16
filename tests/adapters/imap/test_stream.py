"""Reading while the server searches on: bits of a folder, two requests under way at once."""

import contextlib
import re
from collections.abc import Iterator

import pytest

from inboxwatch.adapters.imap import Limits
from inboxwatch.adapters.imap.pools import take
from inboxwatch.adapters.imap.wire import Wire
from tests.adapters.imap.conftest import Home, a_mail, a_source, id_of, plainly
from tests.adapters.imap.proxy import proxied
from tests.adapters.imap.shelf import Shelf
from tests.adapters.imap.test_answers import Said
from tests.builders import COUNCIL, ME, WATCH
from tests.fakes_imap import FakeImap, running

BITS = Limits(calibration=20, batch=3, window=50, first_search=10, search=20)


def _fill(home: Home, count: int = 120) -> set[str]:
    """Every fourth message is the council's."""
    home.put_all(
        a_mail(f"m{n}", sender=COUNCIL if n % 4 == 0 else "friend@example.net")
        for n in range(count)
    )
    return {id_of(f"m{n}") for n in range(0, count, 4)}


def test_a_folder_is_searched_in_bits_that_leave_nothing_out(home: Home) -> None:
    expected = _fill(home)
    with proxied(home.server.port) as proxy:
        home.shelf.poll(home.source(port=proxy.port, limits=BITS))
        said = bytes(proxy.commands)

    assert home.shelf.ids == expected
    assert len(home.shelf.arrived) == len(expected)
    bits = [
        (int(low), 120 if high == b"*" else int(high))
        for low, high in re.findall(rb"UID SEARCH RETURN \(ALL\) (\d+):(\d+|\*) OR", said)
        if low != b"120"  # the sample
    ]
    # Newest first, each twice the one before up to the most there may be, no gap between them.
    assert bits == [(111, 120), (91, 110), (71, 90), (51, 70), (31, 50), (11, 30), (1, 10)]


def test_the_texts_are_asked_for_while_the_search_goes_on(home: Home) -> None:
    _fill(home)
    with proxied(home.server.port) as proxy:
        home.shelf.poll(home.source(port=proxy.port, limits=BITS))
        said = bytes(proxy.commands)
    assert said.index(b"BODY.PEEK[1]") < said.index(b"UID SEARCH RETURN (ALL) 1:10 ")


@pytest.mark.parametrize("kept", [1, 2, 5])
def test_mail_that_goes_while_it_is_searched_hides_no_other(home: Home, kept: int) -> None:
    """Message numbers fall when mail is expunged; no message falls through between two bits."""
    expected = _fill(home)
    polling = home.source(limits=BITS).poll({}, home.shelf.wanted())
    for _ in range(kept):
        home.shelf.take(next(polling))
    with home.server.login(home.user) as other:
        other.select_folder("INBOX")
        uids = other.search()
        gone = [*uids[:7], *uids[40:52], *uids[-9:]]
        other.delete_messages(gone)
        other.expunge()
    for batch in polling:
        home.shelf.take(batch)

    stayed = {id_of(f"m{uid - 1}") for uid in set(uids) - set(gone)}
    assert expected & stayed <= home.shelf.ids <= expected


def test_mail_that_comes_while_it_is_searched_is_read_by_the_next_poll(home: Home) -> None:
    expected = _fill(home)
    source = home.source(limits=BITS)
    polling = source.poll({}, home.shelf.wanted())
    home.shelf.take(next(polling))
    home.put("late")
    for batch in polling:
        home.shelf.take(batch)
    home.shelf.poll(source)

    assert home.shelf.ids == expected | {id_of("late")}
    assert home.shelf.states["INBOX"].scan_cursor is None


def test_a_scan_that_stopped_in_the_middle_asks_for_the_rest_alone(home: Home) -> None:
    expected = _fill(home)
    source = home.source(limits=BITS)
    polling = source.poll({}, home.shelf.wanted())
    for _ in range(4):
        home.shelf.take(next(polling))
    polling.close()  # type: ignore[attr-defined]
    first = set(home.shelf.ids)
    cursor = home.shelf.states["INBOX"].scan_cursor
    assert cursor is not None
    assert first < expected

    with proxied(home.server.port) as proxy:
        home.shelf.poll(home.source(port=proxy.port, limits=BITS))
        said = bytes(proxy.commands)

    assert home.shelf.ids == expected
    assert f" UID 1:{cursor - 1} OR".encode() in said
    assert len(home.shelf.arrived) <= len(expected) + 1  # what was under way is asked for again


def test_the_same_connection_goes_on_after_a_reader_that_stopped(home: Home) -> None:
    """Answers still on their way belong to nobody; the next commands get their own."""
    expected = _fill(home)
    source = home.source(limits=BITS, keep_open=True)
    with contextlib.closing(source):
        session = source._opened()
        folder = next(f for f in session.overview(()).folders if f.name == "INBOX")
        session.open(folder)
        session.start([b"UID SEARCH RETURN (ALL) ALL", b"UID FETCH 1:* (UID BODY.PEEK[])"])
        home.shelf.poll(source)
    assert home.shelf.ids == expected


def test_a_server_without_compact_answers_is_searched_once(fake: FakeImap) -> None:
    for n in range(120):
        sender = COUNCIL if n % 4 == 0 else "friend@example.net"
        fake.folders["INBOX"].put(a_mail(f"m{n}", sender=sender))
    shelf = Shelf(WATCH)
    shelf.poll(a_source(plainly(fake.port, "x"), limits=BITS))

    assert shelf.ids == {id_of(f"m{n}") for n in range(0, 120, 4)}
    whole = [c for c in fake.commands if c.startswith("UID SEARCH 1:*")]
    assert len(whole) == 1


def test_a_bit_that_is_refused_is_looked_at_header_by_header(fake: FakeImap) -> None:
    fake.capabilities += " ESEARCH"
    for n in range(120):
        sender = COUNCIL if n % 4 == 0 else "friend@example.net"
        fake.folders["INBOX"].put(a_mail(f"m{n}", sender=sender))
    fake.script = lambda command: (
        b"TAG NO Server error\r\n" if "SEARCH RETURN (ALL) 51:70 " in command else None
    )
    shelf = Shelf(WATCH)
    shelf.poll(a_source(plainly(fake.port, "x"), limits=BITS))

    assert shelf.ids == {id_of(f"m{n}") for n in range(0, 120, 4)}
    assert len(shelf.arrived) == len(shelf.ids)  # what was read before is not read again
    assert shelf.states["INBOX"].search_trusted is False


@pytest.mark.parametrize("refuses", [True, False], ids=["refused", "found everywhere"])
def test_what_names_ours_is_searched_for_apart_where_one_search_for_all_does_not_serve(
    fake: FakeImap, *, refuses: bool
) -> None:
    """Some servers refuse to search such headers; and an id may have a domain that all mail has."""
    fake.folder("Sent", "\\Sent").put(a_mail("asked", sender=ME, to=COUNCIL))
    fake.capabilities += " ESEARCH"
    about = f"References: <{id_of('asked')}>"
    for n in range(900):
        sender = COUNCIL if n % 90 == 0 else "friend@example.net"
        common = "References: <x@mail.example.org>" if not refuses else "X-Nothing: 1"
        fake.folders["INBOX"].put(a_mail(f"m{n}", sender=sender, headers=common))
    fake.folders["INBOX"].put(a_mail("answer", sender="desk@casework.example", headers=about))
    fake.script = lambda command: (
        b"TAG NO Server error\r\n" if refuses and "HEADER REFERENCES" in command else None
    )
    shelf = Shelf(WATCH)
    shelf.poll(a_source(plainly(fake.port, "x")))

    wanted = {id_of(f"m{n}") for n in range(0, 900, 90)}
    assert shelf.ids == wanted | {id_of("asked"), id_of("answer")}
    texts = [c for c in fake.commands if "BODYSTRUCTURE" in c]
    assert sum(c.count(",") + 1 for c in texts) < 60  # not of all that was found


def test_answers_of_two_requests_find_their_own(fake: FakeImap) -> None:
    said = (
        b"* 1 FETCH (UID 1 FLAGS ())\r\n* 2 FETCH (UID 2 FLAGS ())\r\nw1 OK\r\n"
        b"* 3 FETCH (UID 3 FLAGS ())\r\nw2 OK\r\n"
    )
    wire = Wire(Said(said))
    first, second = wire.start([b"UID FETCH 1 (FLAGS)"]), wire.start([b"UID FETCH 2:3 (FLAGS)"])

    assert take(wire.finish(first), frozenset({1}))[0].keys() == {1}
    replies = wire.finish(second)
    assert take(replies, frozenset({2, 3}))[0].keys() == {2, 3}
    assert replies[0].untagged == []  # nothing is kept for longer than it is needed


@pytest.fixture
def fake() -> Iterator[FakeImap]:
    with running(FakeImap()) as server:
        server.folder("INBOX")
        yield server

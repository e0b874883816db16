"""What single providers do to their users: limited views, throttling, sessions that end."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest

from inboxwatch.adapters.imap import Credentials, ImapSource, Limits
from inboxwatch.adapters.imap.endpoint import Mechanism
from inboxwatch.domain.errors import MailSourceError
from tests.adapters.imap.conftest import a_mail, a_source, id_of, plainly
from tests.adapters.imap.shelf import Shelf, all_complete
from tests.builders import COUNCIL, ME, WATCH
from tests.fakes_imap import FakeImap, running
from tests.servers.gmail import Gmail
from tests.servers.icloud import Icloud
from tests.servers.microsoft import TOKEN, Microsoft
from tests.servers.yahoo import Yahoo

VIEW = 40
LIMITS = Limits(calibration=20, batch=10, window=30, read_seconds=5, view_sizes=(VIEW,))


@pytest.fixture
def run() -> Iterator[Any]:
    with ExitStack() as closing:
        yield lambda server: closing.enter_context(running(server))


@pytest.fixture
def shelf() -> Shelf:
    return Shelf(WATCH)


def _source(server: FakeImap, **changes: Any) -> ImapSource:
    endpoint = plainly(server.port, ME)
    if isinstance(server, Microsoft):
        secret = Credentials(secret=TOKEN, mechanism=Mechanism.XOAUTH2)
        endpoint = replace(endpoint, credentials=lambda: secret)
    return a_source(endpoint, **{"limits": LIMITS, **changes})


def _fill(server: Gmail | Yahoo, first: int, last: int) -> None:
    for n in range(first, last):
        mail = a_mail(f"m{n}", sender=COUNCIL if n % 5 == 0 else f"f{n}@example.net")
        if isinstance(server, Gmail):
            server.put(mail, "\\Inbox")
        else:
            server.folders["Inbox"].put(mail)


# ---- Yahoo shows the newest 10,000 messages


def test_mail_pushed_out_of_yahoos_view_is_not_taken_for_deleted(run: Any, shelf: Shelf) -> None:
    server = run(Yahoo(view=VIEW))
    _fill(server, 0, VIEW)
    shelf.poll(_source(server))
    known = dict(shelf.places)
    _fill(server, VIEW, VIEW + 12)  # twelve older ones are no longer shown

    assert all_complete(shelf.poll(_source(server)))

    assert known.items() <= shelf.places.items()
    assert id_of(f"m{VIEW + 10}") in shelf.ids
    assert shelf.states["INBOX"].view_limited
    assert shelf.problems() == {}
    before = dict(shelf.places)
    assert all_complete(shelf.poll(_source(server)))
    assert shelf.places == before


def test_a_deletion_within_the_view_is_still_seen(run: Any, shelf: Shelf) -> None:
    server = run(Yahoo(view=VIEW))
    _fill(server, 0, VIEW)
    shelf.poll(_source(server))
    inbox = server.folders["Inbox"]
    inbox.messages = [m for m in inbox.messages if m.uid != 31]  # m30
    _fill(server, VIEW, VIEW + 8)

    shelf.poll(_source(server))

    assert shelf.folders_of(id_of("m30")) == set()
    assert id_of("m30") in shelf.ids
    assert shelf.folders_of(id_of("m0")) == {"INBOX"}  # only out of sight


def test_the_deletion_of_the_oldest_is_seen_where_nothing_is_limited(
    run: Any, shelf: Shelf
) -> None:
    server = run(Yahoo())
    _fill(server, 0, VIEW - 5)
    shelf.poll(_source(server))
    server.folders["Inbox"].messages.pop(0)

    shelf.poll(_source(server))

    assert shelf.folders_of(id_of("m0")) == set()
    assert not shelf.states["INBOX"].view_limited


# ---- Gmail shows as much of a folder as its owner chose


def test_a_limit_set_later_at_gmail_is_not_taken_for_deletions(run: Any, shelf: Shelf) -> None:
    server = run(Gmail())
    _fill(server, 0, 100)
    shelf.poll(_source(server))
    known = dict(shelf.places)
    server.all_mail.messages = server.all_mail.messages[-VIEW:]

    for _ in range(3):  # held once, then understood
        assert all_complete(shelf.poll(_source(server)))

    assert shelf.places == known
    assert shelf.states["[Gmail]/All Mail"].view_limited
    assert shelf.problems() == {}


def test_what_is_really_deleted_in_mass_is_believed_at_the_second_poll(
    run: Any, shelf: Shelf
) -> None:
    server = run(Gmail())
    _fill(server, 0, 100)
    shelf.poll(_source(server))
    known = dict(shelf.places)
    server.all_mail.messages = server.all_mail.messages[-30:]

    shelf.poll(_source(server))
    assert shelf.places == known
    shelf.poll(_source(server))

    assert len(shelf.places) == 6
    assert len(shelf.ids) == len(known)  # evidence stays
    assert not shelf.states["[Gmail]/All Mail"].view_limited


def test_a_label_more_or_less_at_gmail_moves_nothing(run: Any, shelf: Shelf) -> None:
    server = run(Gmail())
    message = server.put(a_mail("m0"), "\\Inbox", "School")
    shelf.poll(_source(server))
    before = dict(shelf.places)

    server.label(message.thread)
    shelf.poll(_source(server))

    assert shelf.places == before
    assert shelf.arrived == [id_of("m0")]


def test_an_account_over_its_quota_goes_on_where_it_stopped(run: Any, shelf: Shelf) -> None:
    server = run(Gmail(commands_left=12))
    _fill(server, 0, 400)
    with pytest.raises(MailSourceError) as caught:
        shelf.poll(_source(server, limits=replace(LIMITS, view_sizes=(10_000,))))
    assert caught.value.transient
    assert "bandwidth" in caught.value.problem

    server.commands_left = None
    assert all_complete(shelf.poll(_source(server)))

    assert shelf.ids == {id_of(f"m{n}") for n in range(0, 400, 5)}
    assert shelf.problems() == {}


def test_an_original_refused_for_a_while_is_not_taken_for_gone(run: Any, shelf: Shelf) -> None:
    server = run(Gmail())
    _fill(server, 0, 10)
    shelf.poll(_source(server))
    server.commands_left = 4  # enough to open the folder

    with pytest.raises(MailSourceError) as caught:
        list(_source(server).originals(tuple(shelf.places)))

    assert caught.value.transient


@pytest.mark.parametrize("code", ["[UNAVAILABLE] try later", "[INUSE] locked", "Server busy. 15"])
def test_a_server_that_refuses_every_message_for_a_while_loses_none(
    run: Any, shelf: Shelf, code: str
) -> None:
    server = run(Yahoo())
    _fill(server, 0, 60)
    server.script = lambda command: f"TAG NO {code}\r\n".encode() if "FETCH" in command else None

    assert not all_complete(shelf.poll(_source(server)))
    assert shelf.unreadable == []
    server.script = None
    assert all_complete(shelf.poll(_source(server)))

    assert shelf.ids == {id_of(f"m{n}") for n in range(0, 60, 5)}


# ---- Microsoft asks to be left alone, and lets nobody in


def test_microsoft_is_left_alone_for_as_long_as_it_asks(run: Any, shelf: Shelf) -> None:
    server = run(Microsoft(busy_for=92_415))
    with pytest.raises(MailSourceError) as caught:
        shelf.poll(_source(server))

    assert caught.value.transient
    assert caught.value.retry_after_seconds == 92.415


def test_authenticated_but_not_connected_is_tried_again(run: Any, shelf: Shelf) -> None:
    server = run(Microsoft(is_connected=False))
    with pytest.raises(MailSourceError) as caught:
        shelf.poll(_source(server))
    assert caught.value.transient

    server.is_connected = True
    assert all_complete(shelf.poll(_source(server)))


def test_a_bye_without_an_end_is_followed_by_another_session(run: Any, shelf: Shelf) -> None:
    server = run(Microsoft())
    server.folders["INBOX"].put(a_mail("m0"))
    source = _source(server, keep_open=True)
    shelf.poll(source)
    server.folders["INBOX"].put(a_mail("m1"))
    server.hangs_up = True

    assert all_complete(shelf.poll(source))

    assert shelf.ids == {id_of("m0"), id_of("m1")}
    source.close()


def test_a_token_that_microsoft_refuses_is_not_tried_for_ever(run: Any, shelf: Shelf) -> None:
    server = run(Microsoft())
    stale = Credentials(secret="old", mechanism=Mechanism.XOAUTH2)
    endpoint = replace(plainly(server.port, ME), credentials=lambda: stale)

    with pytest.raises(MailSourceError) as caught:
        shelf.poll(a_source(endpoint, limits=LIMITS))

    assert not caught.value.transient


# ---- iCloud and Yahoo


@pytest.mark.parametrize("username", [ME, "parent"])
def test_icloud_takes_either_form_of_the_name(run: Any, shelf: Shelf, username: str) -> None:
    server = run(Icloud())
    server.folders["INBOX"].put(a_mail("m0"))

    shelf.poll(a_source(plainly(server.port, username), limits=LIMITS))

    assert shelf.ids == {id_of("m0")}
    assert not any("ENABLE" in command for command in server.commands)


def test_a_folder_that_yahoo_cannot_open_just_now_is_read_next_time(run: Any, shelf: Shelf) -> None:
    server = run(Yahoo())
    server.folders["Sent"].put(a_mail("asked", sender=ME, to=COUNCIL))
    server.folders["Inbox"].put(a_mail("m0"))
    server.unavailable = 1

    assert not all_complete(shelf.poll(_source(server)))
    assert shelf.problems() != {}
    assert all_complete(shelf.poll(_source(server)))

    assert shelf.ids == {id_of("asked"), id_of("m0")}
    assert shelf.problems() == {}

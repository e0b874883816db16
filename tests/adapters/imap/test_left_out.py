"""What a server leaves out of an answer, or cannot give just now, is asked for again."""

from collections.abc import Iterator

import pytest

from inboxwatch.adapters.imap import ImapSource, Limits
from tests.adapters.imap.conftest import a_mail, a_source, id_of, plainly
from tests.adapters.imap.shelf import Shelf, all_complete
from tests.builders import COUNCIL, ME, WATCH
from tests.fakes_imap import FakeImap, Find, Session, by_nothing, by_substring, running

LIMITS = Limits(calibration=10, batch=10, window=30, read_seconds=5)
OUTSIDER = "desk@casework.example"


@pytest.fixture
def server() -> Iterator[FakeImap]:
    with running(FakeImap()) as fake:
        fake.folder("Sent", "\\Sent")
        fake.folder("INBOX")
        yield fake


@pytest.fixture
def shelf() -> Shelf:
    return Shelf(WATCH)


def _source(server: FakeImap) -> ImapSource:
    return a_source(plainly(server.port, "x"), limits=LIMITS)


class Forgetful(Session):
    """Leaves the messages of some UIDs out of the first answers about them."""

    forgets: dict[int, int] = {}  # noqa: RUF012 - UID to how many times

    def do_fetch(self, rest: str) -> list[bytes] | str:
        said = super().do_fetch(rest)
        if isinstance(said, str) or "BODY" not in rest:
            return said
        kept = []
        for answer in said:
            uid = int(answer.partition(b"UID ")[2].split()[0].strip(b")"))
            if self.forgets.get(uid, 0):
                self.forgets[uid] -= 1
            else:
                kept.append(answer)
        return kept


@pytest.mark.parametrize("first", [True, False], ids=["first scan", "news"])
@pytest.mark.parametrize("count", [5, 150])
def test_a_message_left_out_of_an_answer_is_asked_for_again(
    server: FakeImap, shelf: Shelf, count: int, *, first: bool
) -> None:
    if not first:
        shelf.poll(_source(server))
    server.find = lambda *_about: False  # every header is read
    server.session = type("Once", (Forgetful,), {"forgets": {3: 1, count: 1}})
    for n in range(1, count + 1):
        server.folders["INBOX"].put(a_mail(f"m{n}", sender=COUNCIL if n in (3, count) else ME))

    assert all_complete(shelf.poll(_source(server)))

    assert shelf.ids == {id_of("m3"), id_of(f"m{count}")}
    assert shelf.unreadable == []


def test_a_message_that_is_never_sent_is_put_aside_and_told(server: FakeImap, shelf: Shelf) -> None:
    server.find = lambda *_about: False
    server.session = type("Never", (Forgetful,), {"forgets": {3: 99}})
    for n in range(1, 41):
        server.folders["INBOX"].put(a_mail(f"m{n}"))

    assert all_complete(shelf.poll(_source(server)))

    assert shelf.ids == {id_of(f"m{n}") for n in range(1, 41)} - {id_of("m3")}
    assert [put_aside.location.uid for put_aside in shelf.unreadable] == [3]


def test_answers_wait_for_the_messages_that_they_name(server: FakeImap, shelf: Shelf) -> None:
    """While Sent cannot be read, an answer from elsewhere would not be known for one."""
    server.folders["Sent"].put(a_mail("asked", sender=ME, to=COUNCIL))
    about = f"In-Reply-To: <{id_of('asked')}>"
    server.folders["INBOX"].put(a_mail("answer", sender=OUTSIDER, headers=about))
    server.script = lambda command: (
        b"TAG NO [SERVERBUG] damaged\r\n" if command.startswith('EXAMINE "Sent"') else None
    )

    batches = shelf.poll(_source(server))
    assert not all_complete(batches)
    assert {batch.state.folder for batch in batches} == {"Sent"}
    server.script = None
    assert all_complete(shelf.poll(_source(server)))

    assert shelf.ids == {id_of("asked"), id_of("answer")}
    assert shelf.problems() == {}


@pytest.mark.parametrize("count", [3, 40], ids=["small", "searched"])
@pytest.mark.parametrize("find", [by_substring, by_nothing])
def test_an_answer_to_a_message_that_was_filed_away_is_found(
    server: FakeImap, shelf: Shelf, count: int, find: Find
) -> None:
    """What we sent lies in a folder that is read after the one with the answer."""
    server.find = find
    about = f"In-Reply-To: <{id_of('filed')}>"
    for n in range(count):
        server.folders["INBOX"].put(a_mail(f"f{n}", sender="f@example.net"))
    server.folders["INBOX"].put(a_mail("answer", sender=OUTSIDER, headers=about))
    server.folder("Council").put(a_mail("filed", sender=ME, to=COUNCIL))

    assert all_complete(shelf.poll(_source(server)))

    assert shelf.ids == {id_of("filed"), id_of("answer")}
    assert len(shelf.arrived) == 2
    server.commands.clear()
    assert all_complete(shelf.poll(_source(server)))
    assert not any("EXAMINE" in command for command in server.commands)


def test_an_answer_that_came_before_what_it_answers_was_filed_is_found(
    server: FakeImap, shelf: Shelf
) -> None:
    about = f"In-Reply-To: <{id_of('filed')}>"
    server.folder("Council")
    server.folders["INBOX"].put(a_mail("answer", sender=OUTSIDER, headers=about))
    shelf.poll(_source(server))
    assert shelf.ids == set()
    server.folders["Council"].put(a_mail("filed", sender=ME, to=COUNCIL))

    assert all_complete(shelf.poll(_source(server)))

    assert shelf.ids == {id_of("filed"), id_of("answer")}


def test_a_look_back_that_was_cut_short_is_taken_up(server: FakeImap, shelf: Shelf) -> None:
    about = f"In-Reply-To: <{id_of('filed')}>"
    server.folders["INBOX"].put(a_mail("answer", sender=OUTSIDER, headers=about))
    server.folder("Council").put(a_mail("filed", sender=ME, to=COUNCIL))
    source = _source(server)
    batches = shelf.poll(source, batches=4)  # Sent, INBOX, Council, the word to look back
    source.close()
    assert batches[-1].state.scan_cursor is not None
    assert shelf.ids == {id_of("filed")}

    assert all_complete(shelf.poll(_source(server)))

    assert shelf.ids == {id_of("filed"), id_of("answer")}


def test_moving_what_was_sent_makes_nobody_look_back(server: FakeImap, shelf: Shelf) -> None:
    server.folder("Council")
    for n in range(8):
        server.folders["Sent"].put(a_mail(f"s{n}", sender=ME, to="f@example.net"))
    server.folders["Sent"].put(a_mail("asked", sender=ME, to=COUNCIL))
    server.folders["INBOX"].put(a_mail("news"))
    shelf.poll(_source(server))
    server.folders["Council"].put(server.folders["Sent"].messages.pop().raw)
    server.commands.clear()

    assert all_complete(shelf.poll(_source(server)))

    assert shelf.folders_of(id_of("asked")) == {"Council"}
    assert not any('EXAMINE "INBOX"' in command for command in server.commands)


def test_a_folder_that_never_could_be_read_fails_no_more_once_it_is_gone(
    server: FakeImap, shelf: Shelf
) -> None:
    server.folder("Old")
    server.script = lambda command: (
        b"TAG NO no\r\n" if command.startswith('EXAMINE "Old"') else None
    )
    shelf.poll(_source(server))
    assert "Old" in shelf.problems()
    del server.folders["Old"]

    assert all_complete(shelf.poll(_source(server)))

    assert shelf.problems() == {}
    assert shelf.states["Old"].failing_since is None

"""Servers with manners of their own: Gmail, Exchange, iCloud, Yahoo, and plainly broken ones."""

from collections.abc import Iterator

import pytest

from inboxwatch.adapters.imap import FolderChoices, ImapSource, Limits
from inboxwatch.domain.errors import MailSourceError
from inboxwatch.domain.message import FolderRole
from tests.adapters.imap.conftest import a_mail, a_source, id_of, plainly
from tests.adapters.imap.shelf import Shelf, all_complete
from tests.builders import COUNCIL, ME, WATCH
from tests.fakes_imap import FakeImap, FakeMessage, by_display_name, by_nothing, running

SMALL = Limits(calibration=20, batch=10, window=30, read_seconds=5)


@pytest.fixture
def server() -> Iterator[FakeImap]:
    with running(FakeImap()) as fake:
        yield fake


def _source(server: FakeImap, **changes: object) -> ImapSource:
    options: dict[str, object] = {"limits": SMALL, **changes}
    return a_source(plainly(server.port, "x"), **options)


def _year(server: FakeImap) -> set[str]:
    """A Sent and an INBOX of 120 messages, every twelfth the council's and two decoys."""
    server.folder("Sent", "\\sent").put(a_mail("asked", sender=ME, to=COUNCIL))
    inbox = server.folder("INBOX")
    for n in range(120):
        sender = COUNCIL if n % 12 == 0 else f"Friend {n % 5} <f{n}@example{n % 5}.net>"
        inbox.put(a_mail(f"m{n}", sender=sender if n % 50 != 7 else "x@notkent.gov.uk"))
    return {id_of("asked"), *(id_of(f"m{n}") for n in range(0, 120, 12))}


def _gmail(server: FakeImap) -> None:
    server.capabilities = "IMAP4rev1 UNSELECT X-GM-EXT-1 ID"
    server.folder("INBOX")
    server.folder("[Gmail]", "\\Noselect")
    server.folder("[Gmail]/All Mail", "\\All")
    server.folder("[Gmail]/Drafts", "\\Drafts")
    server.folder("[Gmail]/Sent Mail", "\\Sent")
    server.folder("[Gmail]/Spam", "\\Junk")
    server.folder("[Gmail]/Bin", "\\Trash")
    server.folder("[Gmail]/Starred", "\\Flagged")
    server.folder("Label")


def test_gmail_is_read_once_in_all_mail(server: FakeImap) -> None:
    _gmail(server)
    everything = server.folders["[Gmail]/All Mail"]
    everything.put(a_mail("asked", sender=ME, to=COUNCIL), labels='"\\\\Sent"', thread=77)
    everything.put(a_mail("draft", sender=ME, to=COUNCIL), labels='"\\\\Draft"', thread=78)
    about = f"In-Reply-To: <{id_of('asked')}>"
    everything.put(
        a_mail("answer", sender="desk@casework.example", headers=about), labels="{5}\r\n\\Inbo"
    )
    server.folders["[Gmail]/Spam"].put(a_mail("spam"), thread=79)
    server.folders["INBOX"].put(a_mail("copy"))
    shelf = Shelf(WATCH)

    batches = shelf.poll(_source(server))

    assert shelf.ids == {id_of("asked"), id_of("answer"), id_of("spam")}
    assert {b.state.folder: b.state.role for b in batches} == {
        "[Gmail]/All Mail": FolderRole.ALL,
        "[Gmail]/Spam": FolderRole.JUNK,
        "[Gmail]/Bin": FolderRole.TRASH,
    }
    assert shelf.messages[id_of("asked")].thread_keys == ("gmail:77",)
    (place,) = shelf.messages[id_of("asked")].locations
    assert (place.folder, place.role) == ("[Gmail]/All Mail", FolderRole.SENT)


def test_gmail_searches_in_its_own_words_too(server: FakeImap) -> None:
    _gmail(server)
    everything = server.folders["[Gmail]/All Mail"]
    for n in range(60):
        sender = COUNCIL if n % 9 == 0 else "friend@example.net"
        everything.put(a_mail(f"m{n}", sender=sender), thread=n)
    everything.put(a_mail("asked", sender=ME, to=COUNCIL), thread=99)
    about = f"References: <{id_of('asked')}>"
    everything.put(a_mail("answer", sender="desk@casework.example", headers=about))
    shelf = Shelf(WATCH)

    shelf.poll(_source(server))

    expected = {id_of(f"m{n}") for n in range(0, 60, 9)} | {id_of("asked"), id_of("answer")}
    assert shelf.ids == expected
    assert any("X-GM-RAW" in command for command in server.commands)
    assert shelf.states["[Gmail]/All Mail"].search_trusted is True


@pytest.mark.parametrize("find", [by_nothing, by_display_name])
def test_a_search_that_finds_too_little_is_found_out(server: FakeImap, find: object) -> None:
    expected = _year(server)
    server.find = find  # type: ignore[assignment]
    shelf = Shelf(WATCH)

    assert all_complete(shelf.poll(_source(server)))

    assert shelf.ids == expected
    assert shelf.states["INBOX"].search_trusted is False


@pytest.mark.parametrize(
    ("greeting", "capability"),
    [("The Microsoft Exchange IMAP4 service is ready.", ""), ("ready", " XAPPLEPUSHSERVICE")],
)
def test_servers_known_to_search_badly_are_not_asked(
    server: FakeImap, greeting: str, capability: str
) -> None:
    expected = _year(server)
    server.greeting = greeting
    server.capabilities += capability + " QRESYNC CONDSTORE ENABLE ESEARCH"
    shelf = Shelf(WATCH)

    shelf.poll(_source(server))

    assert shelf.ids == expected
    assert not any("SEARCH" in command for command in server.commands)
    assert not any("ENABLE" in command for command in server.commands)


def test_a_view_limit_is_no_deletion(server: FakeImap) -> None:
    _year(server)
    shelf = Shelf(WATCH)
    shelf.poll(_source(server))
    places = dict(shelf.places)
    whole = server.folders["INBOX"].messages
    server.folders["INBOX"].messages = whole[-40:]

    shelf.poll(_source(server))
    assert shelf.places == places

    server.folders["INBOX"].messages = whole
    shelf.poll(_source(server))
    assert shelf.places == places
    assert shelf.problems() == {}


@pytest.mark.parametrize("limits", [SMALL, Limits()], ids=["by search", "by headers"])
def test_a_message_that_the_server_refuses_is_put_aside_alone(
    server: FakeImap, limits: Limits
) -> None:
    expected = _year(server)
    server.folders["INBOX"].messages[24].refused = True
    server.folders["INBOX"].messages[36].structure = '("TEXT" "PL"AIN" NIL)'
    shelf = Shelf(WATCH)

    batches = shelf.poll(_source(server, limits=limits))

    assert shelf.ids == expected - {id_of("m24")}
    assert [found.location.uid for found in shelf.unreadable] == [25]
    assert all_complete(batches)
    assert shelf.messages[id_of("m36")].own_text == "Words of m36."


def test_a_new_message_that_the_server_refuses_holds_up_no_other(server: FakeImap) -> None:
    expected = _year(server)
    shelf = Shelf(WATCH)
    shelf.poll(_source(server))
    server.folders["INBOX"].put(a_mail("broken"), refused=True)
    server.folders["INBOX"].put(a_mail("news"))

    assert all_complete(shelf.poll(_source(server)))

    assert shelf.ids == expected | {id_of("news")}
    assert [found.location.uid for found in shelf.unreadable] == [121]


def test_throttling_stops_the_poll_and_says_for_how_long(server: FakeImap) -> None:
    _year(server)
    server.script = lambda command: (
        b"TAG NO Request is throttled. Suggested Backoff Time: 5000 milliseconds\r\n"
        if command.startswith("EXAMINE")
        else None
    )
    shelf = Shelf(WATCH)

    with pytest.raises(MailSourceError) as caught:
        shelf.poll(_source(server))

    assert caught.value.transient
    assert caught.value.retry_after_seconds == 5


def test_unasked_for_answers_do_no_harm(server: FakeImap) -> None:
    expected = _year(server)
    noise = (
        b"* 3 EXPUNGE\r\n* 3 EXPUNGE\r\n* 1 FETCH (FLAGS (\\Seen))\r\n"
        b"* 2 FETCH (UID 2 FLAGS ())\r\n"
        b"* OK still here {5}\r\n* FLAGS (\\Seen)\r\n* 120 EXISTS\r\n"
    )
    original = server.answer
    server.answer = lambda session, line: (  # type: ignore[method-assign]
        (noise if " FETCH " in line else b"") + original(session, line)
    )
    shelf = Shelf(WATCH)

    assert all_complete(shelf.poll(_source(server)))
    server.folders["INBOX"].put(a_mail("news"))
    assert all_complete(shelf.poll(_source(server)))

    assert shelf.ids == expected | {id_of("news")}
    assert shelf.unreadable == []


def test_a_uidvalidity_that_changes_each_time_doubles_nothing(server: FakeImap) -> None:
    expected = _year(server)
    shelf = Shelf(WATCH)
    for number in range(3):
        server.folders["INBOX"].uidvalidity = 100 + number
        assert all_complete(shelf.poll(_source(server)))

    assert shelf.ids == expected
    assert {p.uidvalidity for p in shelf.places if p.folder == "INBOX"} == {102}
    assert len(shelf.places) == len(expected)


def test_uids_far_apart_are_read_all_the_same(server: FakeImap) -> None:
    server.folder("Sent", "\\Sent")
    uids = [743_024_218, 743_031_306, 4_000_000_000]
    inbox = server.folder("INBOX", uidvalidity=9)
    inbox.messages = [FakeMessage(uid=uid, raw=a_mail(f"m{uid}")) for uid in uids[:2]]
    shelf = Shelf(WATCH)
    shelf.poll(_source(server))
    inbox.messages.append(FakeMessage(uid=uids[2], raw=a_mail(f"m{uids[2]}")))

    shelf.poll(_source(server))

    assert shelf.ids == {id_of(f"m{uid}") for uid in uids}


def test_folders_are_known_by_flag_word_and_name(server: FakeImap) -> None:
    for name, flags in (
        ("Inbox", ""), ("Sent Items", ""), ("Sent Messages", ""), ("Anfonwyd", ""),
        ("[Google Mail]", "\\Noselect"), ("[Google Mail]/Sent Mail", ""),
        ("[Google Mail]/Bin", ""), ("INBOX/Sent", ""), ("Imported/Sent", ""),
        ("Outgoing", "\\SENT"), ("Meine Post", ""), ("Drafts", ""), ("Brouillons", ""),
        ("Junk E-mail", ""), ("Deleted Items", ""), ("Private", ""), ("Archiv", "\\archive"),
        ("Starred", "\\Flagged"),
    ):  # fmt: skip
        server.folder(name, flags)
    server.folder("Entwürfe", raw_name="Entw&APw-rfe")
    server.folder("Cŵn & cathod", raw_name="C&AXU-n &- cathod")
    server.folder("bad", raw_name="&bad")
    choices = FolderChoices(sent=("Meine Post",), excluded=("private",))

    found = dict(_source(server, choices=choices).folders())

    sent = {name for name, role in found.items() if role is FolderRole.SENT}
    assert sent == {
        "Sent Items", "Sent Messages", "Anfonwyd", "[Google Mail]/Sent Mail", "INBOX/Sent",
        "Outgoing", "Meine Post",
    }  # fmt: skip
    assert next(iter(found.values())) is FolderRole.SENT
    assert found["INBOX"] is FolderRole.INBOX
    assert found["Imported/Sent"] is FolderRole.USER
    assert found["Cŵn & cathod"] is FolderRole.USER
    assert found["Junk E-mail"] is FolderRole.JUNK
    assert found["Deleted Items"] is found["[Google Mail]/Bin"] is FolderRole.TRASH
    assert found["Archiv"] is FolderRole.ARCHIVE
    assert not {"Drafts", "Brouillons", "Entwürfe", "Private", "Starred"} & set(found)
    assert any("bad" in name for name in found)


def test_an_answer_to_a_message_of_ours_that_comes_in_the_same_poll_is_read(
    server: FakeImap,
) -> None:
    """In All Mail what we wrote may stand behind what answers it."""
    _gmail(server)
    everything, shelf = server.folders["[Gmail]/All Mail"], Shelf(WATCH)
    everything.put(a_mail("first"))
    source = _source(server, keep_open=True)
    shelf.poll(source)
    about = f"In-Reply-To: <{id_of('asked')}>"
    everything.put(a_mail("answer", sender="desk@casework.example", headers=about))
    everything.put(a_mail("asked", sender=ME, to=COUNCIL), labels='"\\\\Sent"')

    shelf.poll(source)
    source.close()

    assert shelf.ids == {id_of(name) for name in ("first", "asked", "answer")}

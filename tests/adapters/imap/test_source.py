"""Polling a real Dovecot: what is found, what is left alone, what it costs."""

from datetime import UTC, datetime, timedelta

from inboxwatch.domain.message import FolderRole
from tests.adapters.imap.conftest import Home, a_mail, id_of
from tests.adapters.imap.proxy import proxied
from tests.adapters.imap.shelf import all_complete
from tests.builders import COUNCIL, ME

OUTSIDER = "tickets@casework.example"


def test_every_folder_is_read_but_drafts(home: Home) -> None:
    for folder in ("Junk", "Archive", "Trash", "Drafts", "Ysgol ŵyr & co", "Sent/2025"):
        home.server.create_folder(home.user, folder)
    home.put_sent("asked")
    home.put("inbox")
    home.put("junk", folder="Junk")
    home.put("archive", folder="Archive")
    home.put("trash", folder="Trash")
    home.put("welsh", folder="Ysgol ŵyr & co")
    home.put("below", folder="Sent/2025")
    home.put("draft", folder="Drafts", sender=ME, to=COUNCIL)

    batches = home.shelf.poll(home.source())

    names = ("asked", "inbox", "junk", "archive", "trash", "welsh", "below")
    assert home.shelf.ids == {id_of(name) for name in names}
    assert all_complete(batches)
    assert batches[0].state.folder == "Sent"
    roles = {name: state.role for name, state in home.shelf.states.items()}
    assert roles == {
        "Sent": FolderRole.SENT,
        "INBOX": FolderRole.INBOX,
        "Junk": FolderRole.JUNK,
        "Archive": FolderRole.ARCHIVE,
        "Trash": FolderRole.TRASH,
        "Ysgol ŵyr & co": FolderRole.USER,
        "Sent/2025": FolderRole.USER,
    }


def test_the_message_is_what_the_reader_makes_of_its_parts(home: Home) -> None:
    when = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
    home.put("reply", body="We have looked at it.", at=when)

    home.shelf.poll(home.source())

    (message,) = home.shelf.messages.values()
    assert message.own_text == "We have looked at it."
    assert message.sender is not None
    assert message.sender.address == COUNCIL
    assert message.received_at == when
    assert message.size > 200


def test_look_alikes_of_a_council_are_not_read(home: Home) -> None:
    home.put("suffix", sender="x@notkent.gov.uk")
    home.put("prefix", sender="x@kent.gov.uk.phish.example")
    home.put("display", sender='"send@kent.gov.uk" <x@phish.example>')
    home.put("bare-display", sender="send@kent.gov.uk <x@phish.example>")
    home.put("subject", sender="friend@example.net", subject="kent.gov.uk")
    home.put("below", sender="officer@mail.kent.gov.uk")
    home.put("copied", sender="friend@example.net", headers="Cc: Send <SEND@KENT.GOV.UK>")

    home.shelf.poll(home.source())

    assert home.shelf.ids == {id_of("below"), id_of("copied")}


def test_an_answer_from_elsewhere_is_read_when_it_names_our_message(home: Home) -> None:
    home.put_sent("asked")
    home.put("answer", sender=OUTSIDER, headers=f"In-Reply-To: <{id_of('asked')}>")
    home.put("other", sender=OUTSIDER, headers="In-Reply-To: <another@mail.example.org>")

    home.shelf.poll(home.source())

    assert home.shelf.ids == {id_of("asked"), id_of("answer")}


def test_our_answer_to_a_reminder_is_read_in_sent(home: Home) -> None:
    reminder = "reminder@inboxwatch.example"
    home.shelf.reminders.add(reminder)
    home.put_sent("done", to=ME, headers=f"In-Reply-To: <{reminder}>")
    home.put_sent("private", to="friend@example.net")

    home.shelf.poll(home.source())

    assert home.shelf.ids == {id_of("done")}


def test_a_report_is_read_when_it_is_about_our_message(home: Home) -> None:
    home.put_sent("asked")
    for name, about in (("ours", id_of("asked")), ("other", "x@y.example")):
        home.put(
            name,
            sender="MAILER-DAEMON@mail.example.org",
            headers="Content-Type: multipart/report; report-type=delivery-status; boundary=b",
            body="--b\r\nContent-Type: text/plain\r\n\r\nNot delivered.\r\n"
            "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
            "Reporting-MTA: dns; mail.example.org\r\n\r\n"
            "Final-Recipient: rfc822; someone@elsewhere.example\r\nAction: failed\r\n"
            "Status: 5.1.1\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
            f"From: {ME}\r\nMessage-ID: <{about}>\r\nSubject: Where is it?\r\n\r\nWords\r\n--b--",
        )

    home.shelf.poll(home.source())

    assert home.shelf.ids == {id_of("asked"), id_of("ours")}
    report = home.shelf.messages[id_of("ours")].report
    assert report is not None
    assert report.original_message_id == id_of("asked")
    assert report.recipients[0].status == "5.1.1"


def test_a_poll_without_news_costs_one_turn_and_little(home: Home) -> None:
    home.put_all(a_mail(f"m{number}") for number in range(30))
    home.put_sent("asked")
    with proxied(home.server.port) as proxy:
        source = home.source(port=proxy.port, keep_open=True)
        home.shelf.poll(source)
        before = dict(home.shelf.states)
        home.shelf.poll(source)  # it leaves the last folder of the first poll
        proxy.reset()

        batches = home.shelf.poll(source)

        assert proxy.turns == 1
        assert proxy.bytes_up + proxy.bytes_down < 600
        assert all_complete(batches)
        assert {batch.state.folder: batch.state for batch in batches} == before
        assert proxy.connections == 1
        source.close()


def test_new_mail_is_found_in_three_turns(home: Home) -> None:
    home.put_all(a_mail(f"m{number}") for number in range(10))
    with proxied(home.server.port) as proxy:
        source = home.source(port=proxy.port, keep_open=True)
        home.shelf.poll(source)
        home.put_all(a_mail(f"friend{n}", sender="friend@example.net") for n in range(9))
        home.put("news")
        proxy.reset()

        batches = home.shelf.poll(source)

        assert proxy.turns == 3
        assert home.shelf.arrived[10:] == [id_of("news")]
        assert sum(batch.scanned for batch in batches) == 10
        assert all_complete(batches)
        source.close()


def test_what_new_mail_names_is_looked_up_together(home: Home) -> None:
    """So that a poll with a little news need not load every id that is stored."""
    home.put_sent("asked")
    source = home.source(keep_open=True)
    home.shelf.poll(source)
    home.shelf.surprises.clear()
    home.put("answer", sender=OUTSIDER, headers=f"In-Reply-To: <{id_of('asked')}>")
    names = "References: <one@mail.example.org>\r\n <two@mail.example.org>"
    home.put("other", sender=OUTSIDER, headers=names)
    home.put_sent("second")

    home.shelf.poll(source)

    assert home.shelf.surprises == []
    named = {id_of("asked"), "one@mail.example.org", "two@mail.example.org"}
    assert home.shelf.announced >= named
    assert home.shelf.ids == {id_of("asked"), id_of("answer"), id_of("second")}


def test_much_new_mail_is_read_in_windows_oldest_first(home: Home) -> None:
    home.put_sent("asked")
    home.shelf.poll(home.source())
    council = [n for n in range(150) if n % 10 == 0]
    home.put_all(
        a_mail(f"c{n}", sender=COUNCIL if n in council else "friend@example.net")
        for n in range(150)
    )

    home.shelf.poll(home.source())

    assert home.shelf.arrived[1:] == [id_of(f"c{n}") for n in council]
    assert home.shelf.states["INBOX"].uidnext == 151


def test_a_move_takes_the_place_away_and_gives_the_new_one(home: Home) -> None:
    home.server.create_folder(home.user, "School")
    home.put_all(a_mail(f"m{number}") for number in range(9))
    home.shelf.poll(home.source())
    with home.server.login(home.user) as client:
        client.select_folder("INBOX")
        client.move([4], "School")

    home.shelf.poll(home.source())

    assert home.shelf.folders_of(id_of("m3")) == {"School"}
    assert len(home.shelf.ids) == 9


def test_a_deleted_message_loses_its_place_and_stays_known(home: Home) -> None:
    home.put_all(a_mail(f"m{number}") for number in range(9))
    home.shelf.poll(home.source())
    _delete(home, [2])

    home.shelf.poll(home.source())

    assert home.shelf.folders_of(id_of("m1")) == set()
    assert len(home.shelf.places) == 8
    assert id_of("m1") in home.shelf.ids


def test_a_deletion_is_seen_though_mail_came_at_the_same_time(home: Home) -> None:
    home.put_all(a_mail(f"m{number}") for number in range(9))
    home.shelf.poll(home.source())
    _delete(home, [2])
    home.put("news")

    home.shelf.poll(home.source())

    assert home.shelf.folders_of(id_of("m1")) == set()
    assert home.shelf.folders_of(id_of("news")) == {"INBOX"}


def test_a_mass_loss_is_believed_only_when_seen_twice(home: Home) -> None:
    home.put_all(a_mail(f"m{number}") for number in range(9))
    home.shelf.poll(home.source())
    _delete(home, list(range(1, 8)))

    batches = home.shelf.poll(home.source())

    assert len(home.shelf.places) == 9
    assert "INBOX" in home.shelf.problems()
    assert all_complete(batches)

    home.shelf.poll(home.source())

    assert len(home.shelf.places) == 2
    assert home.shelf.problems() == {}


def test_the_horizon_leaves_older_mail_unread(home: Home) -> None:
    now = datetime.now(UTC)
    home.put("old", at=now - timedelta(days=90))
    home.put("recent", at=now - timedelta(days=5))
    home.shelf.since = now - timedelta(days=30)

    home.shelf.poll(home.source())

    assert home.shelf.ids == {id_of("recent")}


def _delete(home: Home, uids: list[int]) -> None:
    with home.server.login(home.user) as client:
        client.select_folder("INBOX")
        client.delete_messages(uids)
        client.expunge()

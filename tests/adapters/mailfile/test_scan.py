"""Which messages a scan of mail files finds, how it times them and what it counts."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from inboxwatch.domain.bodies import Watch, body_for
from inboxwatch.domain.message import FolderRole
from tests.mail_files import COUNCIL, ME, NOW, START, ids, mail, mbox, scan, write

SHOP = "news@shop.example"
REPORT = "Content-Type: multipart/report; boundary=r\n"


def test_only_mail_of_watched_bodies_is_found_and_all_of_it_counted(tmp_path: Path) -> None:
    path = write(
        tmp_path / "Inbox",
        mbox(
            mail(1, sender=SHOP, to=ME),
            mail(2, sender=f"SEND <{COUNCIL}>", to=ME),
            mail(3, sender="a@mail.kent.gov.uk", to=ME),
            mail(4, sender="a@notkent.gov.uk", to=ME),
            mail(5, sender="a@kent.gov.uk.phish.example", to=ME),
            mail(6, sender=f'"{COUNCIL}" <x@evil.example>', to=ME),
            mail(7, sender=SHOP, to=f"{ME},\n b@example.net,\n\tSEND@KENT.GOV.UK"),
            mail(8, sender=SHOP, to=ME, extra=f"Cc: c@example.net, {COUNCIL}\n"),
        ),
    )

    found = scan(path)

    assert ids(found) == ["m2", "m3", "m7", "m8"]
    assert found.scanned == 8
    assert found.folders == ("Inbox",)
    assert found.messages[0].locations[0].uid == 2


def test_a_council_is_found_behind_two_thousand_other_recipients(tmp_path: Path) -> None:
    others = ",\n ".join(f"friend{number}@example.net" for number in range(2_000))
    path = write(tmp_path / "Sent", mbox(mail(1, to=f"{others},\n {COUNCIL}")))

    assert ids(scan(path)) == ["m1"]


def test_a_byte_order_mark_hides_neither_a_message_nor_its_sender(tmp_path: Path) -> None:
    mark = b"\xef\xbb\xbf"
    write(tmp_path / "letters" / "1.eml", mark + mail(1))
    write(tmp_path / "Sent", mark + mbox(mail(2), mail(3)))

    found = scan(tmp_path)

    assert ids(found) == ["m1", "m2", "m3"]
    assert {message.sender.address for message in found.messages if message.sender} == {ME}
    assert not found.unreadable


def test_a_stranger_s_answer_is_found_wherever_it_lies(tmp_path: Path) -> None:
    answer = mail(3, sender="officer@trust.example", to=ME, extra="In-Reply-To: <m1@example.org>\n")
    other = mail(4, sender=SHOP, to=ME, extra="References: <m9@example.org>\n <m8@x.example>\n")
    named = mail(5, sender=SHOP, to=ME, extra="References: <m9@example.org>\n\t<m1@example.org>\n")
    write(tmp_path / "Inbox", mbox(answer, other, named))
    write(tmp_path / "Sent", mbox(mail(1)))

    found = scan(tmp_path / "Inbox", tmp_path / "Sent")

    assert sorted(ids(found)) == ["m1", "m3", "m5"]
    assert found.scanned == 4


def test_reports_are_found(tmp_path: Path) -> None:
    write(
        tmp_path / "Inbox",
        mbox(
            mail(1, sender="Mail <MAILER-DAEMON@mx.example>", to=ME),
            mail(2, sender="postmaster@mx.example", to=ME),
            mail(
                3, sender="robot@mx.example", to=ME, extra=REPORT,
                body="--r\nContent-Type: message/delivery-status\n\n"
                "Final-Recipient: rfc822; a@b.example\nAction: failed\n--r--\n",
            ),
        ),
    )  # fmt: skip

    assert ids(scan(tmp_path)) == ["m1", "m2", "m3"]


def test_the_same_message_in_several_folders_is_one_with_every_place(tmp_path: Path) -> None:
    for folder in ("Inbox", "Sent", "Archive"):
        write(tmp_path / folder, mbox(mail(1)))

    (message,) = scan(tmp_path).messages

    assert {place.folder for place in message.locations} == {"Inbox", "Sent", "Archive"}
    assert {place.role for place in message.locations} == {
        FolderRole.INBOX, FolderRole.SENT, FolderRole.ARCHIVE,
    }  # fmt: skip


def test_a_truncated_mbox_is_read_to_its_end_and_the_stump_is_quarantined(tmp_path: Path) -> None:
    mails = (mail(1), mail(2, sender=COUNCIL, to=ME), mail(3, sender=COUNCIL, to=ME))
    whole = mbox(*mails, line=b"From -")

    found = scan(write(tmp_path / "Inbox", whole[: whole.rfind(b"Date:")]))

    assert ids(found) == ["m1", "m2"]
    assert found.scanned == 3
    assert [each.reason for each in found.unreadable] == ["no believable date"]


def test_an_mbox_whose_beginning_is_lost_is_counted_as_unreadable(tmp_path: Path) -> None:
    found = scan(write(tmp_path / "Inbox.mbox", b"half a letter\n\n" + mbox(mail(1))))

    assert ids(found) == ["m1"]
    assert "beginning of the file is lost" in found.unreadable[0].reason


def test_a_candidate_that_cannot_be_read_is_quarantined_with_its_place(tmp_path: Path) -> None:
    undated = mail(1).replace(b"Date:", b"X-Date:")

    found = scan(
        write(tmp_path / "a.eml", undated),
        write(tmp_path / "b.eml", mail(2)),
    )

    assert ids(found) == ["m2"]
    assert found.unreadable[0].reason == "no believable date"
    assert found.unreadable[0].location.account.endswith("a.eml")


def test_a_separator_s_date_stands_in_for_one_that_is_missing(tmp_path: Path) -> None:
    undated = mail(1).replace(b"Date:", b"X-Date:")
    for line in (
        b"From x@example.org Tue Mar  3 10:00:00 2026",
        b"From - Tue Mar  3 10:00:00 2026",
    ):
        (message,) = scan(write(tmp_path / "Sent", mbox(undated, line=line))).messages
        assert message.at == START + timedelta(days=1, hours=1)


def test_a_program_s_separator_never_moves_a_sent_message(tmp_path: Path) -> None:
    copied = mbox(mail(1), line=b"From - Fri May 29 10:00:00 2026")

    assert scan(write(tmp_path / "Sent", copied)).messages[0].at == START + timedelta(days=1)


def test_a_message_of_60_mb_is_read_to_a_bound_and_its_size_told(tmp_path: Path) -> None:
    long = mail(1, body="Please answer.\n" + "A" * 60_000_000)

    (message,) = scan(write(tmp_path / "Sent", mbox(long))).messages

    assert message.own_text.startswith("Please answer.")
    assert message.size >= 60_000_000


def test_received_mail_counts_from_its_headers_before_the_separator(tmp_path: Path) -> None:
    hop = "Received: from a by b; Wed, 4 Mar 2026 10:00:00 +0000\n"
    line = b"From x@example.org Thu Mar 26 09:00:00 2026"
    path = write(
        tmp_path / "Inbox",
        mbox(mail(2, sender=COUNCIL, to=ME, extra=hop), mail(3, sender=COUNCIL, to=ME), line=line),
    )

    first, second = scan(path).messages

    assert first.at == START + timedelta(days=2, hours=1)
    assert second.at == START + timedelta(days=24)


def test_the_newest_plausible_time_of_all_mail_is_told(tmp_path: Path) -> None:
    path = write(
        tmp_path / "Inbox",
        mbox(
            mail(1),
            mail(2, sender=SHOP, to=ME, day=20),
            mail(3, sender=SHOP, to=ME, day=60),  # after the file was written
            mail(4, sender=SHOP, to=ME, day=27_000),
        ),
        age=NOW - (START + timedelta(days=21)),
    )

    assert scan(path).newest_at == START + timedelta(days=20)


def test_a_file_older_than_all_its_mail_does_not_hide_the_newest_time(tmp_path: Path) -> None:
    path = write(tmp_path / "Inbox", mbox(mail(1), mail(2)), age=timedelta(days=9_000))

    assert scan(path).newest_at == START + timedelta(days=2)


def test_who_wrote_to_the_body_is_a_hint_at_whose_mail_it_is(tmp_path: Path) -> None:
    path = write(
        tmp_path / "Sent", mbox(mail(1), mail(2), mail(3, sender="other@example.org"), mail(2))
    )

    assert scan(path).writers == ((ME, 2), ("other@example.org", 1))


def test_without_a_watch_every_message_is_found(tmp_path: Path) -> None:
    path = write(tmp_path / "list.mbox", mbox(mail(1), mail(2, sender=SHOP, to=ME)))

    assert ids(scan(path, watch=None)) == ["m1", "m2"]


def test_many_watched_bodies_cost_no_message(tmp_path: Path) -> None:
    bodies = tuple(body_for(f"council{n}.gov.uk") for n in range(300))
    watch = Watch(
        bodies=bodies,
        own_addresses=frozenset({ME}),
        learned=(("trust.example", "council1.gov.uk"),),
    )
    path = write(
        tmp_path / "Inbox",
        mbox(
            mail(1, to="send@council299.gov.uk"), mail(2, sender=SHOP, to=ME),
            mail(3, sender="a@x.trust.example", to=ME),
        ),
    )  # fmt: skip

    assert ids(scan(path, watch=watch)) == ["m1", "m3"]


def test_an_answer_without_any_date_comes_just_after_what_it_names(tmp_path: Path) -> None:
    """It may be the answer, so it has to be seen; who wrote it does not matter."""
    for number, sender in enumerate((COUNCIL, "nurse@trust.example"), 7):
        names = "In-Reply-To: <m1@example.org>\n"
        answer = mail(number, sender=sender, to=ME, extra=names).replace(b"Date:", b"X-Date:")
        write(tmp_path / f"{number}.eml", answer)
    write(tmp_path / "1.eml", mail(1))

    found = scan(tmp_path)

    assert not found.unreadable
    assert ids(found) == ["m1", "m7", "m8"]
    question, *answers = found.messages
    for one in answers:
        assert one.is_undated
        assert one.at - question.at == timedelta(microseconds=1)
        assert (one.date, one.received_at) == (None, None)
        assert "it has no Date" in one.defects


def test_what_has_no_date_and_no_place_in_time_is_unreadable(tmp_path: Path) -> None:
    """Mail of our own would start a clock; what names nothing that is known hangs in the air."""
    ours = mail(2, extra="In-Reply-To: <m1@example.org>\n")
    lost = mail(3, sender=COUNCIL, to=ME, extra="In-Reply-To: <m99@example.org>\n")
    write(tmp_path / "1.eml", mail(1))
    for number, letter in enumerate((ours, lost, mail(4, sender=COUNCIL, to=ME)), 2):
        write(tmp_path / f"{number}.eml", letter.replace(b"Date:", b"X-Date:"))

    found = scan(tmp_path)

    assert ids(found) == ["m1"]
    assert [one.reason for one in found.unreadable] == ["no believable date"] * 3
    assert all("eml" in one.location.folder for one in found.unreadable)

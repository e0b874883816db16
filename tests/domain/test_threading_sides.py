"""Whose message counts at which council mailbox."""

from dataclasses import replace

import pytest

from inboxwatch.domain.bodies import Watch, body_for
from inboxwatch.domain.message import Address
from inboxwatch.domain.threading import assemble
from inboxwatch.domain.threads import LinkKind, Standing
from tests.builders import (
    COMPLAINTS,
    COUNCIL,
    COUNCILLOR,
    ME,
    MEDWAY,
    OFFICER,
    WATCH,
    a_thread,
    assembled,
    from_council,
    from_us,
    link,
    placed,
)


@pytest.mark.parametrize(
    "subject",
    [
        "RE: Annual review for Sam",
        "[Ref: 100064] Re: Annual review for Sam",
        "CRM:0100037 - RE: Annual review for Sam",
        "Annual review for Sam [Case 100102]",
        "Re: [EXTERNAL] Annual review for Sam",
    ],
)
def test_the_same_subject_at_the_same_body_places_an_answer(subject: str) -> None:
    asked = from_us("2026-03-02 09:00")
    answer = from_council("2026-03-08 09:00", subject=subject, sender=OFFICER)

    assert link(a_thread(asked, answer), answer) is LinkKind.SUBJECT


def test_the_same_subject_from_another_body_places_nothing() -> None:
    asked = from_us("2026-03-02 09:00")
    other = from_council("2026-03-08 09:00", sender=MEDWAY)

    assembly = assembled(asked, other)

    assert len(assembly.threads[0].placed) == 1
    assert [u.body for u in assembly.unplaced] == ["medway.gov.uk"]


def test_one_message_to_two_bodies_makes_a_thread_of_each_with_its_own_answers() -> None:
    asked = from_us("2026-03-02 09:00", to=(COUNCIL, MEDWAY))
    answer = from_council("2026-03-05 09:00", to=asked, sender=MEDWAY)

    by_box = {t.council_mailbox.address: t for t in assembled(asked, answer).threads}

    assert len(by_box[COUNCIL].placed) == 1
    assert len(by_box[MEDWAY].placed) == 2


def test_one_message_to_two_mailboxes_of_a_body_shares_the_answer() -> None:
    asked = from_us("2026-03-02 09:00", to=(COUNCIL, COMPLAINTS))
    answer = from_council("2026-03-05 09:00", to=asked)

    assert [len(t.placed) for t in assembled(asked, answer).threads] == [2, 2]


def test_an_address_elsewhere_answers_when_its_references_say_so() -> None:
    asked = from_us("2026-03-02 09:00")
    answer = from_council("2026-03-05 09:00", to=asked, sender="team@outsourced.example")

    found = placed(a_thread(asked, answer), answer)

    assert found.standing is Standing.COUNTS
    assert found.body is None


def test_an_address_elsewhere_without_references_is_nobody() -> None:
    asked = from_us("2026-03-02 09:00")
    stranger = from_council("2026-03-05 09:00", sender="team@outsourced.example")

    assembly = assembled(asked, stranger)

    assert len(assembly.threads[0].placed) == 1
    assert assembly.unplaced == ()


def test_somebody_we_copied_in_does_not_answer_for_the_body() -> None:
    asked = from_us("2026-03-02 09:00", cc="friend@example.net")
    comment = from_council("2026-03-05 09:00", to=asked, sender="friend@example.net")

    assert placed(a_thread(asked, comment), comment).standing is Standing.CONTEXT


def test_an_address_elsewhere_is_in_doubt_when_two_bodies_were_asked() -> None:
    asked = from_us("2026-03-02 09:00", to=(COUNCIL, MEDWAY))
    answer = from_council("2026-03-05 09:00", to=asked, sender="team@outsourced.example")

    threads = assembled(asked, answer).threads

    assert {placed(t, answer).standing for t in threads} == {Standing.DOUBTED}


def test_another_watched_body_that_answers_is_in_doubt() -> None:
    asked = from_us("2026-03-02 09:00")
    answer = from_council("2026-03-05 09:00", to=asked, sender=MEDWAY)

    found = placed(a_thread(asked, answer), answer)

    assert found.standing is Standing.DOUBTED
    assert "Medway Council" in found.why_doubted


def test_who_is_listed_as_not_the_body_is_in_doubt() -> None:
    asked = from_us("2026-03-02 09:00")
    answer = from_council("2026-03-05 09:00", to=asked, sender=COUNCILLOR)

    assert placed(a_thread(asked, answer), answer).standing is Standing.DOUBTED


def test_a_forward_inside_the_council_that_copies_us_in_is_in_doubt() -> None:
    asked = from_us("2026-03-02 09:00")
    passed_on = from_council(
        "2026-03-05 09:00", to=asked, subject="FW: Annual review", receivers=OFFICER, cc=ME
    )

    assert placed(a_thread(asked, passed_on), passed_on).standing is Standing.DOUBTED


def test_a_copy_of_ours_goes_only_where_it_was_asked_when_somebody_was() -> None:
    asked = from_us("2026-03-02 09:00", cc=COMPLAINTS)

    assert [t.council_mailbox.address for t in assembled(asked).threads] == [COUNCIL]


def test_a_message_that_only_copies_a_mailbox_in_stands_in_a_thread_of_it() -> None:
    copied = from_us("2026-03-02 09:00", to="head@school.example", cc=COUNCIL)
    blind = from_us("2026-03-03 09:00", to=(), bcc=COUNCIL, subject="Blind")

    assert len(assembled(copied, blind).threads) == 2


def test_a_body_of_one_address_takes_answers_from_its_whole_domain() -> None:
    watch = Watch(bodies=(body_for(COUNCIL),), own_addresses=frozenset({ME}))
    asked = from_us("2026-03-02 09:00")
    elsewhere = from_us("2026-03-03 09:00", to=COMPLAINTS, subject="A complaint")
    answer = from_council("2026-03-05 09:00", to=asked, sender=OFFICER)

    (thread,) = assemble((asked, elsewhere, answer), watch).threads

    assert placed(thread, answer).standing is Standing.COUNTS


def test_mail_without_a_sender_breaks_nothing() -> None:
    asked = from_us("2026-03-02 09:00")
    nobody = from_council("2026-03-05 09:00", to=asked)
    nobody = replace(nobody, message=replace(nobody.message, sender=None))

    assert len(a_thread(asked, nobody).placed) == 2
    assert Address(address="x").domain == ""


def test_without_a_watch_nothing_is_a_thread() -> None:
    assembly = assemble((from_us("2026-03-02 09:00"),), replace(WATCH, bodies=()))

    assert assembly.threads == ()


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("fay.hobbs@kent.gov.uk", "Cllr Fay Hobbs"),
        ("fay.hobbs@kent.gov.uk", "Councillor Hobbs"),
        ("fay.hobbs@councillors.kent.gov.uk", "Fay Hobbs"),
    ],
)
def test_a_councillors_reply_is_not_the_officers(address: str, name: str) -> None:
    asked = from_us("2026-03-02 09:00")
    reply = from_council("2026-03-05 09:00", to=asked)
    sender = Address(address=address, name=name)
    reply = replace(reply, message=replace(reply.message, sender=sender))

    found = placed(a_thread(asked, reply), reply)

    assert found.standing is Standing.DOUBTED
    assert "councillor" in found.why_doubted


def test_a_councillor_who_was_asked_answers() -> None:
    asked = from_us("2026-03-02 09:00", to="cllr.hobbs@kent.gov.uk")
    reply = from_council("2026-03-05 09:00", to=asked, sender="cllr.hobbs@kent.gov.uk")

    assert placed(a_thread(asked, reply), reply).standing is Standing.COUNTS

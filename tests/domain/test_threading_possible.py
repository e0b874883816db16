"""Mail that no mark places: possible replies, and what is listed as unplaced."""

from dataclasses import replace
from typing import Any

import pytest

from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.message import Address
from inboxwatch.domain.threads import LinkKind, Standing
from tests.builders import (
    COUNCIL,
    COUNCILLOR,
    ME,
    OFFICER,
    a_thread,
    assembled,
    from_council,
    from_us,
    link,
    placed,
)

TRANSPORT = "Please tell me when the transport to school will begin again."


def test_the_same_subject_after_ninety_days_is_only_a_possible_reply() -> None:
    asked = from_us("2026-01-02 09:00")
    late = from_council("2026-05-02 09:00")

    assert link(a_thread(asked, late), late) is LinkKind.POSSIBLE


def test_with_two_open_questions_of_one_subject_the_answer_may_belong_to_either() -> None:
    one, two = from_us("2026-03-02 09:00"), from_us("2026-03-03 09:00")
    answer = from_council("2026-03-12 09:00")

    threads = assembled(one, two, answer).threads

    assert [link(t, answer) for t in threads] == [LinkKind.POSSIBLE, LinkKind.POSSIBLE]


def test_the_only_open_question_at_a_mailbox_makes_a_possible_reply() -> None:
    asked = from_us("2026-03-02 09:00")
    answer = from_council("2026-03-12 09:00", subject="Our telephone call")

    found = placed(a_thread(asked, answer), answer)

    assert found.link.kind is LinkKind.POSSIBLE
    assert found.standing is Standing.DOUBTED
    assert COUNCIL in found.why_doubted


def test_the_only_open_question_with_an_officer_makes_a_possible_reply() -> None:
    asked = from_us("2026-03-02 09:00", subject="Transport to school")
    holding = from_council("2026-03-03 09:00", to=asked, sender=OFFICER, holding=True)
    other = from_us("2026-03-04 09:00", subject="Speech therapy hours")
    answer = from_council("2026-03-12 09:00", subject="Our talk", sender=OFFICER)

    threads = assembled(asked, holding, other, answer).threads

    assert link(threads[0], answer) is LinkKind.POSSIBLE
    assert len(threads[1].placed) == 1


@pytest.mark.parametrize(
    ("subject", "text"),
    [("Sam's place", "It was found."), ("A place", "We have one for Sam.")],
)
def test_mail_about_the_child_of_the_only_open_question_about_it_may_answer(
    subject: str, text: str
) -> None:
    """An officer who is new to it writes anew, under a subject of her own."""
    asked = from_us("2026-03-02 09:00", subject="Annual review for Sam")
    other = from_us("2026-03-03 09:00", subject="Speech therapy hours for Kim")
    answer = from_council("2026-03-12 09:00", subject=subject, own_text=text, sender=OFFICER)

    threads = assembled(asked, other, answer).threads

    assert "names" in placed(threads[0], answer).why_doubted
    assert len(threads[1].placed) == 1


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("We have a place for Sam.", "Transport for Sam"),  # either may be meant
        ("We have a place for Kim.", "Transport"),
        ("Dear Rowan Smith, we move to a new building.", "Transport"),  # our own name
    ],
)
def test_mail_that_names_no_question_so_stays_unplaced(text: str, more: str) -> None:
    me = Address(address=ME, name="Rowan Smith")
    asked, other = (
        replace(entry, message=replace(entry.message, sender=me))
        for entry in (
            from_us("2026-03-02 09:00", subject="Annual review for Sam Smith"),
            from_us("2026-03-03 09:00", subject=more),
        )
    )
    answer = from_council("2026-03-12 09:00", subject="News", own_text=text, sender=OFFICER)

    assembly = assembled(asked, other, answer)

    assert [u.entry.message_id for u in assembly.unplaced] == [answer.message_id]


def test_two_open_questions_at_a_mailbox_leave_other_mail_unplaced() -> None:
    one = from_us("2026-03-02 09:00", subject="Transport to school")
    two = from_us("2026-03-03 09:00", subject="Speech therapy hours")
    other = from_council("2026-03-12 09:00", subject="A new building")

    assembly = assembled(one, two, other)

    assert [u.entry.message_id for u in assembly.unplaced] == [other.message_id]
    assert "names no message of yours" in assembly.unplaced[0].reason


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"subject": "Your letter about transport to school"}, "names the subject"),
        ({"own_text": "Thank you for your email of 2nd March. No."}, "email of 2 March"),
        (
            {"quoted_text": "> Please tell me when the transport to school will begin again."},
            "quotes",
        ),
        ({"case_references": ("KCC-7654321",)}, "KCC-7654321"),
    ],
)
def test_mail_that_speaks_to_one_of_two_open_questions_may_answer_it(
    changes: dict[str, Any], why: str
) -> None:
    one = from_us(
        "2026-03-02 09:00",
        subject="Transport to school",
        own_text=TRANSPORT,
        case_references=("KCC-7654321",),
    )
    two = from_us("2026-03-03 09:00", subject="Speech therapy hours")
    answer = from_council("2026-03-12 09:00", **({"subject": "A letter"} | changes))

    threads = assembled(one, two, answer).threads

    assert why in placed(threads[0], answer).why_doubted
    assert len(threads[1].placed) == 1


def test_a_line_that_stands_in_two_questions_speaks_to_neither() -> None:
    same = "I am the mother of Sam and write on behalf of the family."
    one = from_us("2026-03-02 09:00", subject="Transport to school", own_text=same)
    two = from_us("2026-03-03 09:00", subject="Speech therapy hours", own_text=same)
    other = from_council("2026-03-12 09:00", subject="A new place", quoted_text=f"> {same}")

    assert [u.entry.message_id for u in assembled(one, two, other).unplaced] == [other.message_id]


def test_what_came_before_the_question_or_after_its_answer_is_no_possible_reply() -> None:
    asked = from_us("2026-03-02 09:00")
    answer = from_council("2026-03-05 09:00", to=asked)
    before = from_council("2026-03-01 09:00", subject="Other")
    after = from_council("2026-03-09 09:00", subject="Another")

    assert len(assembled(asked, answer, before, after).unplaced) == 2


def test_a_newsletter_is_neither_placed_nor_listed() -> None:
    asked = from_us("2026-03-02 09:00")
    news = from_council("2026-03-05 09:00", Kind.BULK, subject="News")

    assembly = assembled(asked, news)

    assert len(assembly.threads[0].placed) == 1
    assert assembly.unplaced == ()


def test_an_automatic_reply_that_fits_nothing_is_listed() -> None:
    ack = from_council("2026-03-05 09:00", Kind.ACKNOWLEDGEMENT, subject="Thank you")

    assert "automatic" in assembled(ack).unplaced[0].reason


def test_who_is_listed_as_not_the_body_may_answer_only_when_it_speaks_to_a_question() -> None:
    asked = from_us("2026-03-02 09:00")
    other = from_council("2026-03-05 09:00", subject="Vote for me", sender=COUNCILLOR)
    about = from_council("2026-03-06 09:00", sender=COUNCILLOR)

    assembly = assembled(asked, other, about)

    assert link(assembly.threads[0], about) is LinkKind.POSSIBLE
    assert [u.entry.message_id for u in assembly.unplaced] == [other.message_id]

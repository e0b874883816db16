"""Mail that no person signed, mail of ticket systems, and messages that wait somewhere else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inboxwatch.domain.evidence.senders import is_a_person
from inboxwatch.domain.evidence.shape import words_after_signature
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.message import Address
from tests.domain.evidence.mails import OFFICER, TEAM, a_mail, judged

NOBODY = "Submissions go before the Wednesday meeting and families get a letter afterwards."
SECURE = "Ruth Amory has sent you a secure message. Open it at https://portal.example/m/1"
SMALL_PRINT = "This mailbox is monitored Monday to Friday. Please do not reply to this email."


def test_new_mail_that_nobody_speaks_in_is_put_to_review() -> None:
    """It may be a person's or a machine's; neither may be claimed."""
    assert judged(a_mail(NOBODY, sender=TEAM, subject="Plans")).kind is Kind.UNSURE


def test_the_same_words_in_answer_to_ours_are_a_persons() -> None:
    mail = a_mail(NOBODY, sender=TEAM, subject="Plans", in_reply_to=("ours@example.org",))

    assert judged(mail).kind is Kind.HUMAN


def test_the_same_words_of_somebody_with_a_name_are_a_persons() -> None:
    assert judged(a_mail(NOBODY, sender=OFFICER, subject="Plans")).kind is Kind.HUMAN


def test_a_secure_message_goes_to_review_with_where_to_read_it() -> None:
    found = judged(a_mail(SECURE, sender=OFFICER))

    assert found.kind is Kind.UNSURE
    assert found.action == "read it there: https://portal.example/m/1"


def test_a_secure_message_without_a_page_says_so() -> None:
    found = judged(a_mail("Open the attachment to read it.", subject="Secure message"))

    assert found.kind is Kind.UNSURE
    assert found.action == "open the message it speaks of and read it"


def test_doubt_about_anything_else_asks_nothing_of_the_user() -> None:
    assert judged(a_mail(NOBODY, sender=TEAM, subject="Plans")).action is None


def test_a_ticket_system_may_carry_an_officers_answer() -> None:
    """It marks all that it sends; the words tell which it is."""
    marked = {"auto-submitted": "auto-generated", "x-auto-response-suppress": "All"}
    ours = ("ours@example.org",)
    answer = a_mail(
        "Hi Sam, the driver starts again on Monday.\n\nRuth",
        headers=marked,
        in_reply_to=ours,
    )
    receipt = a_mail("Your request (48213) has been received.", headers=marked, in_reply_to=ours)

    assert judged(answer).kind is Kind.HUMAN
    assert judged(receipt).kind is Kind.ACKNOWLEDGEMENT


def test_small_print_below_a_persons_name_weighs_less() -> None:
    answer = "No, you can't use it for swimming I'm afraid."
    signed = a_mail(f"{answer}\n\n{OFFICER.name}\n{SMALL_PRINT}", subject="Re: payments")

    assert judged(signed).kind is Kind.HUMAN
    assert words_after_signature(signed.own_text, OFFICER) == SMALL_PRINT
    assert words_after_signature(signed.own_text, None) == ""
    assert words_after_signature(answer, TEAM) == ""


def test_a_body_by_its_own_name_is_no_person() -> None:
    assert not is_a_person(Address(address="self@oakminster.gov.uk", name="Oakminster Self"))
    assert is_a_person(Address(address="ann.hull@hull.gov.uk", name="Ann Hull"))
    assert is_a_person(Address(address="info@penn.example", name="Ruth Penn"))


@given(st.text(max_size=200), st.text(max_size=40))
def test_what_stands_below_a_name_is_part_of_the_text(text: str, name: str) -> None:
    below = words_after_signature(text, Address(address="a@b.example", name=name))

    assert below == "" or set(below.splitlines()) <= set(text.splitlines())

"""What an acknowledgement tells of the matter besides."""

from dataclasses import replace

import pytest

from inboxwatch.domain.bodies import body_for
from inboxwatch.domain.classify import Context, classify
from inboxwatch.domain.evidence.facts import tells_a_fact, tells_anything
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.message import Address
from tests.domain.evidence.mails import AT, TEAM, WORDING, a_mail


@pytest.mark.parametrize(
    "text",
    [
        "We have received your form and the taxi will start on Monday.",
        "We have received your complaint and a new escort has been found.",
        "Your application has been received. Sam has a place from 1 May.",
        "We acknowledge receipt of your email. The report was never written.",
        "We have received your request and we will not carry out an assessment.",
        "Your request has been received. We have decided to assess.",
        "Your enquiry has been logged under reference 1234. Your complaint was upheld in part.",
        "We have received your letter. The taxi was refused.",
        "Your request was passed to the therapist, who says there is no report.",
    ],
)
def test_a_fact_beside_a_receipt_is_seen(text: str) -> None:
    assert tells_a_fact(text, WORDING)


@pytest.mark.parametrize(
    "text",
    [
        "We have received your email. The team is open from 9 to 5.",
        "Your complaint has been logged and a colleague will contact you.",
        "We have received your email. There has been a large number of enquiries.",
        "We cannot reply to every email. It has not been read yet.",
        "Thank you for your email. Emails are read in the order in which they come.",
        "We have received your request, which will be answered within 20 working days.",
        "Has the taxi come? The letter box is full?",
        "Our reference: SEN/2041",
        "We have received your form. Once it is approved you are told.",
        "We have received your form. We are closed at weekends.",
        "We have received your email. " + "The chair is blue. " * 80,
    ],
)
def test_what_is_told_of_the_office_is_none(text: str) -> None:
    assert not tells_a_fact(text, WORDING)


def test_an_acknowledgement_that_tells_a_fact_is_for_review_unless_a_machine_is_known() -> None:
    """Nobody may be told that they were ignored because an answer began with a receipt."""
    told = "We have received your form. We have got your request. The taxi will start on Monday."
    mail = a_mail(told, sender=TEAM, subject="Transport")
    context = Context(wording=WORDING)

    assert classify(mail, context).kind is Kind.UNSURE
    at_once = replace(context, own_message_at=AT, answers_ours=True)
    assert classify(mail, at_once).kind is Kind.ACKNOWLEDGEMENT
    bare = replace(mail, own_text=told.partition(" The taxi")[0])
    assert classify(bare, context).kind is Kind.ACKNOWLEDGEMENT


def test_what_an_automated_message_tells_of_the_matter_is_for_review() -> None:
    robot = "This is an automated message from our case system, please do not reply."
    told = a_mail(f"The taxi will start on Monday.\n\n{robot}", sender=TEAM, subject="Transport")
    bare = replace(told, own_text=robot)

    of_theirs = Context(wording=WORDING, body=body_for("brackford.gov.uk"))
    assert classify(told, of_theirs).kind is Kind.UNSURE
    assert classify(bare, of_theirs).kind is Kind.ACKNOWLEDGEMENT
    fact = replace(told, own_text=f"We cannot backdate the payment.\n\n{robot}")
    assert classify(fact, of_theirs).kind is Kind.UNSURE
    assert classify(told, Context(wording=WORDING)).kind is Kind.ACKNOWLEDGEMENT


def test_what_somebody_signs_is_not_a_machines_for_what_she_says_of_her_mailbox() -> None:
    """Nobody may be told that they were ignored since an officer does not work on Fridays."""
    text = (
        "Sam has a place from 1 May. Please note that I do not work on Fridays and this mailbox is"
        " not monitored at weekends.\n\nKind regards\nRuth Amory\nComplaints officer"
    )
    signed = a_mail(text, sender=Address(address="ruth.amory@brackford.gov.uk", name="Ruth Amory"))

    assert classify(signed, Context(wording=WORDING)).kind is Kind.UNSURE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The deadline is 3 July.", True),
        ("We are not able to backdate the payment.", True),
        (
            "Thank you for your email. One of our team will reply. Please do not reply to this.",
            False,
        ),
        ("Your request will be processed within 20 working days.", False),
        ("The chair is blue. " * 80, False),
    ],
)
def test_a_text_that_is_more_than_an_offices_way_to_work_tells_something(
    text: str, expected: bool
) -> None:
    assert tells_anything(text, WORDING) is expected

"""The fingerprint tells texts apart by their words alone."""

import pytest

from inboxwatch.domain.evidence.fingerprint import fingerprint
from inboxwatch.domain.message import Address
from tests.domain.evidence.mails import a_mail

ACK = "Dear Sam,\nThank you. Your case 1234567 was logged on 3 June 2026. Ring 01632 960 111."


@pytest.mark.parametrize(
    "same",
    [
        "Dear Ms Hollis\nThank you. Your case 7654321 was logged on 12 July 2026. Ring 01632 1.",
        "Hello, thank you. Your case KCC-99 was logged on Mon 1 May. Ring",
        "  thank  you. Your case was logged ON tuesday. Ring https://example.org/1",
        "Hi Sam! Thank you. Your case was logged on. Ring",
    ],
)
def test_digits_dates_names_and_greetings_do_not_matter(same: str) -> None:
    assert fingerprint(a_mail(same)) == fingerprint(a_mail(ACK))


def test_other_words_are_another_text() -> None:
    assert fingerprint(a_mail("We have decided.")) != fingerprint(a_mail("We have not decided."))


def test_the_names_of_sender_and_recipients_do_not_matter() -> None:
    one = a_mail("Ruth will ring you, Sam.")
    other = a_mail("Tom will ring you, Sam.", sender=Address(address="tom@x.gov.uk", name="Tom"))

    assert fingerprint(one) == fingerprint(other)


def test_an_empty_text_is_known_by_its_subject_and_nothing_by_nothing() -> None:
    assert fingerprint(a_mail("", subject="Message received")) != ""
    assert fingerprint(a_mail("", subject="", sender=None)) == ""

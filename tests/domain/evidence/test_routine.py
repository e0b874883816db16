"""Sentences that are made of nothing but the words of dealing with requests."""

import pytest

from inboxwatch.adapters.wording import shipped_wording
from inboxwatch.domain.evidence.routine import is_heading, is_routine

WORDING = shipped_wording()


@pytest.mark.parametrize(
    "sentence",
    [
        "Your request will be processed under the Act and a reply sent within 20 working days.",
        "In some circumstances the Trust may be unable to meet this deadline.",
        "If this is likely you will be informed at the earliest opportunity.",
        "There may be a fee payable for retrieving the information you have requested.",
        "The Council, in accordance with section 10 of the Act, will respond to requests.",
        "Information relating to this will be included in any refusal notice issued.",
        "Requests are managed centrally by the Corporate Services Team at Brackford.",
        "Correspondence may take longer to process because of the volume of enquiries.",
        "We will write to you again if there is a delay.",
    ],
)
def test_procedure_in_any_words_tells_nothing(sentence: str) -> None:
    assert is_routine(sentence, WORDING)


@pytest.mark.parametrize(
    "sentence",
    [
        "Your request has been considered and we will not be providing the report.",
        "Your request was answered on 3 March.",
        "The statutory deadline is 14 April.",
        "We will extend your deadline by ten working days.",
        "No fee will be charged.",
        "A copy of the correspondence would cost £25.",
        "You must send us your reply within 15 days.",
        "You will need to contact the records team.",
        "Please provide a copy of the letter.",
        "The information is exempt under section 40 of the Act.",
        "You will receive a refund of the fee within 10 working days.",
        "If you sign the form, the taxi will start on Monday.",
        "If you are unhappy with this response you may request a review.",
        "May we contact you about your request?",
        "The therapist will be in touch.",
        "Yes, we will process your request.",
        "",
    ],
)
def test_what_tells_or_asks_something_is_no_procedure(sentence: str) -> None:
    assert not is_routine(sentence, WORDING)


def test_a_name_is_no_word_of_its_own_but_in_capitals_nothing_is_a_name() -> None:
    assert is_routine("We will forward your request to Oakhampton.", WORDING)
    assert not is_routine("WE WILL FORWARD YOUR REQUEST TO OAKHAMPTON TAXIS.", WORDING)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Request for information under the Freedom of Information Act 2000", True),
        ("Corporate and Legal Affairs", True),
        ("Information request IR-20417", True),
        ("Tuesday 10 March, Sessions House", False),
        ("Yes", False),
    ],
)
def test_a_heading_is_made_of_such_words_too(line: str, expected: bool) -> None:
    assert is_heading(line, WORDING) is expected

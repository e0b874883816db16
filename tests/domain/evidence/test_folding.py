"""Texts are folded and cut into sentences."""

import pytest

from inboxwatch.domain.evidence.folding import fold, is_reply_subject, sentences


def test_case_quotes_dashes_and_white_space_are_folded() -> None:
    assert fold("We’ve  GOT\u00a0your\n“e\u2011mail”") == 'we\'ve got your "e-mail"'


def test_a_limit_is_kept() -> None:
    assert fold("abc " * 100, 10) == "abc abc ab"


@pytest.mark.parametrize("subject", ["Re: x", "RE:x", "Fwd: Re: x", "AW: x", "RE[2]: x", "Tr : x"])
def test_a_reply_is_told_by_its_subject(subject: str) -> None:
    assert is_reply_subject(subject)


def test_an_ordinary_subject_is_no_reply() -> None:
    assert not is_reply_subject("Report: annual review")


def test_a_wrapped_line_goes_on_and_a_short_one_ends() -> None:
    text = (
        "Hi Sam\n\nthe meeting about the annual review of the plan was moved\n"
        "to Tuesday. See you there!\nRuth\nCasework"
    )

    assert sentences(text) == (
        "Hi Sam",
        "the meeting about the annual review of the plan was moved to Tuesday.",
        "See you there!",
        "Ruth",
        "Casework",
    )


def test_a_line_with_room_for_the_next_word_ends_its_sentence() -> None:
    """A heading of more than 45 letters is no beginning of the sentence below it."""
    text = (
        "Information request about transport, our reference TR 2041\n"
        "I write about your request, which we have had since the third of March and\n"
        "Oakwood School has not seen."
    )

    assert sentences(text) == (
        "Information request about transport, our reference TR 2041",
        "I write about your request, which we have had since the third of March and "
        "Oakwood School has not seen.",
    )

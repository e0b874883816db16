"""How soon it came, and whether the same text came before."""

from datetime import timedelta

import pytest

from inboxwatch.domain.evidence.timing import observe_sameness, observe_timing
from tests.domain.evidence.mails import AT, OFFICER, a_mail

A_TEXT = "thank you for contacting the team, your email has been received and will be read"


@pytest.mark.parametrize(
    ("after", "answers_ours", "expected"),
    [
        (timedelta(seconds=40), True, ["within two minutes of ours"]),
        (timedelta(seconds=40), False, ["soon after a message of ours"]),
        (timedelta(minutes=5), True, ["within ten minutes of ours"]),
        (timedelta(minutes=5), False, []),
        (timedelta(hours=5), True, []),
        (timedelta(days=3), True, ["a day after ours"]),
        (timedelta(days=3), False, []),
        (timedelta(minutes=-1), True, []),
    ],
)
def test_time_after_ours_is_told(after: timedelta, answers_ours: bool, expected: list[str]) -> None:
    seen = observe_timing(a_mail("Noted, Ruth", at=AT + after), AT, answers_ours=answers_ours)

    assert [one.row for one in seen] == expected


def test_without_a_message_of_ours_there_is_no_time_after_it() -> None:
    assert list(observe_timing(a_mail(), None, answers_ours=False)) == []


A_LETTER = (
    "Thank you for getting in touch. I look at every message in ten working days and I will come"
    " back to you in turn. Please do not send the same message twice.\n\nRuth"
)


@pytest.mark.parametrize(
    ("text", "seconds", "answers_ours", "expected"),
    [
        (A_LETTER, 15, True, True),
        (A_LETTER, 60, True, False),  # a quick typist may have
        (A_LETTER, 15, False, False),  # it may have crossed with ours
        ("Yes, we shall all be there.\nRuth", 15, True, False),
        # What stands below a name was not typed, nor is it said in sentences.
        (
            f"Yes!\nRuth\n{'We reply to all letters within ten days, as a rule. ' * 6}",
            15,
            True,
            False,
        ),
        (f"Yes!\n{'SEN Team | Kent House, Kent Street, Kent Town KT1 1KT ' * 6}", 15, True, False),
    ],
)
def test_what_nobody_can_have_typed_since_is_told(
    text: str, seconds: int, answers_ours: bool, expected: bool
) -> None:
    mail = a_mail(text, at=AT + timedelta(seconds=seconds), sender=OFFICER)

    rows = [one.row for one in observe_timing(mail, AT, answers_ours=answers_ours)]

    assert ("faster than anybody writes" in rows) is expected


@pytest.mark.parametrize(
    ("text", "before", "expected"),
    [
        (A_TEXT, 0, []),
        (A_TEXT, 1, ["same text once before"]),
        (A_TEXT, 3, ["same text often before"]),
        ("Thanks, Ruth", 5, []),
    ],
)
def test_a_text_that_came_before_is_told(text: str, before: int, expected: list[str]) -> None:
    assert [one.row for one in observe_sameness(len(text), before)] == expected

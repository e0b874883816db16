"""How soon it came, and whether the same text came before."""

from datetime import timedelta

import pytest

from inboxwatch.domain.evidence.timing import observe_sameness, observe_timing
from tests.domain.evidence.mails import AT

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
    seen = observe_timing(AT + after, AT, answers_ours=answers_ours)

    assert [one.row for one in seen] == expected


def test_without_a_message_of_ours_there_is_no_time_after_it() -> None:
    assert list(observe_timing(AT, None, answers_ours=False)) == []


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

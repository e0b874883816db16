"""A review says what there is to look at."""

from typing import Any

import pytest

from inboxwatch.domain.kinds import Evidence, Kind
from inboxwatch.domain.verdict import Status
from tests.builders import from_council, from_us, judged

CLOSED = Evidence(text="closed", towards=Kind.SYSTEM_ANSWER, weight=2.5, row="closed, strong")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "could be a person's or a machine's"),
        ({"action": "read it there: https://secure.example"}, "waits elsewhere"),
        ({"evidence": (CLOSED,)}, "the case is closed, without an answer"),
    ],
)
def test_a_review_says_what_there_is_to_look_at(said: dict[str, Any], words: str) -> None:
    asked = from_us("2026-03-02 09:00")

    verdict = judged(asked, from_council("2026-03-05 09:00", Kind.UNSURE, to=asked, **said))

    assert verdict.status is Status.REVIEW
    assert words in verdict.reason

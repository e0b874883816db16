"""Answers that speak to more than one question, and mail that only seems to be for us."""

from __future__ import annotations

from typing import Any

import pytest

from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.threads import LinkKind, Standing
from tests.builders import COUNCIL, ME, OFFICER, a_thread, assembled, from_council, from_us, placed

HOURS, MILEAGE = "Hours of the assistant", "Repayment of mileage"


def _two(words: str, **more: Any) -> list[tuple[LinkKind, Standing]]:
    """Return how an answer to the second question stands in the thread of the first."""
    hours = from_us("2026-03-02 09:00", subject=HOURS)
    mileage = from_us("2026-03-05 09:00", subject=MILEAGE)
    answer = from_council("2026-03-12 09:00", to=mileage, own_text=words, **more)
    first = assembled(hours, mileage, answer).threads[0]
    return [(p.link.kind, p.standing) for p in first.placed if p.entry == answer]


def test_an_answer_that_names_another_question_may_answer_it_too() -> None:
    said = "On the hours of the assistant: they stay. Your mileage will be repaid."

    assert _two(said) == [(LinkKind.POSSIBLE, Standing.DOUBTED)]


def test_an_answer_that_names_no_other_question_answers_one() -> None:
    assert _two("Your mileage will be repaid on Friday.") == []


def test_an_answer_that_names_its_own_subject_answers_one() -> None:
    """Two threads with one subject are told apart by other means."""
    asked = from_us("2026-03-02 09:00", subject=HOURS)
    again = from_us("2026-03-05 09:00", subject=HOURS)
    answer = from_council(
        "2026-03-12 09:00", to=again, subject=f"RE: {HOURS}", own_text=f"{HOURS}: they stay."
    )

    assert [len(t.placed) for t in assembled(asked, again, answer).threads] == [1, 2]


@pytest.mark.parametrize(
    ("kind", "more"), [(Kind.ACKNOWLEDGEMENT, {}), (Kind.HUMAN, {"holding": True})]
)
def test_what_answers_nothing_answers_no_other_question(kind: Kind, more: dict[str, Any]) -> None:
    hours = from_us("2026-03-02 09:00", subject=HOURS)
    mileage = from_us("2026-03-05 09:00", subject=MILEAGE)
    told = from_council(
        "2026-03-12 09:00", kind, to=mileage, own_text=f"About {HOURS}: received.", **more
    )

    assert [len(t.placed) for t in assembled(hours, mileage, told).threads] == [1, 2]


def test_officers_who_write_to_each_other_and_copy_us_in_have_not_answered() -> None:
    asked = from_us("2026-03-02 09:00")
    talk = from_council("2026-03-04 09:00", to=asked, sender=OFFICER, receivers=COUNCIL, cc=ME)

    found = placed(a_thread(asked, talk), talk)

    assert found.standing is Standing.DOUBTED
    assert "each other" in found.why_doubted


def test_an_answer_to_somebody_else_of_ours_with_us_copied_counts() -> None:
    asked = from_us("2026-03-02 09:00", cc="partner@example.net")
    answer = from_council(
        "2026-03-04 09:00", to=asked, sender=OFFICER, receivers="partner@example.net", cc=ME
    )

    assert placed(a_thread(asked, answer), answer).standing is Standing.COUNTS


@pytest.mark.parametrize(("questions", "shown"), [(1, 1), (2, 2), (3, 0)])
def test_a_message_in_a_portal_is_shown_beside_a_few_open_questions(
    questions: int, shown: int
) -> None:
    """Beside many it would only make noise; it is listed as unplaced then."""
    asked = [
        from_us(f"2026-03-0{n + 1} 09:00", subject=f"Question about number {n}")
        for n in range(questions)
    ]
    waits = from_council(
        "2026-03-12 09:00", Kind.UNSURE, subject="Secure message", action="read it there: x"
    )

    found = assembled(*asked, waits)

    assert sum(any(p.entry == waits for p in t.placed) for t in found.threads) == shown
    assert len(found.unplaced) == (0 if shown else 1)

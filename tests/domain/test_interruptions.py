"""What a body's questions do: pause, start afresh, or stand still until the user answers."""

from datetime import date

import pytest

from inboxwatch.adapters.holidays import calendars
from inboxwatch.adapters.presets import load
from inboxwatch.domain.due import Due, due
from inboxwatch.domain.errors import ConfigError

CALENDARS = calendars()
CLOCKS = load().clocks


def after(preset: str, start: date, **events: date) -> Due:
    """The due date with events named as Python words."""
    named = {name.replace("_", "-"): on for name, on in events.items()}
    return due(CLOCKS[preset], start, calendars=CALENDARS, events=named)


def test_proof_of_identity_starts_a_subject_access_request() -> None:
    """The month runs from the day it arrives."""
    result = after(
        "sar", date(2026, 3, 2), id_asked=date(2026, 3, 4), id_received=date(2026, 3, 10)
    )

    assert result.counted_from == date(2026, 3, 10)
    assert result.due_on == date(2026, 4, 10)
    assert "proof of identity given" in result.count[1].note
    assert result.count[0].note == "received"


def test_the_latest_of_several_starts_counts() -> None:
    """Identity first, the fee later: the fee's day."""
    result = after(
        "sar", date(2026, 3, 2), id_received=date(2026, 3, 10), fee_paid=date(2026, 3, 9)
    )

    assert result.counted_from == date(2026, 3, 10)


def test_a_clock_stands_still_while_the_council_waits_for_the_user() -> None:
    """Nothing may be called late then."""
    result = after("sar", date(2026, 3, 2), id_asked=date(2026, 3, 4))

    assert not result.is_running
    assert "the clock stands still" in result.warnings[0]
    assert after("sar", date(2026, 3, 2)).is_running


def test_a_question_after_the_last_day_changes_nothing() -> None:
    """A council cannot ask its way out of being late."""
    result = after("foi", date(2026, 3, 2), clarification_asked=date(2026, 6, 1))

    assert result.is_running
    assert result.due_on == after("foi", date(2026, 3, 2)).due_on
    assert "changes nothing" in result.warnings[0]


def test_a_pause_before_its_rule_was_in_force_is_not_counted() -> None:
    """The statutory pause begins on 5 February 2026."""
    result = after(
        "sar",
        date(2026, 1, 5),
        clarification_asked=date(2026, 1, 7),
        clarification_answered=date(2026, 1, 14),
    )

    assert result.due_on == date(2026, 2, 5)
    assert "in force only from 2026-02-05" in result.warnings[0]


def test_a_fee_pauses_a_freedom_of_information_request_by_working_days() -> None:
    """From notice to payment, both days in it, nothing counts."""
    result = after("foi", date(2026, 3, 2), fee_notice=date(2026, 3, 5), fee_paid=date(2026, 3, 10))

    assert result.due_on == date(2026, 4, 8)
    assert sum(day.note == "paused for a fee" for day in result.count) == 6


def test_an_answer_on_the_day_of_receipt_starts_nothing_anew() -> None:
    """The count begins that day anyhow."""
    result = after("foi", date(2026, 3, 2), clarification_answered=date(2026, 3, 2))

    assert result.counted_from == date(2026, 3, 2)
    assert result.due_on == after("foi", date(2026, 3, 2)).due_on


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ({"fee-paid": date(2026, 3, 4)}, "given without fee-notice"),
        (
            {
                "clarification-asked": date(2026, 3, 9),
                "clarification-answered": date(2026, 3, 4),
            },
            "lies before",
        ),
    ],
)
def test_an_answer_without_or_before_its_question_is_refused(
    events: dict[str, date], words: str
) -> None:
    """The remedy says what to give."""
    with pytest.raises(ConfigError, match=words) as refused:
        due(CLOCKS["foi"], date(2026, 3, 2), calendars=CALENDARS, events=events)
    assert refused.value.remedy

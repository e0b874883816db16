"""What is refused or warned of: validity, unknown years, missing calendars, impossible events."""

from dataclasses import replace
from datetime import date

import pytest

from inboxwatch.adapters.holidays import calendars
from inboxwatch.adapters.presets import load
from inboxwatch.domain.clocks import plain_clock
from inboxwatch.domain.due import due
from inboxwatch.domain.due_checks import MissingCalendar
from inboxwatch.domain.errors import ConfigError

CALENDARS = calendars()
CLOCKS = load().clocks


def test_school_days_without_term_dates_are_refused() -> None:
    """The remedy names the file that is needed."""
    with pytest.raises(MissingCalendar) as refused:
        due(CLOCKS["edu-record"], date(2026, 3, 2), calendars=CALENDARS)

    assert "edu-record" in str(refused.value)
    assert "term-dates.toml" in refused.value.remedy


def test_an_unknown_calendar_is_refused_and_calendar_days_need_none() -> None:
    """A clock names its calendar; every day counts without one."""
    with pytest.raises(MissingCalendar, match="'mars'"):
        due(plain_clock("10wd", calendar="mars"), date(2026, 3, 2), calendars=CALENDARS)
    office = {"england-and-wales": CALENDARS["england-and-wales"]}

    assert due(CLOCKS["amend-final"], date(2026, 3, 2), calendars=office).due_on.day == 27


@pytest.mark.parametrize(
    ("preset", "start", "words"),
    [
        ("pap", date(2026, 3, 2), "switched off"),
        ("dp-complaint", date(2026, 6, 18), "in force only from 2026-06-19"),
        ("foi", date(2028, 12, 20), "lies outside the years"),
        ("jr", date(2026, 3, 2), "promptly"),
        ("foi", date(2022, 9, 5), "proclaimed after receipt"),
        ("sar", date(2028, 12, 2), "lies outside the years"),
    ],
)
def test_a_date_not_to_be_relied_on_says_why(preset: str, start: date, words: str) -> None:
    """It is computed all the same."""
    result = due(CLOCKS[preset], start, calendars=CALENDARS)

    assert any(words in warning for warning in result.warnings)


def test_a_clock_out_of_force_says_until_when() -> None:
    """A repealed rule still computes."""
    old = replace(CLOCKS["foi"], valid_to=date(2026, 1, 1))

    assert "only until 2026-01-01" in due(old, date(2026, 3, 2), calendars=CALENDARS).warnings[0]


def test_a_sound_date_carries_no_warning() -> None:
    """Otherwise nobody would read them."""
    assert due(CLOCKS["foi"], date(2026, 3, 2), calendars=CALENDARS).warnings == ()
    assert due(CLOCKS["foi"], date(2022, 9, 12), calendars=CALENDARS).warnings == ()


def test_weeks_need_no_holidays_so_no_year_is_unknown() -> None:
    """Six weeks are six weeks in 2035."""
    assert due(CLOCKS["amend-final"], date(2035, 3, 2), calendars=CALENDARS).warnings == ()


@pytest.mark.parametrize(
    ("events", "start", "words"),
    [
        ({"lunch": date(2026, 3, 3)}, date(2026, 3, 2), "no event 'lunch'"),
        ({"ack": date(2026, 3, 1)}, date(2026, 3, 2), "before the start"),
        ({}, date(1066, 10, 14), "1066"),
    ],
)
def test_an_impossible_question_is_refused(
    events: dict[str, date], start: date, words: str
) -> None:
    """Each with a remedy."""
    with pytest.raises(ConfigError, match=words) as refused:
        due(CLOCKS["lgsco-s1"], start, calendars=CALENDARS, events=events)
    assert refused.value.remedy


def test_a_clock_that_takes_no_event_says_none() -> None:
    """The remedy lists what it takes."""
    with pytest.raises(ConfigError) as refused:
        due(CLOCKS["pap"], date(2026, 3, 2), calendars=CALENDARS, events={"x": date(2026, 3, 3)})
    assert refused.value.remedy == "Events that it takes: none."

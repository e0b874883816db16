"""The day that a phrase names, said on Wednesday 3 June 2026."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxwatch.domain.evidence.dates import FURTHEST, promised_day, weekends_only

SAID_ON = date(2026, 6, 3)


@pytest.mark.parametrize(
    ("phrase", "day"),
    [
        ("we will reply by friday 12 june", (2026, 6, 12)),
        ("by friday, 12th june 2026 at the latest", (2026, 6, 12)),
        ("12th of june", (2026, 6, 12)),
        ("on the 12th of june", (2026, 6, 12)),
        ("june 12th, 2026", (2026, 6, 12)),
        ("by 12/06/2026", (2026, 6, 12)),
        ("by 12/6", (2026, 6, 12)),
        ("by 12.6.26", (2026, 6, 12)),
        ("by 12-06-2026", (2026, 6, 12)),
        ("by 2026-06-12", (2026, 6, 12)),
        ("by 12-jun-2026", (2026, 6, 12)),
        ("by 12/june/2026", (2026, 6, 12)),
        ("by tues 16th", (2026, 6, 16)),
        ("on monday 8th", (2026, 6, 8)),
        ("by the 12th", (2026, 6, 12)),
        ("by the 1st", (2026, 7, 1)),
        ("by the 31st", (2026, 7, 31)),
        ("within 10 working days", (2026, 6, 17)),
        ("within ten (10) working days", (2026, 6, 17)),
        ("within 5-10 working days", (2026, 6, 17)),
        ("within two working weeks", (2026, 6, 17)),
        ("within 48 working hours", (2026, 6, 5)),
        ("within 48 hours", (2026, 6, 5)),
        ("within 0 working days", (2026, 6, 3)),
        ("within two weeks", (2026, 6, 17)),
        ("within a fortnight", (2026, 6, 17)),
        ("within the next fortnight", (2026, 6, 17)),
        ("in the next couple of days", (2026, 6, 5)),
        ("in a few days", (2026, 6, 8)),
        ("within three months", (2026, 9, 3)),
        ("tomorrow", (2026, 6, 4)),
        ("by close of play tomorrow", (2026, 6, 4)),
        ("the next working day", (2026, 6, 4)),
        ("by close of play", (2026, 6, 3)),
        ("later today", (2026, 6, 3)),
        ("by friday", (2026, 6, 5)),
        ("this friday", (2026, 6, 5)),
        ("by wednesday", (2026, 6, 10)),
        ("next friday", (2026, 6, 12)),
        ("next monday", (2026, 6, 8)),
        ("by tuesday next week", (2026, 6, 9)),
        ("by friday of next week", (2026, 6, 12)),
        ("friday week", (2026, 6, 12)),
        ("this week", (2026, 6, 5)),
        ("by the end of next week", (2026, 6, 12)),
        ("early next week", (2026, 6, 12)),
        ("w/c 8 june", (2026, 6, 12)),
        ("week commencing monday 8th june", (2026, 6, 12)),
        ("by the end of the month", (2026, 6, 30)),
        ("next month", (2026, 7, 31)),
        ("by the end of july", (2026, 7, 31)),
        ("by the end of january", (2027, 1, 31)),
        ("by 5 january", (2027, 1, 5)),
        ("by the end of the year", (2026, 12, 31)),
        ("o fewn 10 diwrnod gwaith", (2026, 6, 17)),
        ("erbyn dydd gwener", (2026, 6, 5)),
        ("erbyn dydd mawrth", (2026, 6, 9)),
        ("yr wythnos nesaf", (2026, 6, 12)),
        ("i spoke to her on monday and will reply by friday", (2026, 6, 5)),
        ("we will reply by friday 12 june about the meeting on 30 june", (2026, 6, 12)),
    ],
)
def test_a_phrase_names_a_day(phrase: str, day: tuple[int, int, int]) -> None:
    assert promised_day(phrase, SAID_ON) == date(*day)


@pytest.mark.parametrize(
    "phrase",
    [
        "we will be in touch",
        "by 31/02/2026",
        "by 30 feb",
        "by 29/02/2027",
        "by 12/2027",
        "on 12 may you wrote",
        "two weeks ago",
        "section 12.6 of the plan",
        "by 1 june 2031",
        "may i ring you",
        "by the end of may",
        "the 45th",
    ],
)
def test_what_names_no_day_to_come_promises_none(phrase: str) -> None:
    assert promised_day(phrase, SAID_ON) is None


def test_said_on_a_saturday_this_week_means_the_next_one() -> None:
    assert promised_day("this week", date(2026, 6, 6)) == date(2026, 6, 12)


def test_the_31st_is_sought_in_the_next_month_that_has_one() -> None:
    assert promised_day("by the 30th", date(2027, 1, 31)) == date(2027, 3, 30)


def test_working_days_are_counted_on_the_calendar_that_is_given() -> None:
    skips_a_week = lambda day, number: weekends_only(day, number) + timedelta(days=7)  # noqa: E731

    assert promised_day("within 10 working days", SAID_ON, skips_a_week) == date(2026, 6, 24)


@given(
    st.text(alphabet="abcdefghijklmnopqrstuvwxyz 0123456789/.-", max_size=80),
    st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 12, 31)),
)
def test_a_promised_day_never_lies_before_the_message_or_years_ahead(text: str, on: date) -> None:
    day = promised_day(f"we will reply by {text}", on)

    assert day is None or on <= day <= on + FURTHEST

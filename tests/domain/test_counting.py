"""Counting day by day: pauses, inclusive counts, rolls, and the tribunal's own calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxwatch.domain.allowance import Allowance, Days, FixedDate, Months, Weeks, WorkingDays
from inboxwatch.domain.calendar import EVERY_DAY, Calendar
from inboxwatch.domain.counting import Pause, Roll, add_months, count, rolled

OFFICE = Calendar(
    name="england-and-wales",
    dates=(
        (date(2025, 12, 25), "Christmas Day"),
        (date(2025, 12, 26), "Boxing Day"),
        (date(2026, 1, 1), "New Year's Day"),
        (date(2026, 8, 31), "Late Summer Bank Holiday"),
    ),
)
STARTS = st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 12, 31))
ALLOWANCES = st.one_of(
    st.builds(WorkingDays, count=st.integers(1, 40)),
    st.builds(Days, count=st.integers(1, 90)),
    st.builds(Weeks, count=st.integers(1, 20)),
    st.builds(Months, count=st.integers(1, 14)),
    st.builds(FixedDate, month=st.integers(1, 12), day=st.integers(1, 28)),
)


def last_day(start: date, allowance: Allowance, *, beginning_with: bool = False) -> date:
    """The last day of a count."""
    return count(start, allowance, OFFICE, beginning_with=beginning_with)[-1].on


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 12, 5), 1, date(2027, 1, 5)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
    ],
)
def test_months_end_on_the_corresponding_date_or_the_last_day(
    start: date, months: int, end: date
) -> None:
    """A month without that date ends on its last day."""
    assert add_months(start, months) == end


def test_a_count_beginning_with_its_first_day_ends_a_day_earlier() -> None:
    """The first day is number one, and there is no day zero."""
    days = count(date(2026, 3, 2), Days(count=15), EVERY_DAY, beginning_with=True)

    assert (days[0].on, days[0].number) == (date(2026, 3, 2), 1)
    assert (days[-1].on, days[-1].number) == (date(2026, 3, 16), 15)


def test_a_fixed_date_is_never_earlier_for_beginning_with_its_day() -> None:
    """There is nothing to count, so nothing to begin with."""
    day = FixedDate(month=2, day=15)

    assert last_day(date(2026, 2, 15), day, beginning_with=True) == date(2026, 2, 15)
    assert last_day(date(2026, 2, 16), day) == date(2027, 2, 15)


def test_paused_days_are_named_and_not_counted() -> None:
    """Three days of waiting for an answer move a ten-day count by three."""
    pause = Pause(first=date(2026, 3, 4), last=date(2026, 3, 6), reason="paused for a fee")

    days = count(date(2026, 3, 2), Days(count=10), EVERY_DAY, pauses=[pause])

    assert days[-1].on == date(2026, 3, 15)
    assert [d.on.day for d in days if d.note == "paused for a fee"] == [4, 5, 6]


def test_a_working_day_count_pauses_by_working_days() -> None:
    """A pause over a weekend costs only the days that would have counted."""
    pause = Pause(first=date(2026, 3, 6), last=date(2026, 3, 9), reason="paused")

    days = count(date(2026, 3, 2), WorkingDays(count=5), OFFICE, pauses=[pause])

    assert days[-1].on == date(2026, 3, 11)


@pytest.mark.parametrize(
    ("end", "roll", "moved"),
    [
        (date(2026, 3, 7), Roll.NONE, date(2026, 3, 7)),
        (date(2026, 3, 7), Roll.NEXT_WORKING_DAY, date(2026, 3, 9)),
        (date(2026, 3, 9), Roll.NEXT_WORKING_DAY, date(2026, 3, 9)),
        (date(2026, 3, 7), Roll.TRIBUNAL, date(2026, 3, 9)),
        (date(2026, 8, 1), Roll.TRIBUNAL, date(2026, 9, 1)),
        (date(2026, 8, 31), Roll.TRIBUNAL, date(2026, 9, 1)),
        (date(2026, 7, 31), Roll.TRIBUNAL, date(2026, 7, 31)),
        (date(2025, 12, 24), Roll.TRIBUNAL, date(2025, 12, 24)),
        (date(2025, 12, 25), Roll.TRIBUNAL, date(2026, 1, 2)),
        (date(2025, 12, 31), Roll.TRIBUNAL, date(2026, 1, 2)),
        (date(2026, 1, 1), Roll.TRIBUNAL, date(2026, 1, 2)),
    ],
)
def test_a_last_day_rolls_by_its_own_rule(end: date, roll: Roll, moved: date) -> None:
    """Not at all, to the next working day, or over August and the turn of the year."""
    counted = count(end - timedelta(days=5), Days(count=5), EVERY_DAY)

    assert rolled(counted, roll, OFFICE)[-1].on == moved


def test_a_roll_names_every_day_it_leaps_over() -> None:
    """From a Saturday to Monday: why not the Saturday, why not the Sunday."""
    counted = count(date(2026, 3, 2), Days(count=5), EVERY_DAY)

    days = rolled(counted, Roll.NEXT_WORKING_DAY, OFFICE)

    assert [(d.on.day, d.note) for d in days[-3:]] == [
        (7, "would be the last day, but: Saturday"),
        (8, "Sunday"),
        (9, "moved to here"),
    ]


def test_a_leap_over_august_says_whose_rule_it_is() -> None:
    """An ordinary Monday in August is skipped by the tribunal's rules."""
    counted = count(date(2026, 7, 29), Days(count=5), EVERY_DAY)

    days = rolled(counted, Roll.TRIBUNAL, OFFICE)

    assert "tribunal rules" in next(d.note for d in days if d.on == date(2026, 8, 3))


@given(start=STARTS, allowance=ALLOWANCES, beginning_with=st.booleans())
def test_the_numbers_run_without_a_gap_and_every_other_day_is_named(
    start: date, allowance: Allowance, beginning_with: bool
) -> None:
    """No day is missing, counted twice, or left out without a reason."""
    days = count(start, allowance, OFFICE, beginning_with=beginning_with)

    assert [d.on for d in days] == [days[0].on + timedelta(days=n) for n in range(len(days))]
    numbers = [d.number for d in days if d.number is not None]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert all(d.note for d in days if d.number is None)


@given(start=STARTS, allowance=ALLOWANCES, roll=st.sampled_from(Roll))
def test_a_later_start_never_ends_earlier(start: date, allowance: Allowance, roll: Roll) -> None:
    """Waiting a day to write never brings the last day forward."""
    today = rolled(count(start, allowance, OFFICE), roll, OFFICE)[-1].on
    tomorrow = rolled(count(start + timedelta(days=1), allowance, OFFICE), roll, OFFICE)[-1].on

    assert today <= tomorrow

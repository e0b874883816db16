"""Which days count: weekends, named holidays, terms; every skipped day has a name."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxwatch.domain.calendar import EVERY_DAY, Calendar, CalendarEnds

EASTER = Calendar(
    name="england-and-wales",
    dates=(
        (date(2026, 4, 3), "Good Friday"),
        (date(2026, 4, 6), "Easter Monday"),
        (date(2026, 4, 11), "a holiday on a Saturday"),
    ),
    known_from=date(2026, 1, 1),
    known_until=date(2026, 12, 31),
)
SCHOOL = Calendar(
    name="school",
    dates=((date(2026, 4, 20), "staff day"),),
    terms=((date(2026, 2, 23), date(2026, 3, 27)), (date(2026, 4, 13), date(2026, 5, 22))),
)
DAYS = st.dates(min_value=date(2025, 6, 1), max_value=date(2027, 6, 1))


def counted_one_by_one(calendar: Calendar, after: date, until: date) -> int:
    """The same count, as slowly and simply as can be."""
    total, day = 0, after
    while day < until:
        day += timedelta(days=1)
        total += calendar.skipped(day) is None
    return total


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 4, 2), None),
        (date(2026, 4, 3), "Good Friday"),
        (date(2026, 4, 4), "Saturday"),
        (date(2026, 4, 5), "Sunday"),
        (date(2026, 4, 6), "Easter Monday"),
    ],
)
def test_every_skipped_day_is_named(day: date, why: str | None) -> None:
    """A holiday by its name, a weekend day by its weekday."""
    assert EASTER.skipped(day) == why
    assert EASTER.is_working_day(day) is (why is None)


def test_the_nth_working_day_leaps_over_easter() -> None:
    """From Maundy Thursday the first working day is the Tuesday after."""
    assert EASTER.working_day_after(date(2026, 4, 2), 1) == date(2026, 4, 7)
    assert EASTER.working_day_after(date(2026, 4, 4), 1) == date(2026, 4, 7)
    assert EASTER.working_day_after(date(2026, 4, 2), 4) == date(2026, 4, 10)


def test_no_working_day_is_the_zeroth_after() -> None:
    """A count of working days begins at one."""
    with pytest.raises(ValueError, match="at least 1"):
        EASTER.working_day_after(date(2026, 4, 2), 0)


def test_rolling_goes_to_the_nearest_working_day_either_way() -> None:
    """Good Friday rolls on to Tuesday and back to Thursday; a working day stays."""
    assert EASTER.on_or_after(date(2026, 4, 3)) == date(2026, 4, 7)
    assert EASTER.on_or_before(date(2026, 4, 6)) == date(2026, 4, 2)
    assert EASTER.on_or_after(date(2026, 4, 7)) == date(2026, 4, 7)
    assert EASTER.on_or_before(date(2026, 4, 7)) == date(2026, 4, 7)


def test_calendar_days_all_count() -> None:
    """Christmas is a day like any other."""
    assert EVERY_DAY.skipped(date(2026, 12, 25)) is None
    assert EVERY_DAY.working_days_between(date(2026, 12, 24), date(2026, 12, 31)) == 7


def test_a_day_is_known_only_within_the_published_years() -> None:
    """The first and last published day are known, their neighbours are not."""
    assert EASTER.is_known(date(2026, 1, 1))
    assert EASTER.is_known(date(2026, 12, 31))
    assert not EASTER.is_known(date(2025, 12, 31))
    assert not EASTER.is_known(date(2027, 1, 1))


def test_only_days_in_term_are_school_days() -> None:
    """The Easter break and a staff day are left out, each by name."""
    assert SCHOOL.skipped(date(2026, 3, 30)) == "not in term"
    assert SCHOOL.skipped(date(2026, 4, 20)) == "staff day"
    assert SCHOOL.working_day_after(date(2026, 3, 26), 2) == date(2026, 4, 13)
    assert SCHOOL.on_or_before(date(2026, 4, 12)) == date(2026, 3, 27)
    assert SCHOOL.working_days_between(date(2026, 3, 26), date(2026, 4, 21)) == 7


def test_a_count_beyond_the_last_term_says_so() -> None:
    """It cannot end, so it is refused with what to do."""
    with pytest.raises(CalendarEnds, match="2026-05-22") as refused:
        SCHOOL.working_day_after(date(2026, 5, 20), 10)
    assert "term-date file" in refused.value.remedy


def test_a_day_before_the_first_term_has_no_school_day_before_it() -> None:
    """Looking back ends too."""
    with pytest.raises(CalendarEnds, match="begin after"):
        SCHOOL.on_or_before(date(2026, 2, 22))


@given(after=DAYS, length=st.integers(-5, 400))
@pytest.mark.parametrize("calendar", [EASTER, SCHOOL, EVERY_DAY], ids=lambda c: c.name)
def test_counting_between_agrees_with_counting_one_by_one(
    calendar: Calendar, after: date, length: int
) -> None:
    """The quick count and the slow one give the same number."""
    until = after + timedelta(days=length)

    assert calendar.working_days_between(after, until) == counted_one_by_one(calendar, after, until)


def test_holidays_count_off_even_where_weekends_do_not() -> None:
    """A calendar without weekends still knows its holidays."""
    always_open = Calendar(
        name="own", has_weekends=False, dates=((date(2026, 4, 5), "Easter Sunday"),)
    )

    assert always_open.working_days_between(date(2026, 4, 3), date(2026, 4, 6)) == 2


@given(day=DAYS, number=st.integers(1, 60))
def test_the_nth_working_day_works_and_has_n_working_days_up_to_it(day: date, number: int) -> None:
    """It is a working day, and the number-th after the start."""
    found = EASTER.working_day_after(day, number)

    assert EASTER.is_working_day(found)
    assert EASTER.working_days_between(day, found) == number

"""What holds for every preset at every moment: order, explanation, working days."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from inboxwatch.adapters.holidays import calendars
from inboxwatch.adapters.presets import load
from inboxwatch.domain.allowance import Days, WorkingDays
from inboxwatch.domain.calendar import Calendar
from inboxwatch.domain.clocks import Clock, Party
from inboxwatch.domain.counting import Roll
from inboxwatch.domain.due import due

CLOCKS = load().clocks
TERMS = Calendar(
    name="school",
    terms=tuple((date(year, 1, 5), date(year, 12, 18)) for year in range(2020, 2036)),
)
ALL = {**calendars(), "school": TERMS}
MOMENTS = st.datetimes(
    min_value=datetime(2021, 1, 1),
    max_value=datetime(2027, 12, 31),
    timezones=st.just(UTC),
)
PRESETS = st.sampled_from(sorted(CLOCKS))


@given(moment=MOMENTS, hours=st.integers(0, 400), preset=PRESETS)
def test_writing_later_never_brings_a_date_forward(
    moment: datetime, hours: int, preset: str
) -> None:
    """Every date of every preset is monotone in the start."""
    one = due(CLOCKS[preset], moment, calendars=ALL)
    two = due(CLOCKS[preset], moment + timedelta(hours=hours), calendars=ALL)

    assert one.received_on <= two.received_on
    assert one.due_on <= two.due_on
    assert one.latest_on <= two.latest_on
    assert one.overdue_from <= two.overdue_from


@given(moment=MOMENTS, preset=PRESETS, extended=st.booleans())
def test_the_explained_count_ends_on_the_due_date(
    moment: datetime, preset: str, extended: bool
) -> None:
    """Day by day without a gap, every skipped day named, the last one due_on."""
    result = due(CLOCKS[preset], moment, calendars=ALL, extended=extended)

    days = result.count
    assert days[-1].on == result.due_on
    assert [d.on for d in days] == [days[0].on + timedelta(days=n) for n in range(len(days))]
    assert all(day.note for day in days if day.number is None)


@given(moment=MOMENTS, preset=PRESETS)
def test_a_due_date_counted_or_rolled_by_working_days_is_one(moment: datetime, preset: str) -> None:
    """It never falls on a holiday or weekend."""
    clock = CLOCKS[preset]
    result = due(clock, moment, calendars=ALL)

    if isinstance(clock.due, WorkingDays) or clock.roll is not Roll.NONE:
        by = clock.roll_calendars[0] if clock.roll_calendars else clock.calendar
        assert ALL[by].is_working_day(result.due_on)
        assert result.overdue_from > result.due_on


@given(moment=MOMENTS, preset=PRESETS)
def test_dates_stand_in_their_natural_order(moment: datetime, preset: str) -> None:
    """Received, chase, due, latest, overdue; and the user's safe day is not after the due day."""
    result = due(CLOCKS[preset], moment, calendars=ALL)

    assert result.received_on <= result.due_on <= result.latest_on
    assert result.chase_on is None or result.received_on < result.chase_on <= result.due_on
    by_user = CLOCKS[preset].whose is Party.USER
    assert by_user is (result.safe_on is not None)
    assert result.safe_on is None or result.safe_on <= result.due_on
    assert result.overdue_from == (result.due_on if by_user else result.latest_on) + timedelta(1)


@given(start=st.dates(date(2020, 1, 1), date(2027, 12, 31)), days=st.integers(1, 60))
def test_calendar_days_are_just_that(start: date, days: int) -> None:
    """No holiday and no weekend moves them."""
    clock = Clock(id="own", title="Own", due=Days(count=days), calendar="calendar-days")

    assert due(clock, start, calendars=ALL).due_on == start + timedelta(days=days)

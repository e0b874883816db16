"""When a digest may come."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxwatch.adapters.holidays import calendars
from inboxwatch.application.slots import WEEKDAYS, Slots, is_urgent, slots
from inboxwatch.domain.london import local
from tests.builders_reminders import a_reminder, an_undelivered

ENGLAND = calendars()["england-and-wales"]
WORKDAYS = slots(WEEKDAYS[:5], time(9, 0), calendar=ENGLAND)
MOMENTS = st.datetimes(
    timezones=st.just(UTC),
    min_value=datetime(2024, 1, 1),
    max_value=datetime(2030, 1, 1),
)
DAYS = st.sets(st.integers(0, 6), min_size=1).map(frozenset)
HOURS = st.times().map(lambda t: t.replace(microsecond=0, fold=0))


@st.composite
def any_slots(draw: st.DrawFn) -> Slots:
    """Any choice that is allowed, quiet hours over midnight or not."""
    at_time, quiet_from, quiet_until = draw(HOURS), draw(HOURS), draw(HOURS)
    begins, ends = quiet_from, quiet_until
    quiet = (begins <= at_time < ends) if begins <= ends else (at_time >= begins or at_time < ends)
    if quiet:
        quiet_from = quiet_until = time(0, 0)
    return Slots(
        weekdays=draw(DAYS),
        at_time=at_time,
        regular=draw(DAYS),
        quiet_from=quiet_from,
        quiet_until=quiet_until,
        holidays=frozenset(day for day, _ in ENGLAND.dates),
    )


@given(
    any_slots(),
    MOMENTS,
    st.none() | st.dates(date(2024, 1, 1), date(2030, 1, 1)),
    st.booleans(),
)
def test_never_at_night_never_twice_a_day_never_on_a_holiday(
    chosen: Slots, now: datetime, last: date | None, urgent: bool
) -> None:
    found = chosen.next_after(now, last_sent_on=last, urgent=urgent)
    day = local(found).date()
    assert found >= now
    assert day != last
    assert day.weekday() in chosen.weekdays
    assert ENGLAND.skipped(day) in (None, "Saturday", "Sunday")
    assert not chosen.is_quiet(found)
    assert chosen.is_open(found)
    assert urgent or chosen.is_regular(day)


@given(MOMENTS, st.booleans())
def test_what_is_news_never_waits_longer_than_a_bank_holiday_weekend(
    now: datetime, urgent: bool
) -> None:
    found = WORKDAYS.next_after(now, last_sent_on=None, urgent=urgent)
    assert found - now < timedelta(days=7 if urgent else 14)
    assert time(9, 0) <= local(found).time().replace(microsecond=0) < time(20, 0)


@given(MOMENTS)
def test_on_at_most_one_day_a_week_comes_the_regular_digest(now: datetime) -> None:
    days = [local(now).date() + timedelta(days=n) for n in range(28)]
    regular = [day for day in days if WORKDAYS.is_regular(day)]
    assert 3 <= len(regular) <= 5
    assert all(day.weekday() == 0 or _holiday_before(day) for day in regular)


def _holiday_before(day: date) -> bool:
    monday = day - timedelta(days=day.weekday())
    return all(not WORKDAYS.is_permitted(monday + timedelta(n)) for n in range(day.weekday()))


def test_within_the_day_it_goes_at_once() -> None:
    now = datetime(2026, 6, 1, 10, 30, tzinfo=UTC)
    assert WORKDAYS.next_after(now, last_sent_on=None) == now


def test_after_todays_digest_the_next_comes_tomorrow_at_nine() -> None:
    now = datetime(2026, 6, 1, 10, 30, tzinfo=UTC)
    found = WORKDAYS.next_after(now, last_sent_on=date(2026, 6, 1))
    assert found == datetime(2026, 6, 2, 8, 0, tzinfo=UTC)


def test_what_repeats_waits_for_monday() -> None:
    tuesday = datetime(2026, 6, 2, 10, 30, tzinfo=UTC)
    found = WORKDAYS.next_after(tuesday, last_sent_on=None, urgent=False)
    assert found == datetime(2026, 6, 8, 8, 0, tzinfo=UTC)


def test_a_regular_day_that_is_a_bank_holiday_moves_to_the_next() -> None:
    """Monday 25 May 2026 is the spring bank holiday."""
    friday = datetime(2026, 5, 22, 20, 0, tzinfo=UTC)
    found = WORKDAYS.next_after(friday, last_sent_on=None, urgent=False)
    assert found == datetime(2026, 5, 26, 8, 0, tzinfo=UTC)
    assert not WORKDAYS.is_open(datetime(2026, 5, 25, 10, 0, tzinfo=UTC))


def test_on_friday_evening_it_waits_until_monday() -> None:
    now = datetime(2026, 6, 5, 20, 0, tzinfo=UTC)
    assert WORKDAYS.next_after(now, last_sent_on=None) == datetime(2026, 6, 8, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("evening", "nine"),
    [
        (datetime(2026, 3, 28, 21, 0, tzinfo=UTC), datetime(2026, 3, 29, 8, tzinfo=UTC)),
        (datetime(2026, 10, 24, 21, 0, tzinfo=UTC), datetime(2026, 10, 25, 9, tzinfo=UTC)),
    ],
)
def test_nine_stays_nine_when_the_clocks_change(evening: datetime, nine: datetime) -> None:
    every_day = slots(WEEKDAYS, time(9, 0))
    assert every_day.next_after(evening, last_sent_on=None) == nine


def test_quiet_hours_within_a_day_are_quiet_too() -> None:
    """A night worker may be woken in the evening and not at noon."""
    night = slots(WEEKDAYS, time(18, 0), quiet_from=time(7, 0), quiet_until=time(16, 0))
    assert night.is_quiet(datetime(2026, 6, 1, 11, 0, tzinfo=UTC))
    assert not night.is_quiet(datetime(2026, 6, 1, 22, 0, tzinfo=UTC))
    assert night.is_open(datetime(2026, 6, 1, 22, 30, tzinfo=UTC))
    assert not night.is_open(datetime(2026, 6, 1, 11, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    "choice",
    [
        {"weekdays": frozenset()},
        {"regular": frozenset()},
        {"at_time": time(23, 0)},
    ],
)
def test_a_choice_by_which_nothing_could_come_is_refused(choice: dict[str, object]) -> None:
    base: dict[str, object] = {"weekdays": frozenset({0}), "at_time": time(9, 0)}
    with pytest.raises(ValueError, match="digest"):
        Slots(**(base | choice))  # type: ignore[arg-type]


def test_a_year_of_holidays_is_said_and_not_waited_for() -> None:
    start = date(2026, 1, 1)
    never = Slots(
        weekdays=frozenset(range(7)),
        at_time=time(9),
        holidays=frozenset(start + timedelta(days=n) for n in range(900)),
    )
    now = datetime(2027, 2, 20, tzinfo=UTC)
    assert not never.is_regular(date(2027, 2, 15))
    with pytest.raises(ValueError, match="holiday"):
        never.next_after(now, last_sent_on=None)


def test_only_news_is_urgent() -> None:
    assert is_urgent((a_reminder(),))
    assert is_urgent((a_reminder("b", key_step="overdue-2"), an_undelivered()))
    assert is_urgent((a_reminder(key_step="own-deadline-9m"),))
    assert not is_urgent((a_reminder(key_step="overdue-2"), a_reminder(key_step="promise-passed")))
    assert not is_urgent(())


def test_a_day_on_which_nothing_may_come_is_no_regular_day() -> None:
    assert not WORKDAYS.is_regular(date(2026, 5, 25))
    assert not slots(WEEKDAYS[1:5], time(9, 0)).is_regular(date(2026, 6, 1))


def test_the_regular_digest_moves_past_a_whole_month_of_holidays() -> None:
    after = date(2026, 4, 1)
    closed = frozenset(after - timedelta(days=n) for n in range(1, 31))
    chosen = Slots(
        weekdays=frozenset(range(7)), at_time=time(9, 0), regular=frozenset({0}), holidays=closed
    )
    assert chosen.is_regular(after)
    assert not chosen.is_regular(after + timedelta(days=1))

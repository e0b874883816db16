"""When a digest may come."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from inboxwatch.application.slots import WEEKDAYS, Slots, slots
from inboxwatch.domain.london import local

WORKDAYS = slots(WEEKDAYS[:5], time(9, 0))
MOMENTS = st.datetimes(
    timezones=st.just(UTC),
    min_value=datetime(2024, 1, 1),
    max_value=datetime(2030, 1, 1),
)


@given(
    MOMENTS,
    st.sets(st.integers(0, 6), min_size=1),
    st.none() | st.dates(date(2024, 1, 1), date(2030, 1, 1)),
)
def test_never_at_night_never_twice_a_day_never_on_another_weekday(
    now: datetime, weekdays: set[int], last: date | None
) -> None:
    chosen = Slots(weekdays=frozenset(weekdays), at_time=time(9, 0))
    found = chosen.next_after(now, last_sent_on=last)
    here = local(found)
    assert found >= now
    assert found - now < timedelta(days=16)
    assert here.weekday() in weekdays
    assert here.date() != last
    assert time(9, 0) <= here.time().replace(microsecond=0) < time(20, 0)


def test_within_the_day_it_goes_at_once() -> None:
    now = datetime(2026, 6, 1, 10, 30, tzinfo=UTC)
    assert WORKDAYS.next_after(now, last_sent_on=None) == now


def test_after_todays_digest_the_next_comes_tomorrow_at_nine() -> None:
    now = datetime(2026, 6, 1, 10, 30, tzinfo=UTC)
    found = WORKDAYS.next_after(now, last_sent_on=date(2026, 6, 1))
    assert found == datetime(2026, 6, 2, 8, 0, tzinfo=UTC)


def test_on_friday_evening_it_waits_until_monday() -> None:
    now = datetime(2026, 6, 5, 20, 0, tzinfo=UTC)
    assert WORKDAYS.next_after(now, last_sent_on=None) == datetime(2026, 6, 8, 8, 0, tzinfo=UTC)


def test_nine_stays_nine_when_the_clocks_change() -> None:
    saturday = datetime(2026, 3, 28, 21, 0, tzinfo=UTC)
    every_day = slots(WEEKDAYS, time(9, 0))
    assert every_day.next_after(saturday, last_sent_on=None) == datetime(2026, 3, 29, 8, tzinfo=UTC)


def test_without_any_weekday_nothing_is_held_back_for_ever() -> None:
    now = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
    assert Slots(weekdays=frozenset(), at_time=time(9)).next_after(now, last_sent_on=None) == now

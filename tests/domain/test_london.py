"""Local time: the London day and hour, right on both sides of each clock change."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from inboxwatch.domain.london import is_after_hours, local, local_day


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 28, 23, 59, tzinfo=UTC), date(2026, 3, 28)),  # still GMT
        (datetime(2026, 3, 29, 22, 59, tzinfo=UTC), date(2026, 3, 29)),  # BST: 23:59
        (datetime(2026, 3, 29, 23, 0, tzinfo=UTC), date(2026, 3, 30)),  # BST: midnight
        (datetime(2026, 10, 24, 22, 59, tzinfo=UTC), date(2026, 10, 24)),
        (datetime(2026, 10, 24, 23, 30, tzinfo=UTC), date(2026, 10, 25)),  # BST: half past twelve
        (datetime(2026, 10, 25, 23, 59, tzinfo=UTC), date(2026, 10, 25)),  # GMT again
        (datetime(2026, 6, 1, 1, 0, tzinfo=timezone(timedelta(hours=5))), date(2026, 5, 31)),
    ],
)
def test_the_day_is_londons_at_both_clock_changes(moment: datetime, day: date) -> None:
    """Whatever zone a moment is written in, its day is the one in London."""
    assert local_day(moment) == day


@pytest.mark.parametrize(
    ("moment", "after"),
    [
        (datetime(2026, 6, 1, 15, 59, tzinfo=UTC), False),  # 16:59 BST
        (datetime(2026, 6, 1, 16, 0, tzinfo=UTC), False),  # 17:00 BST
        (datetime(2026, 6, 1, 16, 1, tzinfo=UTC), True),  # 17:01 BST
        (datetime(2026, 1, 5, 16, 59, tzinfo=UTC), False),
        (datetime(2026, 1, 5, 17, 0, tzinfo=UTC), False),
        (datetime(2026, 1, 5, 17, 0, 1, tzinfo=UTC), True),
        (datetime(2026, 1, 5, 17, 1, tzinfo=UTC), True),
    ],
)
def test_five_oclock_is_londons_in_summer_and_winter(moment: datetime, after: bool) -> None:
    """17:00 itself is still in time."""
    assert is_after_hours(moment) is after


def test_a_bare_date_is_that_day_and_before_five() -> None:
    """No hour is known, so none is held against anyone."""
    assert local_day(date(2026, 6, 1)) == date(2026, 6, 1)
    assert not is_after_hours(date(2026, 6, 1))


def test_a_moment_without_a_zone_is_refused() -> None:
    """It could be any day."""
    with pytest.raises(ValueError, match="time zone"):
        local(datetime(2026, 6, 1, 12, 0))

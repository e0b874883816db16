"""What holds of every message, whoever made it."""

from datetime import datetime

import pytest

from tests.builders import from_us


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="must have a time zone"):
        from_us(datetime(2026, 7, 1, 9, 0))

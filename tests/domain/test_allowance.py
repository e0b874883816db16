"""Time allowances: their short form, their words, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxwatch.domain.allowance import (
    Allowance,
    BadAllowance,
    Days,
    FixedDate,
    Months,
    Weeks,
    WorkingDays,
    parse_allowance,
)
from inboxwatch.domain.errors import ConfigError

ALLOWANCES = st.one_of(
    st.builds(WorkingDays, count=st.integers(1, 9999)),
    st.builds(Days, count=st.integers(1, 9999)),
    st.builds(Weeks, count=st.integers(1, 9999)),
    st.builds(Months, count=st.integers(1, 9999)),
    st.builds(FixedDate, month=st.integers(1, 12), day=st.integers(1, 28)),
)


@pytest.mark.parametrize(
    ("text", "meant", "words"),
    [
        ("10wd", WorkingDays(count=10), "10 working days"),
        ("1wd", WorkingDays(count=1), "1 working day"),
        ("14d", Days(count=14), "14 days"),
        ("1 day", Days(count=1), "1 day"),
        ("6w", Weeks(count=6), "6 weeks"),
        (" 1MO ", Months(count=1), "1 month"),
        ("12 months", Months(count=12), "12 months"),
        ("10 working days", WorkingDays(count=10), "10 working days"),
        ("15feb", FixedDate(month=2, day=15), "15 February"),
        ("31 march", FixedDate(month=3, day=31), "31 March"),
    ],
)
def test_a_time_is_read_and_said_in_plain_words(text: str, meant: Allowance, words: str) -> None:
    """Short forms and words mean the same."""
    assert parse_allowance(text) == meant
    assert str(meant) == words


@given(allowance=ALLOWANCES)
def test_short_form_and_words_both_read_back(allowance: Allowance) -> None:
    """Nothing is lost by writing it down."""
    assert parse_allowance(allowance.code) == allowance
    assert parse_allowance(str(allowance)) == allowance


@pytest.mark.parametrize(
    "text",
    ["", "10", "wd", "0wd", "-3d", "10m", "10000d", "1.5w", "29feb", "31apr", "32 may", "٣d", "xx"],
)
def test_anything_else_is_refused_with_the_forms_that_work(text: str) -> None:
    """The error is a configuration error and a ValueError, and names what to write."""
    with pytest.raises(BadAllowance) as refused:
        parse_allowance(text)

    assert isinstance(refused.value, ConfigError)
    assert isinstance(refused.value, ValueError)
    assert "10wd" in refused.value.remedy


def test_a_month_that_does_not_exist_is_no_fixed_date() -> None:
    """Built by hand, it is refused as well."""
    with pytest.raises(BadAllowance, match="month 13"):
        FixedDate(month=13, day=1)

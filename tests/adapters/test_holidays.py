"""Calendars from the library and the user's files: every nation's days, every fault at once."""

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from inboxwatch.adapters.holidays import calendars
from inboxwatch.domain.calendar import CALENDAR_NAMES, Calendar
from inboxwatch.domain.errors import ConfigError

CALENDARS = calendars()


def test_every_calendar_is_there_but_the_schools() -> None:
    """School terms come only from the user."""
    assert set(CALENDARS) == set(CALENDAR_NAMES) - {"school"}
    assert all(name == calendar.name for name, calendar in CALENDARS.items())


@pytest.mark.parametrize(
    ("name", "day", "why"),
    [
        ("england-and-wales", date(2026, 4, 6), "Easter Monday"),
        ("scotland", date(2026, 4, 6), None),
        ("northern-ireland", date(2026, 4, 6), "Easter Monday"),
        ("england-and-wales", date(2026, 8, 31), "Late Summer Bank Holiday"),
        ("scotland", date(2026, 8, 31), None),
        ("scotland", date(2026, 1, 2), "New Year Holiday"),
        ("england-and-wales", date(2026, 1, 2), None),
        ("england-and-wales", date(2026, 12, 28), "Boxing Day (observed)"),
        ("england-and-wales", date(2022, 5, 30), None),
        ("england-and-wales", date(2022, 9, 19), "State Funeral of Queen Elizabeth II"),
        ("england-and-wales", date(2020, 5, 4), None),
        ("northern-ireland", date(2026, 3, 17), "Saint Patrick's Day"),
        ("england-and-wales", date(2026, 6, 15), None),
    ],
)
def test_each_nation_has_its_own_days(name: str, day: date, why: str | None) -> None:
    """Moved, added and national holidays are where gov.uk has them."""
    assert CALENDARS[name].skipped(day) == why


def test_coronation_and_ve_day_are_holidays() -> None:
    """One-off days of 2020 and 2023."""
    office = CALENDARS["england-and-wales"]
    assert not office.is_working_day(date(2020, 5, 8))
    assert not office.is_working_day(date(2023, 5, 8))


@pytest.mark.parametrize(
    ("day", "nation"),
    [
        (date(2026, 1, 2), "Scotland"),
        (date(2026, 3, 17), "Northern Ireland"),
        (date(2026, 6, 15), "Scotland"),
        (date(2026, 7, 13), "Northern Ireland"),
        (date(2026, 8, 3), "Scotland"),
        (date(2026, 11, 30), "Scotland"),
    ],
)
def test_the_union_names_the_nation_of_a_day_that_is_not_everywhere(day: date, nation: str) -> None:
    """So that a parent in Kent sees why it is left out."""
    assert (CALENDARS["any-uk"].skipped(day) or "").endswith(f"({nation})")
    assert CALENDARS["england-and-wales"].is_working_day(day)


def test_the_union_is_exactly_every_nations_days() -> None:
    """No more, no less, over the published years."""
    day = date(2012, 1, 1)
    parts = [CALENDARS[n] for n in ("england-and-wales", "scotland", "northern-ireland")]
    while day <= date(2028, 12, 31):
        everywhere = all(part.is_working_day(day) for part in parts)
        assert CALENDARS["any-uk"].is_working_day(day) is everywhere, day
        day += timedelta(days=1)


def test_dates_after_2028_are_computed_and_not_known() -> None:
    """gov.uk publishes to the end of 2028."""
    for name in ("england-and-wales", "any-uk"):
        assert CALENDARS[name].is_known(date(2028, 12, 31))
        assert not CALENDARS[name].is_known(date(2029, 1, 1))
        assert not CALENDARS[name].is_working_day(date(2029, 12, 25))
        assert CALENDARS[name].version.startswith("holidays ")


def write(path: Path, text: str) -> Path:
    """Write a file of the user's."""
    path.write_text(text, encoding="utf-8")
    return path


def test_a_holiday_of_your_own_counts_where_you_say_and_in_the_union(tmp_path: Path) -> None:
    """A newly proclaimed day can be added before the library knows it."""
    own = write(
        tmp_path / "holidays.toml",
        '[[holiday]]\non = 2027-05-10\nname = "A new day"\ncalendars = ["england-and-wales"]\n'
        "[[holiday]]\non = 2027-05-11\n",
    )

    made = calendars(holiday_file=own)

    assert made["england-and-wales"].skipped(date(2027, 5, 10)) == "A new day"
    assert made["any-uk"].skipped(date(2027, 5, 10)) == "A new day"
    assert made["scotland"].is_working_day(date(2027, 5, 10))
    assert made["scotland"].skipped(date(2027, 5, 11)) == "a holiday of your own file"
    assert made["scotland"].version.endswith("and your own")
    assert CALENDARS["england-and-wales"].is_working_day(date(2027, 5, 10))


def test_term_dates_make_the_school_calendar(tmp_path: Path) -> None:
    """Terms, bank holidays within them, and days on which the school is closed."""
    terms = write(
        tmp_path / "term-dates.toml",
        '[[term]]\nname = "Summer 1"\nfirst = 2026-04-13\nlast = 2026-05-22\n'
        "[[term]]\nfirst = 2026-06-01\nlast = 2026-07-17\n"
        '[[closure]]\non = 2026-04-13\nname = "staff day"\n[[closure]]\non = 2026-06-01\n',
    )

    school: Calendar = calendars(term_file=terms)["school"]

    assert school.skipped(date(2026, 4, 13)) == "staff day"
    assert school.skipped(date(2026, 6, 1)) == "the school is closed"
    assert school.skipped(date(2026, 5, 4)) == "May Day"
    assert school.skipped(date(2026, 5, 26)) == "not in term"
    assert school.working_day_after(date(2026, 5, 21), 2) == date(2026, 6, 2)
    assert school.is_known(date(2026, 7, 17))
    assert not school.is_known(date(2026, 7, 18))


def test_every_fault_of_both_files_is_told_at_once_with_its_place(tmp_path: Path) -> None:
    """One run, one list."""
    own = write(
        tmp_path / "holidays.toml",
        '[[holiday]]\non = "2027-05-10"\n[[holiday]]\non = 2027-05-10\nname = 3\n'
        '[[holiday]]\non = 2027-05-10\ncalendars = ["mars"]\nwhy = "x"\n[extra]\n',
    )
    terms = write(
        tmp_path / "term-dates.toml",
        "[[term]]\nfirst = 2026-05-22\nlast = 2026-04-13\n"
        "[[term]]\nfirst = 2026-05-22\nstop = 1\n"
        "[[closure]]\non = 2026-05-22T10:00:00\nwho = 1\n",
    )

    with pytest.raises(ConfigError) as refused:
        calendars(holiday_file=own, term_file=terms)

    faults = "\n".join(refused.value.faults)
    for words in (
        "holidays.toml: extra: no such table",
        "holiday 1: on: must be a date",
        "holiday 2: name: must be text",
        "holiday 3: why: unknown key",
        "holiday 3: calendars: must be a list of",
        "term 1: last: 2026-04-13 lies before first",
        "term 2: stop: unknown key",
        "term 2: last: must be a date",
        "closure 1: on: must be a date",
        "closure 1: who: unknown key",
    ):
        assert words in faults
    assert len(refused.value.faults) == 10


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("term = 3\n", "must be written [[term]]"),
        ("this is not toml\n", "is not TOML"),
        ("", "there is none"),
    ],
)
def test_a_term_file_without_terms_is_refused(tmp_path: Path, text: str, words: str) -> None:
    """Each says what to write."""
    with pytest.raises(ConfigError) as refused:
        calendars(term_file=write(tmp_path / "term-dates.toml", text))
    assert any(words in fault for fault in refused.value.faults)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """With the reason of the system."""
    with pytest.raises(ConfigError, match=r"holidays\.toml: cannot be read"):
        calendars(holiday_file=tmp_path / "holidays.toml")


def test_only_the_united_kingdom_is_loaded_and_says_the_same() -> None:
    """The library's package would load every country; what it then says is no different."""
    program = """
import sys
from inboxwatch.adapters.holidays import calendars
found = {c: dict(calendars()[c].dates) for c in ("scotland", "northern-ireland")}
assert "holidays.countries.france" not in sys.modules
import holidays
for calendar, nation in (("scotland", "SCT"), ("northern-ireland", "NIR")):
    days = holidays.country_holidays("GB", subdiv=nation, years=range(2000, 2041))
    assert found[calendar] == dict(days.items()), calendar
assert holidays.country_holidays("FR", years=2026)
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)

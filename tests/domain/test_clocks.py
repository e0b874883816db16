"""Clocks and due dates: start rules, softer and outer days, warnings, refusals."""

from datetime import UTC, date, datetime, timedelta

import pytest

from inboxwatch.adapters.holidays import calendars
from inboxwatch.adapters.presets import load
from inboxwatch.domain.allowance import BadAllowance, WorkingDays
from inboxwatch.domain.calendar import Calendar
from inboxwatch.domain.clocks import Clock, Start, find_clock, plain_clock
from inboxwatch.domain.due import due
from inboxwatch.domain.errors import ConfigError

CALENDARS = calendars()
CLOCKS = load().clocks
TERMS = Calendar(
    name="school",
    terms=tuple((date(year, 1, 5), date(year, 12, 18)) for year in range(2020, 2036)),
)
ALL = {**CALENDARS, "school": TERMS}


@pytest.mark.parametrize(
    ("moment", "received"),
    [
        (datetime(2026, 6, 1, 15, 59, tzinfo=UTC), date(2026, 6, 1)),  # 16:59 BST, Monday
        (datetime(2026, 6, 1, 16, 0, tzinfo=UTC), date(2026, 6, 1)),  # 17:00 BST
        (datetime(2026, 6, 1, 16, 1, tzinfo=UTC), date(2026, 6, 2)),  # 17:01 BST
        (datetime(2026, 1, 5, 16, 59, tzinfo=UTC), date(2026, 1, 5)),  # 16:59 GMT, Monday
        (datetime(2026, 1, 5, 17, 0, tzinfo=UTC), date(2026, 1, 5)),  # 17:00 GMT
        (datetime(2026, 1, 5, 17, 1, tzinfo=UTC), date(2026, 1, 6)),  # 17:01 GMT
        (datetime(2026, 3, 27, 17, 30, tzinfo=UTC), date(2026, 3, 30)),  # GMT; then the change
        (datetime(2026, 3, 30, 16, 30, tzinfo=UTC), date(2026, 3, 31)),  # 17:30 BST
        (datetime(2026, 10, 23, 16, 30, tzinfo=UTC), date(2026, 10, 26)),  # 17:30 BST, Friday
        (datetime(2026, 10, 26, 16, 30, tzinfo=UTC), date(2026, 10, 26)),  # 16:30 GMT, Monday
        (datetime(2026, 4, 2, 17, 0, tzinfo=UTC), date(2026, 4, 7)),  # 18:00 before Easter
        (datetime(2026, 4, 5, 9, 0, tzinfo=UTC), date(2026, 4, 7)),  # Easter Sunday
    ],
)
def test_after_five_or_on_a_day_off_counts_as_the_next_working_day(
    moment: datetime, received: date
) -> None:
    """17:00 is London's, in summer and in winter and across both clock changes."""
    result = due(CLOCKS["ehcna-decision"], moment, calendars=CALENDARS)

    assert result.received_on == received
    assert result.due_on == received + timedelta(weeks=6)


def test_a_late_email_explains_the_days_before_its_count() -> None:
    """The evening it was sent and the days off that follow are named."""
    sent = datetime(2026, 4, 2, 17, 0, tzinfo=UTC)

    result = due(CLOCKS["ordinary-email"], sent, calendars=CALENDARS)

    assert [(day.on.day, day.note) for day in result.count[:6]] == [
        (2, "sent: after 5 pm"),
        (3, "Good Friday"),
        (4, "Saturday"),
        (5, "Sunday"),
        (6, "Easter Monday"),
        (7, "received"),
    ]
    assert [day.received_later for day in result.count[:3]] == ["after 5 pm", "", ""]


def test_an_foi_request_is_received_when_it_lands() -> None:
    """A minute before midnight on a Sunday is that Sunday."""
    result = due(CLOCKS["foi"], datetime(2026, 6, 14, 22, 59, tzinfo=UTC), calendars=CALENDARS)

    assert result.received_on == date(2026, 6, 14)
    assert result.due_on == date(2026, 7, 14)


def test_a_plain_time_counts_from_the_local_day_of_sending() -> None:
    """Day 0 is the day it was sent, whatever the hour."""
    result = due(plain_clock("10wd"), datetime(2026, 5, 20, 21, 0, tzinfo=UTC), calendars=CALENDARS)

    assert (result.received_on, result.due_on) == (date(2026, 5, 20), date(2026, 6, 4))
    assert result.overdue_from == date(2026, 6, 5)
    assert result.clock.id == "10wd"


def test_a_moment_without_a_time_zone_is_refused() -> None:
    """Its London day is unknown."""
    with pytest.raises(ValueError, match="time zone"):
        due(plain_clock("10wd"), datetime(2026, 5, 20, 21, 0), calendars=CALENDARS)


def test_stage_one_counts_from_the_acknowledgement_and_latest_from_receipt() -> None:
    """Ten working days from the acknowledgement, fifteen from receipt at the latest."""
    result = due(
        CLOCKS["lgsco-s1"],
        date(2026, 3, 27),
        calendars=CALENDARS,
        events={"ack": date(2026, 3, 30)},
    )

    assert (result.due_on, result.latest_on) == (date(2026, 4, 15), date(2026, 4, 21))
    assert result.overdue_from == date(2026, 4, 22)
    assert result.warnings == ()


def test_stage_one_without_an_acknowledgement_is_due_at_the_latest_from_receipt() -> None:
    """The day says what it was based on."""
    result = due(CLOCKS["lgsco-s1"], date(2026, 3, 27), calendars=CALENDARS)

    assert result.due_on == result.latest_on == date(2026, 4, 21)
    assert result.allowed == "15 working days"
    assert "latest from receipt" in result.warnings[0]


def test_a_late_acknowledgement_is_told_and_the_council_given_the_later_day() -> None:
    """Ten days from it end after fifteen from receipt; the later one is fair."""
    result = due(
        CLOCKS["lgsco-s1"],
        date(2026, 3, 27),
        calendars=CALENDARS,
        events={"ack": date(2026, 4, 20)},
    )

    assert (result.due_on, result.latest_on) == (date(2026, 5, 5), date(2026, 4, 21))
    assert result.overdue_from == date(2026, 5, 6)
    assert "acknowledged late" in result.warnings[0]


def test_an_ack_clock_without_an_outer_limit_counts_from_receipt_instead() -> None:
    """A clock of the user's own need not name one."""
    clock = Clock(id="own", title="Own", due=WorkingDays(count=5), start=Start.ACK)

    result = due(clock, date(2026, 3, 2), calendars=CALENDARS)

    assert result.due_on == result.latest_on == date(2026, 3, 9)
    assert "from receipt" in result.warnings[0]


def test_an_extension_moves_both_limits_where_there_is_one() -> None:
    """Stage two may take 20 days more; a SAR two months more."""
    extended = due(
        CLOCKS["lgsco-s2"],
        date(2026, 3, 27),
        calendars=CALENDARS,
        events={"ack": date(2026, 3, 30)},
        extended=True,
    )

    assert (extended.due_on, extended.latest_on) == (date(2026, 5, 29), date(2026, 6, 4))


def test_an_extension_nobody_may_take_changes_nothing_and_says_so() -> None:
    """FOI knows no longer time for the asking."""
    result = due(CLOCKS["foi"], date(2026, 6, 14), calendars=CALENDARS, extended=True)

    assert result.due_on == date(2026, 7, 14)
    assert "no extension" in result.warnings[0]


def test_a_users_own_deadline_is_the_earliest_under_any_reading() -> None:
    """17 March is a holiday in Northern Ireland alone: appeal that day, not the next."""
    result = due(CLOCKS["send-appeal"], date(2027, 1, 17), calendars=CALENDARS)

    assert (result.due_on, result.latest_on) == (date(2027, 3, 17), date(2027, 3, 18))
    assert (result.safe_on, result.overdue_from) == (date(2027, 3, 17), date(2027, 3, 18))


def test_an_appeal_over_new_year_shows_the_day_before_scotlands_holiday_ends() -> None:
    """The first working day after 1 January is the 2nd, or the 5th where the 2nd is a holiday."""
    result = due(CLOCKS["send-appeal"], date(2025, 10, 28), calendars=CALENDARS)

    assert (result.due_on, result.latest_on) == (date(2026, 1, 2), date(2026, 1, 5))


def test_a_users_last_day_on_a_sunday_names_the_office_day_before() -> None:
    """Nothing rolls, so the Friday is safe."""
    result = due(CLOCKS["mediation-contact"], date(2026, 3, 10), calendars=CALENDARS)

    assert (result.due_on, result.safe_on) == (date(2026, 5, 10), date(2026, 5, 8))
    assert due(CLOCKS["foi"], date(2026, 3, 10), calendars=CALENDARS).safe_on is None


def test_a_school_answers_by_school_days_or_sixty_working_days() -> None:
    """Over the summer the sixty working days end first."""
    closed = Calendar(
        name="school",
        terms=((date(2026, 6, 1), date(2026, 7, 3)), (date(2026, 11, 2), date(2026, 12, 18))),
    )
    with_closed = {**CALENDARS, "school": closed}

    soon = due(CLOCKS["foi-school"], date(2026, 6, 1), calendars=with_closed)
    late = due(CLOCKS["foi-school"], date(2026, 6, 29), calendars=with_closed)

    assert soon.due_on == soon.latest_on == date(2026, 6, 29)
    assert late.due_on == late.latest_on == date(2026, 9, 24)
    assert late.count[-1].number == 60


def test_an_unknown_preset_names_the_nearest() -> None:
    """A plain time is a clock as well; a wrong one says how to write it."""
    assert find_clock("foi", CLOCKS).id == "foi"
    assert find_clock("6w", CLOCKS).due.code == "6w"
    with pytest.raises(ConfigError, match="no preset named") as misspelt:
        find_clock("ordinary-emial", CLOCKS)
    assert "'ordinary-email'" in misspelt.value.remedy
    with pytest.raises(ConfigError) as strange:
        find_clock("zzzz", CLOCKS)
    assert strange.value.remedy.startswith("List them")
    with pytest.raises(BadAllowance):
        find_clock("10x", CLOCKS)


def test_school_time_is_said_in_school_days() -> None:
    """The listing must not promise working days."""
    assert CLOCKS["edu-record"].allowed == "15 school days"
    assert CLOCKS["foi"].allowed == "20 working days"
    assert CLOCKS["edu-record"].day_calendar == "england-and-wales"


def test_a_milestone_counts_from_its_event_once_that_is_known() -> None:
    """Fourteen weeks from the day the council said yes, before that from its last day."""
    known = due(
        CLOCKS["reassess"],
        date(2026, 2, 2),
        calendars=CALENDARS,
        events={"decision": date(2026, 2, 9)},
    )
    unknown = due(CLOCKS["reassess"], date(2026, 2, 2), calendars=CALENDARS)

    assert dict(known.milestones)["final-plan"] == date(2026, 5, 18)
    assert dict(unknown.milestones)["final-plan"] == date(2026, 5, 26)


def test_a_due_date_names_the_holidays_it_was_made_from() -> None:
    """So that an export can be reproduced; a bare count of weeks needs none."""
    assert due(CLOCKS["foi"], date(2026, 2, 2), calendars=ALL).calendar_version.startswith("hol")
    assert due(CLOCKS["send-appeal"], date(2026, 2, 2), calendars=ALL).calendar_version
    assert due(CLOCKS["ehcp-final"], date(2026, 2, 2), calendars=ALL).calendar_version
    assert due(CLOCKS["amend-final"], date(2026, 2, 2), calendars=ALL).calendar_version == ""

"""The user's own last days: when they are told, for what, and when not."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxwatch.adapters.holidays import calendars
from inboxwatch.adapters.presets import load
from inboxwatch.domain.allowance import Weeks, WorkingDays
from inboxwatch.domain.deadlines import OWN, due_step, own_deadlines
from inboxwatch.domain.due import due
from inboxwatch.domain.overrides import Decisions, Override, Verb
from inboxwatch.domain.verdict import OwnDeadline, Verdict
from tests.builders import (
    STATUTORY,
    a_bounce,
    decided,
    from_council,
    from_us,
    judged,
    said,
)

PRESETS = load().clocks
CALENDARS = calendars()
ASKED = from_us("2026-03-02 09:00", "asked@example.org")


def of(verdict: Verdict, *overrides: Override) -> tuple[OwnDeadline, ...]:
    return own_deadlines(verdict, decided(*overrides), clocks=PRESETS, calendars=CALENDARS)


def test_the_ombudsmans_year_is_told_at_nine_and_eleven_months() -> None:
    (found,) = of(judged(ASKED))
    # Twelve months beginning with 2 March 2026 end on 1 March 2027, a Monday.
    assert found.last_on == date(2027, 3, 1)
    assert found.remind == (
        (f"{OWN}9m", date(2026, 12, 2)),
        (f"{OWN}11m", date(2027, 2, 2)),
    )
    assert not found.follows_decision


def test_it_counts_from_the_first_question_and_not_from_a_chaser() -> None:
    chaser = from_us("2026-05-01 09:00", in_reply_to=ASKED.message_id)
    (found,) = of(judged(ASKED, chaser))
    assert found.last_on == date(2027, 3, 1)


@given(st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)))
def test_the_sum_gives_the_same_day_as_the_count(at: datetime) -> None:
    """The last day is the clock's own, moved back to an office day where it must."""
    (found,) = of(judged(from_us(at), as_of=at))
    counted = due(PRESETS["lgsco-12m"], at, calendars=CALENDARS)
    assert found.last_on == counted.safe_on


def test_an_answer_a_bounce_and_a_request_for_information_have_none() -> None:
    assert of(judged(ASKED, from_council("2026-03-03 09:00", to=ASKED))) == ()
    assert of(judged(ASKED, a_bounce("2026-03-02 09:01", ASKED))) == ()
    assert of(judged(from_us("2026-03-02 09:00", to="a@b.example", cc="send@kent.gov.uk"))) == ()


def test_a_decision_that_was_noted_opens_the_time_for_an_appeal() -> None:
    answered = judged(ASKED, from_council("2026-03-03 09:00", to=ASKED))
    decision = said(Verb.EVENT, ASKED, "decision=2026-03-05")
    (found,) = of(answered, decision)
    # Two months from the letter; 5 May 2026 is a Tuesday.
    assert found.last_on == date(2026, 5, 5)
    assert found.follows_decision
    assert [on for _, on in found.remind] == [date(2026, 4, 7), date(2026, 4, 28)]


def test_a_certificate_gives_more_time_and_new_reminders() -> None:
    answered = judged(ASKED, from_council("2026-03-03 09:00", to=ASKED))
    decision = said(Verb.EVENT, ASKED, "decision=2026-03-05")
    certificate = said(Verb.EVENT, ASKED, "certificate=2026-04-20")
    (before,) = of(answered, decision)
    (after,) = of(answered, decision, certificate)
    assert after.last_on == date(2026, 5, 20)
    assert {step for step, _ in before.remind}.isdisjoint(step for step, _ in after.remind)


def test_dates_that_do_not_fit_promise_nothing() -> None:
    answered = judged(ASKED, from_council("2026-03-03 09:00", to=ASKED))
    decision = said(Verb.EVENT, ASKED, "decision=2026-03-05")
    too_early = said(Verb.EVENT, ASKED, "certificate=2026-02-01")
    assert of(answered, decision, too_early) == ()


def test_missing_presets_give_none() -> None:
    none = own_deadlines(judged(ASKED), Decisions(), clocks={}, calendars=CALENDARS)
    assert none == ()


def test_a_statutory_clock_has_the_ombudsmans_year_too() -> None:
    assert [own.clock for own in of(judged(ASKED, rule=STATUTORY))] == ["lgsco-12m"]


DEADLINE = OwnDeadline(
    clock="lgsco-12m",
    what="complain",
    last_on=date(2027, 3, 1),
    remind=(("nine", date(2026, 12, 2)), ("eleven", date(2027, 2, 2))),
)


@pytest.mark.parametrize(
    ("today", "told", "step"),
    [
        (date(2026, 12, 1), (), None),
        (date(2026, 12, 2), (), "nine"),
        (date(2026, 12, 3), ("nine",), None),
        (date(2027, 2, 2), ("nine",), "eleven"),
        (date(2027, 2, 2), (), "eleven"),  # a missed one is never made up for
        (date(2027, 3, 1), ("nine",), "eleven"),
        (date(2027, 3, 2), (), None),
    ],
)
def test_only_the_latest_step_is_told_and_none_when_the_day_is_over(
    today: date, told: tuple[str, ...], step: str | None
) -> None:
    assert due_step(DEADLINE, frozenset(told), today=today) == step
    assert due_step(DEADLINE, frozenset({"nine", "eleven"}), today=today) is None
    assert due_step(DEADLINE, frozenset(), today=DEADLINE.last_on + timedelta(days=1)) is None


def test_a_preset_that_counts_otherwise_is_counted_and_one_that_cannot_be_gives_none() -> None:
    by_weeks = replace(PRESETS["lgsco-12m"], due=Weeks(count=52))
    verdict = judged(ASKED)
    (found,) = own_deadlines(
        verdict, Decisions(), clocks={"lgsco-12m": by_weeks}, calendars=CALENDARS
    )
    assert found.last_on == due(by_weeks, date(2026, 3, 2), calendars=CALENDARS).safe_on
    school = replace(by_weeks, due=WorkingDays(count=20), calendar="school")
    clocks = {"lgsco-12m": school}
    without = {name: one for name, one in CALENDARS.items() if name != "school"}
    assert own_deadlines(verdict, Decisions(), clocks=clocks, calendars=without) == ()

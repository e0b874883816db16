"""Which day a thread is due: promises, rules, clocks chosen by hand."""

from dataclasses import replace
from datetime import date

import pytest

from inboxwatch.domain.bodies import CouncilMailbox
from inboxwatch.domain.clocks import Effect, Interruption
from inboxwatch.domain.errors import ConfigError
from inboxwatch.domain.judging import judge
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.overrides import Verb
from inboxwatch.domain.reckoning import reckoning
from inboxwatch.domain.rules import Rule
from inboxwatch.domain.threads import Entry
from inboxwatch.domain.verdict import Status
from tests.builders import (
    CALENDARS,
    CLOCKS,
    COUNCIL,
    ORDINARY,
    STATUTORY,
    a_thread,
    decided,
    from_council,
    from_us,
    judged,
    moment,
    said,
)

ASKED = from_us("2026-03-02 09:00")  # a Monday; ten working days end on 16 March
NOT_HUMAN = [
    Kind.ACKNOWLEDGEMENT, Kind.OUT_OF_OFFICE, Kind.CHALLENGE, Kind.DELAY, Kind.RECEIPT, Kind.BULK,
]  # fmt: skip


def held(promised: date | None, at: str = "2026-03-04 09:00") -> Entry:
    return from_council(at, to=ASKED, holding=True, promised_on=promised)


def test_a_persons_promise_moves_a_service_standard() -> None:
    verdict = judged(ASKED, held(date(2026, 3, 20)), as_of="2026-03-20 09:00")

    assert verdict.status is Status.WAITING
    assert verdict.due_on == date(2026, 3, 20)
    late = judged(ASKED, held(date(2026, 3, 20)), as_of="2026-03-21 09:00")
    assert late.status is Status.OVERDUE
    assert "promised" in late.reason


def test_a_promise_never_moves_the_due_day_earlier() -> None:
    verdict = judged(ASKED, held(date(2026, 3, 10)), as_of="2026-03-11 09:00")

    assert verdict.due_on == date(2026, 3, 16)


def test_a_promise_moves_the_due_day_by_twenty_working_days_at_most() -> None:
    verdict = judged(ASKED, held(date(2027, 3, 4)))

    assert verdict.due_on == date(2026, 4, 1)
    assert "no further" in verdict.notes[0]


def test_a_promise_without_a_day_leaves_the_due_day() -> None:
    assert judged(ASKED, held(None)).due_on == date(2026, 3, 16)


def test_a_promise_never_moves_a_clock_set_by_law() -> None:
    verdict = judged(ASKED, held(date(2026, 4, 20)), rule=STATUTORY, as_of="2026-04-14 09:00")

    assert verdict.due_on == date(2026, 4, 13)
    assert verdict.status is Status.OVERDUE
    assert "set by law" in verdict.notes[0]


def test_a_machines_promise_is_shown_and_moves_nothing() -> None:
    ack = from_council(
        "2026-03-02 09:01", Kind.ACKNOWLEDGEMENT, to=ASKED, machine_promise="20 working days"
    )

    assert judged(ASKED, ack).due_on == date(2026, 3, 16)


def test_a_plain_allowance_is_a_clock() -> None:
    verdict = judged(ASKED, rule=Rule(name="mine", clock="2wd"), as_of="2026-03-05 09:00")

    assert (verdict.clock, verdict.rule, verdict.due_on) == ("2wd", "mine", date(2026, 3, 4))
    assert verdict.reason == "no human reply after 2 working days"


def test_a_rule_may_name_its_calendar() -> None:
    rule = Rule(name="mine", clock="2wd", calendar="calendar-days")

    assert judged(from_us("2026-03-06 09:00"), rule=rule).due_on == date(2026, 3, 8)


def test_a_body_unknown_to_the_clocks_has_the_clock_as_it_is() -> None:
    thread = replace(
        a_thread(ASKED), council_mailbox=CouncilMailbox(address=COUNCIL, body="other.example")
    )
    plain = reckoning(CLOCKS, CALENDARS, ())

    verdict = judge(thread, ORDINARY, as_of=moment("2026-06-01 09:00"), reckoning=plain)

    assert verdict.due_on == date(2026, 3, 16)


def test_a_rule_with_a_clock_that_does_not_exist_is_a_mistake() -> None:
    with pytest.raises(ConfigError):
        judged(ASKED, rule=Rule(name="x", clock="nonsense"))


def test_a_person_chooses_the_clock_of_a_thread() -> None:
    chosen = decided(said(Verb.CLOCK, ASKED, "ehcna-decision"))

    assert judged(ASKED, decisions=chosen).due_on == date(2026, 4, 13)


def test_a_chosen_clock_that_does_not_exist_is_left_out_and_said() -> None:
    chosen = decided(said(Verb.CLOCK, ASKED, "gone"))

    verdict = judged(ASKED, decisions=chosen)

    assert verdict.clock == "ordinary-email"
    assert "gone was left out" in verdict.notes[0]


def test_an_event_the_clock_knows_moves_the_due_day() -> None:
    asks = Interruption(
        effect=Effect.PAUSE, asked="asked", answered="answered", what="proof of identity"
    )
    clocks = CLOCKS | {"sar": replace(CLOCKS["ordinary-email"], id="sar", interruptions=(asks,))}
    events = decided(
        said(Verb.EVENT, ASKED, "asked=2026-03-04"), said(Verb.EVENT, ASKED, "answered=2026-03-06")
    )

    verdict = judge(
        a_thread(ASKED),
        Rule(name="sar", clock="sar"),
        as_of=moment("2026-06-01 09:00"),
        reckoning=reckoning(clocks, CALENDARS, ()),
        decisions=events,
    )

    assert verdict.due_on is not None
    assert verdict.due_on > date(2026, 3, 16)


def test_an_event_the_clock_does_not_know_is_left_out_and_said() -> None:
    verdict = judged(ASKED, decisions=decided(said(Verb.EVENT, ASKED, "meeting=2026-03-09")))

    assert verdict.due_on == date(2026, 3, 16)
    assert "left out" in verdict.notes[0]

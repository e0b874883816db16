"""Which reminders are due: first, repeats, the last; and when silence is right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest

from inboxwatch.domain.calendar import ENGLAND_AND_WALES
from inboxwatch.domain.judging import judge_all
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.overrides import NONE, Decisions, Verb
from inboxwatch.domain.planning import plan, refreshed
from inboxwatch.domain.reminders import Reminder, ReminderPolicy
from inboxwatch.domain.rules import Rule
from inboxwatch.domain.threads import Entry
from inboxwatch.domain.verdict import Status, Verdict
from tests.builders import (
    CALENDARS,
    COUNCIL,
    ORDINARY,
    RECKONING,
    STATUTORY,
    a_bounce,
    assembled,
    decided,
    from_council,
    from_us,
    moment,
    said,
)

ASKED = from_us("2026-03-02 09:00")  # due on 16 March, overdue from the 17th
POLICY = ReminderPolicy()


@dataclass(frozen=True)
class Filed:
    reminder: Reminder
    filed_at: datetime


def verdicts(
    entries: Iterable[Entry],
    as_of: str | datetime,
    decisions: Decisions = NONE,
    rule: Rule = ORDINARY,
) -> tuple[Verdict, ...]:
    return judge_all(
        assembled(*entries, decisions=decisions),
        (rule,),
        as_of=moment(as_of),
        reckoning=RECKONING,
        decisions=decisions,
    )


def planned(
    *entries: Entry,
    on: str,
    filed: Sequence[Filed] = (),
    policy: ReminderPolicy = POLICY,
    decisions: Decisions = NONE,
    as_of: str = "",
    rule: Rule = ORDINARY,
) -> tuple[Reminder, ...]:
    known = moment(as_of or f"{on} 07:00")
    return plan(
        verdicts(entries, known, decisions, rule),
        filed=filed,
        as_of=known,
        policy=policy,
        working_days=CALENDARS[ENGLAND_AND_WALES].working_days_between,
        today=date.fromisoformat(on),
    )


def filed(reminders: Iterable[Reminder], on: str) -> tuple[Filed, ...]:
    return tuple(Filed(r, moment(f"{on} 07:05")) for r in reminders)


def steps(reminders: Iterable[Reminder]) -> list[str]:
    return [r.key.step for r in reminders]


def test_nothing_is_said_before_the_day_is_over() -> None:
    assert planned(ASKED, on="2026-03-16") == ()


def test_the_first_reminder_comes_when_it_is_overdue_and_carries_the_facts() -> None:
    chaser = from_us("2026-03-10 09:00", in_reply_to=ASKED.message_id)

    (reminder,) = planned(ASKED, chaser, on="2026-03-17")

    assert str(reminder.key) == f"{COUNCIL}|default|{ASKED.message_id}|overdue-1"
    assert reminder.status is Status.OVERDUE
    assert (reminder.chasers, reminder.due_on, reminder.step) == (1, date(2026, 3, 16), 1)
    assert reminder.covers == tuple(sorted((ASKED.message_id, chaser.message_id)))
    assert not reminder.final


def test_planning_twice_files_nothing_new() -> None:
    first = filed(planned(ASKED, on="2026-03-17"), "2026-03-17")

    assert planned(ASKED, on="2026-03-17", filed=first) == ()
    assert planned(ASKED, on="2026-03-30", filed=first) == ()


def test_it_repeats_after_so_many_working_days_and_ends() -> None:
    history: tuple[Filed, ...] = ()
    seen = []
    day = date(2026, 3, 16)
    while day < date(2026, 8, 1):
        for reminder in planned(ASKED, on=day.isoformat(), filed=history):
            seen.append((day.isoformat(), reminder.key.step, reminder.final))
            history += filed((reminder,), day.isoformat())
        day += timedelta(days=1)

    assert seen == [
        ("2026-03-17", "overdue-1", False),
        ("2026-03-31", "overdue-2", False),
        ("2026-04-16", "overdue-3", False),
        ("2026-04-30", "overdue-4", True),
    ]


def test_after_a_long_outage_one_reminder_comes_not_all_those_missed() -> None:
    first = filed(planned(ASKED, on="2026-03-17"), "2026-03-17")

    assert steps(planned(ASKED, on="2026-07-17", filed=first)) == ["overdue-2"]
    assert steps(planned(ASKED, on="2026-07-17")) == ["overdue-1"]


def test_while_polls_fail_nothing_repeats() -> None:
    first = filed(planned(ASKED, on="2026-03-17"), "2026-03-17")

    assert planned(ASKED, on="2026-07-17", as_of="2026-03-18 09:00", filed=first) == ()


def test_no_reminder_at_all_can_be_wanted() -> None:
    assert planned(ASKED, on="2026-03-17", policy=ReminderPolicy(stop_after=0)) == ()


def test_an_answer_ends_the_reminders() -> None:
    first = filed(planned(ASKED, on="2026-03-17"), "2026-03-17")
    answer = from_council("2026-03-20 09:00", to=ASKED)

    assert planned(ASKED, answer, on="2026-04-20", filed=first) == ()


def test_doubt_and_a_persons_word_are_silent() -> None:
    unsure = from_council("2026-03-05 09:00", Kind.UNSURE, to=ASKED)
    closed = decided(said(Verb.MARK, ASKED, "no-reply-needed"))

    assert planned(ASKED, unsure, on="2026-04-01") == ()
    assert planned(ASKED, on="2026-04-01", decisions=closed) == ()


def test_copies_are_silent() -> None:
    assert planned(from_us("2026-03-02 09:00", to=(), cc=COUNCIL), on="2026-04-01") == ()


def test_a_snooze_is_silent_until_its_day() -> None:
    snooze = decided(said(Verb.SNOOZE, ASKED, "2026-04-01"))

    assert planned(ASKED, on="2026-03-31", decisions=snooze) == ()
    assert steps(planned(ASKED, on="2026-04-01", decisions=snooze)) == ["overdue-1"]


def test_what_began_long_before_the_first_run_is_reported_and_not_reminded() -> None:
    policy = ReminderPolicy(remind_from=moment("2026-03-03 00:00"))

    assert planned(ASKED, on="2026-04-01", policy=policy) == ()


def test_what_did_not_arrive_is_told_once() -> None:
    bounce = a_bounce("2026-03-02 09:03", ASKED)

    (told,) = planned(ASKED, bounce, on="2026-03-03")

    assert (told.key.step, told.status) == ("undelivered", Status.UNDELIVERED)
    assert planned(ASKED, bounce, on="2026-06-02", filed=filed((told,), "2026-03-03")) == ()


def test_after_a_resend_the_new_wait_has_reminders_of_its_own() -> None:
    bounce = a_bounce("2026-03-02 09:03", ASKED)
    told = filed(planned(ASKED, bounce, on="2026-03-03"), "2026-03-03")
    again = from_us("2026-03-03 09:00", in_reply_to=ASKED.message_id)

    (reminder,) = planned(ASKED, bounce, again, on="2026-03-18", filed=told)

    assert (reminder.key.unanswered, reminder.key.step) == (again.message_id, "overdue-1")


def test_what_the_user_must_do_is_told_at_once_and_once() -> None:
    challenge = from_council("2026-03-02 09:01", Kind.CHALLENGE, to=ASKED, action="use the form")

    (told,) = planned(ASKED, challenge, on="2026-03-03")
    assert (told.key.step, told.action) == ("action", "use the form")
    history = filed((told,), "2026-03-03")
    assert planned(ASKED, challenge, on="2026-03-04", filed=history) == ()
    assert steps(planned(ASKED, challenge, on="2026-03-17", filed=history)) == ["overdue-1"]


def test_a_first_reminder_that_carries_the_action_has_told_it() -> None:
    challenge = from_council("2026-03-02 09:01", Kind.CHALLENGE, to=ASKED, action="use the form")
    history = filed(planned(ASKED, challenge, on="2026-03-17"), "2026-03-17")

    assert history[0].reminder.action == "use the form"
    assert planned(ASKED, challenge, on="2026-03-18", filed=history) == ()


def promise(on: date, at: str = "2026-03-04 09:00") -> Entry:
    return from_council(at, to=ASKED, holding=True, promised_on=on)


def test_a_promised_day_that_passed_under_a_clock_set_by_law_is_told_once() -> None:
    held = promise(date(2026, 3, 20))

    assert planned(ASKED, held, on="2026-03-20", rule=STATUTORY) == ()
    told = planned(ASKED, held, on="2026-03-21", rule=STATUTORY)
    assert steps(told) == ["promise-passed"]
    history = filed(told, "2026-03-21")
    assert planned(ASKED, held, on="2026-03-30", rule=STATUTORY, filed=history) == ()


def test_under_a_service_standard_the_reminder_of_that_day_tells_it_already() -> None:
    held = promise(date(2026, 3, 20))

    told = planned(ASKED, held, on="2026-03-21")

    assert steps(told) == ["overdue-1"]
    assert told[0].promised_on == date(2026, 3, 20)
    assert planned(ASKED, held, on="2026-03-23", filed=filed(told, "2026-03-21")) == ()


def test_a_promise_made_after_the_first_reminder_and_broken_is_told() -> None:
    first = filed(planned(ASKED, on="2026-03-17"), "2026-03-17")
    held = promise(date(2026, 3, 20), "2026-03-18 09:00")

    assert steps(planned(ASKED, held, on="2026-03-21", filed=first)) == ["promise-passed"]


def test_a_reminder_filed_for_any_message_of_the_wait_counts_after_a_merge() -> None:
    two = from_us("2026-03-12 09:00", in_reply_to="middle@kent.gov.uk", subject="Re: other")
    apart = planned(ASKED, two, on="2026-03-27")
    assert len(apart) == 2
    ack = from_council("2026-03-02 09:01", Kind.ACKNOWLEDGEMENT, "middle@kent.gov.uk", to=ASKED)

    merged = planned(ASKED, two, ack, on="2026-03-30", filed=filed(apart, "2026-03-27"))

    assert merged == ()


def test_a_key_that_was_filed_is_never_planned_again() -> None:
    (reminder,) = planned(ASKED, on="2026-03-17")
    odd = replace(reminder, key=replace(reminder.key, step="overdue-2"), step=1)

    again = planned(ASKED, on="2026-06-17", filed=filed((odd,), "2026-03-17"))

    assert again == ()


def test_a_filed_reminder_is_refreshed_until_it_is_settled() -> None:
    (reminder,) = planned(ASKED, on="2026-03-17")
    chaser = from_us("2026-03-20 09:00", in_reply_to=ASKED.message_id)
    answer = from_council("2026-03-25 09:00", to=ASKED)
    unrelated = from_us("2026-03-01 09:00", subject="Another thing")
    elsewhere = from_us("2026-03-01 09:00", to="sen@medway.gov.uk", subject="Third")
    copied = from_us("2026-03-01 09:00", to=(), cc=COUNCIL, subject="Fourth")

    others = (copied, elsewhere, unrelated)
    fresh = refreshed(reminder, verdicts((ASKED, chaser, *others), "2026-03-21 09:00"))

    assert fresh is not None
    assert (fresh.key, fresh.chasers) == (reminder.key, 1)
    assert refreshed(reminder, verdicts((ASKED, chaser, answer), "2026-03-26 09:00")) is None
    assert refreshed(reminder, verdicts(others, "2026-03-26 09:00")) is None


def test_a_snoozed_reminder_is_not_sent_any_more() -> None:
    (reminder,) = planned(ASKED, on="2026-03-17")
    snooze = decided(said(Verb.SNOOZE, ASKED, "2026-05-01"))

    found = verdicts((ASKED,), "2026-03-18 09:00", snooze)
    assert refreshed(reminder, found, today=date(2026, 3, 18)) is None
    assert refreshed(reminder, found, today=date(2026, 5, 1)) is not None


@pytest.mark.parametrize("order", [1, -1])
def test_reminders_come_in_one_order(order: int) -> None:
    entries = [from_us("2026-03-02 09:00", f"q{n}@example.org", subject=f"Q {n}") for n in range(5)]

    found = planned(*entries[::order], on="2026-03-17")

    assert [r.key.unanswered for r in found] == [f"q{n}@example.org" for n in range(5)]

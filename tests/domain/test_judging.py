"""Where a thread stands: every status, the clock's rules, and what a person said."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxwatch.domain.bodies import CouncilMailbox
from inboxwatch.domain.clocks import SatisfiedBy
from inboxwatch.domain.due import Due
from inboxwatch.domain.judging import judge, judge_all
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.message import FolderRole
from inboxwatch.domain.overrides import Verb
from inboxwatch.domain.reckoning import reckoning
from inboxwatch.domain.rules import Rule
from inboxwatch.domain.threads import Entry, Thread
from inboxwatch.domain.verdict import Status
from tests.builders import (
    CALENDARS,
    CLOCKS,
    COUNCIL,
    COUNCILLOR,
    ORDINARY,
    RECKONING,
    a_bounce,
    a_thread,
    assembled,
    decided,
    folder,
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


def test_our_own_chaser_does_not_restart_the_clock() -> None:
    """A further message of ours leaves the wait counted from the first."""
    chaser = from_us("2026-03-13 09:00", in_reply_to=ASKED.message_id)

    verdict = judged(ASKED, chaser, as_of="2026-03-17 09:00")

    assert verdict.status is Status.OVERDUE
    assert verdict.wait is not None
    assert verdict.wait.unanswered == ASKED.message
    assert verdict.due_on == date(2026, 3, 16)


@pytest.mark.parametrize(
    ("as_of", "status"),
    [("2026-03-16 23:59:59", Status.WAITING), ("2026-03-17 00:00:00", Status.OVERDUE)],
)
def test_it_is_overdue_from_the_day_after_in_london(as_of: str, status: Status) -> None:
    assert judged(ASKED, as_of=as_of).status is status


def test_the_day_changes_in_london_not_in_utc() -> None:
    asked = from_us("2026-06-01 09:00")  # due on 15 June, in summer time

    assert judged(asked, as_of=datetime(2026, 6, 15, 22, 59, tzinfo=UTC)).status is Status.WAITING
    assert judged(asked, as_of=datetime(2026, 6, 15, 23, 0, tzinfo=UTC)).status is Status.OVERDUE


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        judge(a_thread(ASKED), ORDINARY, as_of=datetime(2026, 6, 1), reckoning=RECKONING)


@given(
    at=st.datetimes(datetime(2026, 3, 2), datetime(2026, 3, 31), timezones=st.just(UTC)),
    kind=st.sampled_from(NOT_HUMAN),
)
def test_an_automatic_message_never_changes_a_verdict(at: datetime, kind: Kind) -> None:
    without = judged(ASKED, as_of="2026-04-01 09:00")

    with_it = judged(ASKED, from_council(at, kind, to=ASKED), as_of="2026-04-01 09:00")

    assert (with_it.status, with_it.due_on, with_it.reason) == (
        without.status, without.due_on, without.reason,
    )  # fmt: skip
    assert with_it.wait is not None
    assert with_it.wait.unanswered == ASKED.message


@given(days=st.integers(0, 900))
def test_overdue_stays_overdue_as_time_passes_over_the_same_mail(days: int) -> None:
    at = moment("2026-03-17 09:00").timestamp() + days * 86400

    assert judged(ASKED, as_of=datetime.fromtimestamp(at, UTC)).status is Status.OVERDUE


def test_a_persons_reply_answers_and_late_ones_keep_their_delay() -> None:
    on_time = judged(ASKED, from_council("2026-03-05 09:00", to=ASKED))
    late = judged(ASKED, from_council("2026-03-17 09:00", to=ASKED))
    later = judged(ASKED, from_council("2026-03-20 09:00", to=ASKED))

    assert on_time.status is Status.ANSWERED
    assert on_time.reason == "answered by a person on 5 March 2026"
    assert on_time.waiting_days == 3
    assert late.reason.endswith("1 day after the due day")
    assert later.reason.endswith("4 days after the due day")
    assert later.waiting_working_days == 14


def test_an_answer_by_a_system_says_so() -> None:
    verdict = judged(ASKED, from_council("2026-03-05 09:00", Kind.SYSTEM_ANSWER, to=ASKED))

    assert verdict.status is Status.ANSWERED
    assert "a system" in verdict.reason
    assert any("have a look" in note for note in verdict.notes)


def test_an_answer_that_may_only_hold_is_one_and_is_to_be_looked_at() -> None:
    answer = from_council("2026-03-05 09:00", to=ASKED)
    doubtful = replace(answer, classification=replace(answer.classification, may_hold=True))
    verdict = judged(ASKED, doubtful)

    assert verdict.status is Status.ANSWERED
    assert any("may only say" in note for note in verdict.notes)


@pytest.mark.parametrize(
    ("changes", "kind", "why"),
    [
        ({}, Kind.CALENDAR, "invitation"),
        ({}, Kind.UNSURE, "person's or a machine's"),
        ({"sender": COUNCILLOR}, Kind.HUMAN, "not the body"),
    ],
)
def test_doubt_goes_to_review_with_its_reason(
    changes: dict[str, Any], kind: Kind, why: str
) -> None:
    verdict = judged(ASKED, from_council("2026-03-05 09:00", kind, to=ASKED, **changes))

    assert verdict.status is Status.REVIEW
    assert why in verdict.reason


def test_a_possible_reply_is_never_reported_as_ignored() -> None:
    verdict = judged(ASKED, from_council("2026-03-05 09:00", subject="Our telephone call"))

    assert verdict.status is Status.REVIEW


def test_what_bounced_was_not_ignored() -> None:
    verdict = judged(ASKED, a_bounce("2026-03-02 09:03", ASKED))

    assert verdict.status is Status.UNDELIVERED
    assert "5.1.1" in verdict.reason


def test_when_one_of_two_messages_bounced_that_is_noted() -> None:
    again = from_us("2026-03-04 09:00", in_reply_to=ASKED.message_id)

    verdict = judged(ASKED, a_bounce("2026-03-02 09:03", ASKED), again)

    assert verdict.status is Status.OVERDUE
    assert any("did not arrive" in note for note in verdict.notes)


def test_an_answer_found_in_junk_counts_and_says_where_it_is() -> None:
    answer = from_council("2026-03-05 09:00", to=ASKED, locations=(folder(FolderRole.JUNK),))

    verdict = judged(ASKED, answer)

    assert verdict.status is Status.ANSWERED
    assert "their answer is in your Junk folder" in verdict.notes


def test_a_possible_answer_in_the_bin_is_told_as_such() -> None:
    perhaps = from_council(
        "2026-03-05 09:00", Kind.UNSURE, to=ASKED, locations=(folder(FolderRole.TRASH),)
    )

    assert "what may be their answer is in your Bin folder" in judged(ASKED, perhaps).notes


def test_an_answer_from_elsewhere_is_told_with_its_evidence() -> None:
    answer = from_council("2026-03-05 09:00", to=ASKED, sender="team@outsourced.example")

    (note,) = judged(ASKED, answer).notes

    assert "team@outsourced.example" in note
    assert "In-Reply-To" in note


def test_an_answer_without_a_sender_is_in_doubt() -> None:
    answer = from_council("2026-03-05 09:00", to=ASKED)
    answer = replace(answer, message=replace(answer.message, sender=None))

    assert "does not say who sent it" in judged(ASKED, answer).reason


def test_copies_and_thanks_owe_nothing_and_say_why() -> None:
    copied = from_us("2026-03-02 09:00", to="head@school.example", cc=COUNCIL)
    thanks = from_us("2026-03-02 09:00", thanks=True)

    assert judged(copied).reason == "they were only copied in, so no reply is owed"
    verdict = judged(thanks)
    assert (verdict.status, verdict.wait) == (Status.ANSWERED, None)
    assert verdict.reason == "your message needs no reply"


def test_to_stop_watching_what_owes_nothing_closes_it() -> None:
    thanks = from_us("2026-03-02 09:00", thanks=True)

    verdict = judged(thanks, decisions=decided(said(Verb.MARK, thanks, "stop-watching")))

    assert verdict.status is Status.CLOSED


def test_two_bodies_each_owe_a_reply() -> None:
    asked = from_us("2026-03-02 09:00", to=(COUNCIL, "sen@medway.gov.uk"))
    answer = from_council("2026-03-05 09:00", to=asked, sender="sen@medway.gov.uk")

    verdicts = judge_all(
        assembled(asked, answer), (ORDINARY,), as_of=moment("2026-06-01 09:00"), reckoning=RECKONING
    )

    assert {v.thread.council_mailbox.body: v.status for v in verdicts} == {
        "kent.gov.uk": Status.OVERDUE,
        "medway.gov.uk": Status.ANSWERED,
    }


def test_two_mailboxes_of_one_body_owe_one_reply() -> None:
    asked = from_us("2026-03-02 09:00", to=(COUNCIL, "complaints@kent.gov.uk"))
    answer = from_council("2026-03-05 09:00", to=asked)

    verdicts = judge_all(
        assembled(asked, answer), (ORDINARY,), as_of=moment("2026-06-01 09:00"), reckoning=RECKONING
    )

    assert [v.status for v in verdicts] == [Status.ANSWERED, Status.ANSWERED]


def test_threads_that_begin_after_the_moment_asked_for_are_left_out() -> None:
    verdicts = judge_all(
        assembled(ASKED), (), as_of=moment("2026-03-01 09:00"), reckoning=RECKONING
    )

    assert verdicts == ()


def test_while_they_wait_for_something_of_ours_nothing_is_overdue() -> None:
    def standing_still(clock: str, start: datetime, **more: Any) -> Due:
        return replace(RECKONING.due("10wd", start, **more), is_running=False)

    verdict = judge(
        a_thread(ASKED),
        ORDINARY,
        as_of=moment("2026-06-01 09:00"),
        reckoning=replace(RECKONING, due=standing_still),
    )

    assert verdict.status is Status.WAITING
    assert "stands still" in verdict.reason


def test_a_clock_that_asks_only_for_an_acknowledgement_is_not_overdue_once_it_came() -> None:
    clocks = CLOCKS | {
        "ack": replace(CLOCKS["ordinary-email"], id="ack", satisfied_by=SatisfiedBy.ACKNOWLEDGEMENT)
    }
    ack = from_council("2026-03-02 09:01", Kind.ACKNOWLEDGEMENT, to=ASKED)
    rule = Rule(name="ack", clock="ack")

    def status(*entries: Entry) -> Status:
        return judge(
            a_thread(*entries),
            rule,
            as_of=moment("2026-06-01 09:00"),
            reckoning=reckoning(clocks, CALENDARS, ()),
        ).status

    assert status(ASKED, ack) is Status.WAITING
    assert status(ASKED) is Status.OVERDUE


def test_an_empty_thread_owes_nothing() -> None:
    thread = Thread(
        council_mailbox=CouncilMailbox(address=COUNCIL, body="kent.gov.uk"), root="x", placed=()
    )

    verdict = judge(thread, ORDINARY, as_of=moment("2026-06-01 09:00"), reckoning=RECKONING)

    assert verdict.wait is None
    assert thread.subject == ""

"""What each question of ours came to: chasers, facts of machines, answers, a person's word."""

from dataclasses import replace
from datetime import date

import pytest

from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.overrides import NONE, Decisions
from inboxwatch.domain.threads import Entry
from inboxwatch.domain.verdict import Wait
from inboxwatch.domain.waits import waits
from tests.builders import (
    COUNCIL,
    COUNCILLOR,
    a_bounce,
    a_receipt,
    a_thread,
    from_council,
    from_us,
    moment,
)

ASKED = from_us("2026-03-02 09:00")


def waits_of(
    *entries: Entry, decisions: Decisions = NONE, as_of: str = "2026-09-01 09:00"
) -> tuple[Wait, ...]:
    return waits(a_thread(*entries, decisions=decisions), decisions, as_of=moment(as_of))


def the_wait(*entries: Entry, decisions: Decisions = NONE) -> Wait:
    (wait,) = waits_of(*entries, decisions=decisions)
    return wait


def test_our_oldest_unanswered_message_starts_the_wait_and_the_rest_are_chasers() -> None:
    second = from_us("2026-03-09 09:00", in_reply_to=ASKED.message_id)
    third = from_us("2026-03-20 09:00", in_reply_to=second.message_id)

    wait = the_wait(ASKED, second, third)

    assert wait.unanswered == ASKED.message
    assert wait.last_chased_at == third.at
    assert wait.message_ids == (ASKED.message_id, second.message_id, third.message_id)
    assert wait.is_open


def test_an_answer_ends_a_wait_and_a_further_question_begins_another() -> None:
    answer = from_council("2026-03-05 09:00", to=ASKED)
    again = from_us("2026-03-09 09:00", in_reply_to=answer.message_id)

    first, second = waits_of(ASKED, answer, again)

    assert first.answered_at == answer.at
    assert first.last_chased_at is None
    assert second.unanswered == again.message


def test_thanks_begin_no_wait_and_chase_nothing() -> None:
    answer = from_council("2026-03-05 09:00", to=ASKED)
    thanks = from_us("2026-03-05 10:00", in_reply_to=answer.message_id, thanks=True)
    early = from_us("2026-03-03 10:00", in_reply_to=ASKED.message_id, thanks=True)

    assert the_wait(ASKED, early, answer, thanks).chasers == ()


def test_copies_owe_nothing() -> None:
    copied = from_us("2026-03-02 09:00", to="head@school.example", cc=COUNCIL)

    assert waits_of(copied) == ()


def test_a_message_sent_blindly_to_the_council_alone_asks_it() -> None:
    blind = from_us("2026-03-02 09:00", to=(), bcc=COUNCIL)

    assert the_wait(blind).unanswered == blind.message


@pytest.mark.parametrize("kind", [Kind.ACKNOWLEDGEMENT, Kind.OUT_OF_OFFICE, Kind.CHALLENGE])
def test_a_machine_acknowledges_and_answers_nothing(kind: Kind) -> None:
    first = from_council("2026-03-02 09:01", kind, to=ASKED, machine_promise="20 working days")
    second = from_council("2026-03-03 09:01", kind, to=ASKED)

    wait = the_wait(ASKED, first, second)

    assert wait.acknowledged_at == first.at
    assert wait.answered_at is None
    assert wait.machine_promise == "20 working days"


def test_a_challenge_says_what_to_do() -> None:
    challenge = from_council(
        "2026-03-02 09:01", Kind.CHALLENGE, to=ASKED, action="write through the form"
    )

    assert the_wait(ASKED, challenge).action == "write through the form"


def test_an_acknowledgement_after_the_answer_still_shows() -> None:
    answer = from_council("2026-03-02 09:00:30", to=ASKED)
    ack = from_council("2026-03-02 09:01", Kind.ACKNOWLEDGEMENT, to=ASKED)

    wait = the_wait(ASKED, answer, ack)

    assert wait.acknowledged_at == ack.at
    assert wait.answered_at == answer.at


def test_a_late_receipt_goes_to_the_wait_whose_message_it_names() -> None:
    answer = from_council("2026-03-05 09:00", to=ASKED)
    again = from_us("2026-03-09 09:00", in_reply_to=answer.message_id)
    receipt = a_receipt("2026-03-10 09:00", ASKED)

    first, second = waits_of(ASKED, answer, again, receipt)

    assert first.read_at == receipt.at
    assert second.read_at is None


@pytest.mark.parametrize(
    ("disposition", "subject", "read", "deleted"),
    [
        ("displayed", "Read: x", True, False),
        ("deleted", "Not read: x", False, True),
        ("dispatched", "x", False, False),
        ("", "Read: x", True, False),
        ("", "Not read: x", False, True),
        ("", "Receipt", False, False),
    ],
)
def test_a_receipt_tells_read_from_deleted_unread(
    disposition: str, subject: str, read: bool, deleted: bool
) -> None:
    receipt = a_receipt("2026-03-03 09:00", ASKED, disposition, subject=subject)

    wait = the_wait(ASKED, receipt)

    assert (wait.read_at is not None, wait.deleted_at is not None) == (read, deleted)
    assert wait.acknowledged_at == receipt.at


def test_a_receipt_without_a_report_part_is_read_by_its_subject() -> None:
    receipt = from_council(
        "2026-03-03 09:00", Kind.RECEIPT, to=ASKED, subject="Read: Annual review"
    )

    assert the_wait(ASKED, receipt).read_at == receipt.at


def test_a_bounce_is_no_acknowledgement_and_says_what_failed() -> None:
    wait = the_wait(ASKED, a_bounce("2026-03-02 09:03", ASKED))

    assert wait.undelivered_at is not None
    assert wait.acknowledged_at is None
    assert wait.failure == f"{COUNCIL}: 5.1.1 no mailbox"


def test_a_bounce_without_any_detail_is_told_by_its_subject() -> None:
    bounce = from_council("2026-03-02 09:03", Kind.BOUNCE, to=ASKED, subject="It came back")

    assert the_wait(ASKED, bounce).failure == "It came back"


def test_a_bounce_tells_the_first_recipient_with_a_reason() -> None:
    bounce = a_bounce("2026-03-02 09:03", ASKED, failed=("", COUNCIL))
    assert bounce.message.report is not None
    silent, reasoned = bounce.message.report.recipients
    told = replace(
        bounce.message.report,
        recipients=(replace(silent, status="", diagnostic=""), replace(reasoned, address="")),
    )
    bounce = replace(bounce, message=replace(bounce.message, report=told))

    assert the_wait(ASKED, bounce).failure == "5.1.1 no mailbox"


def test_a_bounce_that_names_none_of_ours_is_about_the_last_message_before_it() -> None:
    theirs = from_council("2026-03-01 09:00", subject="A plan")
    asked = from_us("2026-03-02 09:00", in_reply_to=theirs.message_id)
    bounce = from_council("2026-03-02 09:03", Kind.BOUNCE, in_reply_to=theirs.message_id)

    assert the_wait(theirs, asked, bounce).undelivered_at == bounce.at


def test_a_bounce_before_any_message_of_ours_is_nobodys() -> None:
    theirs = from_council("2026-03-01 09:00", subject="A plan")
    bounce = from_council("2026-03-01 09:03", Kind.BOUNCE, in_reply_to=theirs.message_id)
    asked = from_us("2026-03-02 09:00", in_reply_to=theirs.message_id)

    assert the_wait(theirs, asked, bounce).undelivered_at is None


def test_when_a_later_message_arrived_the_wait_counts_from_that_one() -> None:
    again = from_us("2026-03-04 09:00", in_reply_to=ASKED.message_id)

    wait = the_wait(ASKED, a_bounce("2026-03-02 09:03", ASKED), again)

    assert wait.unanswered == again.message
    assert wait.failed == (ASKED.message,)
    assert wait.undelivered_at is None
    assert set(wait.message_ids) == {ASKED.message_id, again.message_id}


def test_an_answer_after_a_bounce_is_an_answer() -> None:
    answer = from_council("2026-03-05 09:00", to=ASKED)

    wait = the_wait(ASKED, a_bounce("2026-03-02 09:03", ASKED), answer)

    assert wait.answered_at == answer.at
    assert wait.undelivered_at is None


def test_a_delay_without_a_failure_counts_as_delivered() -> None:
    delay = a_bounce("2026-03-02 13:00", ASKED, kind=Kind.DELAY)

    assert the_wait(ASKED, delay).delayed_at == delay.at
    failed = the_wait(ASKED, delay, a_bounce("2026-03-04 09:00", ASKED))
    assert failed.delayed_at is None
    assert failed.undelivered_at is not None


def test_a_holding_reply_answers_nothing_and_keeps_the_latest_promise() -> None:
    first = from_council("2026-03-04 09:00", to=ASKED, holding=True, promised_on=date(2026, 3, 20))
    second = from_council("2026-03-05 09:00", to=ASKED, holding=True)
    third = from_council("2026-03-06 09:00", to=ASKED, holding=True, promised_on=date(2026, 3, 27))

    wait = the_wait(ASKED, first, second, third)

    assert wait.is_open
    assert wait.holding_at == first.at
    assert wait.promised_on == date(2026, 3, 27)
    assert wait.promise_made_at == third.at


def test_a_system_that_answers_ends_the_wait() -> None:
    answer = from_council("2026-03-05 09:00", Kind.SYSTEM_ANSWER, to=ASKED)

    assert the_wait(ASKED, answer).answer is not None


@pytest.mark.parametrize("kind", [Kind.UNSURE, Kind.CALENDAR])
def test_what_may_be_an_answer_is_kept_for_a_person(kind: Kind) -> None:
    perhaps = from_council("2026-03-05 09:00", kind, to=ASKED)

    wait = the_wait(ASKED, perhaps)

    assert [p.entry for p in wait.possible] == [perhaps]
    assert wait.is_open


def test_a_holding_reply_in_doubt_and_newsletters_are_no_possible_answers() -> None:
    holding = from_council("2026-03-05 09:00", to=ASKED, holding=True, sender=COUNCILLOR)
    news = from_council("2026-03-06 09:00", Kind.BULK, to=ASKED)

    assert the_wait(ASKED, holding, news).possible == ()


def test_a_machine_in_doubt_states_no_fact() -> None:
    ack = from_council("2026-03-02 09:01", Kind.ACKNOWLEDGEMENT, to=ASKED, sender=COUNCILLOR)

    assert the_wait(ASKED, ack).acknowledged_at is None


def test_who_we_copied_in_answers_nothing() -> None:
    asked = from_us("2026-03-02 09:00", cc="friend@example.net")
    comment = from_council("2026-03-05 09:00", to=asked, sender="friend@example.net")

    assert the_wait(asked, comment).is_open


def test_mail_after_the_moment_asked_for_is_ignored() -> None:
    answer = from_council("2026-03-05 09:00", to=ASKED)

    assert waits_of(ASKED, answer, as_of="2026-03-04 09:00")[0].is_open

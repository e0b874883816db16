"""What a person said of a thread, in its verdict."""

from datetime import date

import pytest

from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.overrides import Verb
from inboxwatch.domain.verdict import Status
from tests.builders import (
    decided,
    from_council,
    from_us,
    judged,
    said,
)

ASKED = from_us("2026-03-02 09:00")  # a Monday; ten working days end on 16 March
NOT_HUMAN = [
    Kind.ACKNOWLEDGEMENT, Kind.OUT_OF_OFFICE, Kind.CHALLENGE, Kind.DELAY, Kind.RECEIPT, Kind.BULK,
]  # fmt: skip


def test_a_case_a_log_and_a_snooze_are_shown_and_change_no_fact() -> None:
    verdict = judged(
        ASKED,
        decisions=decided(
            said(Verb.CASE, ASKED, "Sam"),
            said(Verb.LOG, ASKED, "phone", note="they said Friday", at="2026-03-09 10:00"),
            said(Verb.SNOOZE, ASKED, "2026-07-01"),
        ),
    )

    assert verdict.status is Status.OVERDUE
    assert verdict.case == "Sam"
    assert verdict.notes == ("2026-03-09, phone: they said Friday",)
    assert verdict.snoozed_until == date(2026, 7, 1)


def test_a_snooze_of_an_answered_question_does_not_silence_the_next() -> None:
    answer = from_council("2026-03-05 09:00", to=ASKED)
    again = from_us("2026-03-06 09:00", in_reply_to=answer.message_id)
    snooze = decided(said(Verb.SNOOZE, ASKED, "2026-07-01"))

    assert judged(ASKED, answer, again, decisions=snooze).snoozed_until is None


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("answered", "you said it was answered: by post"),
        ("no-reply-needed", "you said it needs none: by post"),
        ("stop-watching", "you stopped watching it"),
        ("put-away", "you closed it: by post"),
    ],
)
def test_a_person_closes_a_thread(value: str, words: str) -> None:
    closing = said(Verb.MARK, ASKED, value, note="by post")

    verdict = judged(ASKED, decisions=decided(closing))

    assert verdict.status is Status.CLOSED
    assert verdict.reason == words
    assert verdict.closed_at == closing.at


def test_a_closing_without_a_note_says_no_more() -> None:
    verdict = judged(ASKED, decisions=decided(said(Verb.MARK, ASKED, "answered")))

    assert verdict.reason == "you said it was answered"


def test_an_answer_after_a_closing_is_still_an_answer() -> None:
    closing = said(Verb.MARK, ASKED, "answered", at="2026-03-04 09:00")

    verdict = judged(ASKED, from_council("2026-03-05 09:00", to=ASKED), decisions=decided(closing))

    assert verdict.status is Status.ANSWERED
    assert verdict.closed_at is None

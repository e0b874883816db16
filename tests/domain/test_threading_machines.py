"""Where reports and automatic replies belong."""

from dataclasses import replace
from typing import Any

import pytest

from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.threads import LinkKind
from tests.builders import (
    COMPLAINTS,
    COUNCIL,
    MEDWAY,
    a_bounce,
    a_receipt,
    a_thread,
    assembled,
    from_council,
    from_us,
    link,
    placed,
)


def test_a_constant_id_in_two_acknowledgements_does_not_merge_two_questions() -> None:
    one = from_us("2026-03-02 09:00", subject="Transport")
    two = from_us("2026-03-03 09:00", subject="Speech therapy")
    acks = [
        from_council(
            "2026-03-03 10:00", Kind.ACKNOWLEDGEMENT, references=(q.message_id, "0@kent.gov.uk")
        )
        for q in (one, two)
    ]

    assert len(assembled(one, two, *acks).threads) == 2


def test_an_acknowledgement_belongs_to_the_latest_question_with_its_subject() -> None:
    one, two = from_us("2026-03-02 09:00"), from_us("2026-03-12 09:00")
    ack = from_council("2026-03-12 09:01", Kind.ACKNOWLEDGEMENT)

    threads = assembled(one, two, ack).threads

    assert len(threads[0].placed) == 1
    assert link(threads[1], ack) is LinkKind.SUBJECT


@pytest.mark.parametrize(("minutes", "words"), [("09:00", "40 seconds"), ("09:20", "20 minutes")])
def test_an_acknowledgement_with_another_subject_is_placed_by_time(
    minutes: str, words: str
) -> None:
    asked = from_us("2026-03-02 09:00")
    seconds = ":40" if minutes == "09:00" else ":00"
    ack = from_council(f"2026-03-02 {minutes}{seconds}", Kind.ACKNOWLEDGEMENT, subject="Thank you")

    assert words in placed(a_thread(asked, ack), ack).link.evidence


def test_by_time_the_mailbox_that_was_written_to_is_preferred() -> None:
    one = from_us("2026-03-02 09:00", subject="One thing")
    two = from_us("2026-03-02 09:05", subject="Another thing", to=COMPLAINTS)
    ack = from_council("2026-03-02 09:06", Kind.ACKNOWLEDGEMENT, subject="Thank you")

    threads = assembled(one, two, ack).threads

    assert [len(t.placed) for t in threads] == [2, 1]


def test_an_acknowledgement_hours_later_is_not_placed_by_time() -> None:
    asked = from_us("2026-03-02 09:00")
    ack = from_council("2026-03-02 12:00", Kind.ACKNOWLEDGEMENT, subject="Thank you")

    assert len(a_thread(asked, ack).placed) == 1


def test_a_report_that_names_our_message_joins_it() -> None:
    asked = from_us("2026-03-02 09:00")
    bounce = a_bounce("2026-03-02 09:03", asked)

    assert link(a_thread(asked, bounce), bounce) is LinkKind.REPORT


def test_a_report_without_an_id_is_placed_by_address_and_subject() -> None:
    older = from_us("2026-03-01 09:00", subject="Another")
    asked = from_us("2026-03-02 09:00")
    bounce = a_bounce("2026-03-02 09:03", asked, named=False)

    threads = assembled(older, asked, bounce).threads

    assert [len(t.placed) for t in threads] == [1, 2]


def test_a_report_of_another_subject_or_without_any_report_part_is_not_placed() -> None:
    asked = from_us("2026-03-02 09:00")
    stranger = from_us("2026-03-02 09:00", subject="Flowers")
    bounce = a_bounce("2026-03-02 09:03", stranger, named=False)
    bare = from_council(
        "2026-03-02 09:04", Kind.BOUNCE, subject="Undelivered", sender="x@y.example"
    )

    assert len(a_thread(asked, bounce, bare).placed) == 1


def test_a_report_about_no_subject_is_about_the_latest_message_to_that_address() -> None:
    asked = from_us("2026-03-02 09:00")
    bounce = a_bounce("2026-03-02 09:03", asked, named=False)
    assert bounce.message.report is not None
    unnamed = replace(bounce.message.report, original_subject=None)
    bounce = replace(bounce, message=replace(bounce.message, report=unnamed))

    assert link(a_thread(asked, bounce), bounce) is LinkKind.REPORT


def test_a_bounce_in_the_same_server_thread_is_placed_there() -> None:
    asked = from_us("2026-03-02 09:00", thread_keys=("gmail:7",))
    bounce = from_council(
        "2026-03-02 09:03", Kind.BOUNCE, subject="Failure", sender="mailer-daemon@mail.example",
        thread_keys=("gmail:7",),
    )  # fmt: skip

    assert link(a_thread(asked, bounce), bounce) is LinkKind.SERVER_THREAD


def test_a_bounce_for_one_of_two_mailboxes_stands_only_there() -> None:
    asked = from_us("2026-03-02 09:00", to=(COUNCIL, COMPLAINTS))
    bounce = a_bounce("2026-03-02 09:03", asked, failed=(COMPLAINTS,))

    by_box = {t.council_mailbox.address: t for t in assembled(asked, bounce).threads}

    assert len(by_box[COUNCIL].placed) == 1
    assert len(by_box[COMPLAINTS].placed) == 2


def test_a_bounce_for_a_friend_copied_in_says_nothing_of_the_council() -> None:
    asked = from_us("2026-03-02 09:00", cc="friend@example.net")
    bounce = a_bounce("2026-03-02 09:03", asked, failed=("friend@example.net",))

    assert len(a_thread(asked, bounce).placed) == 1


def test_a_receipt_of_another_mailbox_stands_only_there() -> None:
    asked = from_us("2026-03-02 09:00", to=(COUNCIL, COMPLAINTS))
    receipt = a_receipt("2026-03-03 09:00", asked, sender=COMPLAINTS)

    by_box = {t.council_mailbox.address: t for t in assembled(asked, receipt).threads}

    assert len(by_box[COUNCIL].placed) == 1
    assert len(by_box[COMPLAINTS].placed) == 2


def test_a_report_on_mail_of_the_talk_that_went_elsewhere_is_left_out() -> None:
    asked = from_us("2026-03-02 09:00")
    other = from_us("2026-03-03 09:00", to=MEDWAY, in_reply_to=asked.message_id)
    bounce = a_bounce("2026-03-03 09:03", other, failed=(MEDWAY,))

    by_box = {t.council_mailbox.address: t for t in assembled(asked, other, bounce).threads}

    assert len(by_box[COUNCIL].placed) == 1
    assert len(by_box[MEDWAY].placed) == 2


def test_the_machine_of_one_mailbox_does_not_speak_for_the_other() -> None:
    asked = from_us("2026-03-02 09:00", to=(COUNCIL, COMPLAINTS))
    ack = from_council("2026-03-02 09:01", Kind.ACKNOWLEDGEMENT, to=asked)

    by_box = {t.council_mailbox.address: t for t in assembled(asked, ack).threads}

    assert len(by_box[COUNCIL].placed) == 2
    assert len(by_box[COMPLAINTS].placed) == 1


def test_mail_without_a_subject_is_placed_by_time_alone() -> None:
    asked = from_us("2026-03-02 09:00", subject="")
    ack = from_council("2026-03-02 09:01", Kind.ACKNOWLEDGEMENT, subject="")

    assert link(a_thread(asked, ack), ack) is LinkKind.TIMING


def test_a_bounce_of_what_others_sent_closes_no_question_of_ours() -> None:
    theirs = from_council("2026-03-01 09:00", subject="A plan")
    bounce = from_council("2026-03-01 09:03", Kind.BOUNCE, in_reply_to=theirs.message_id)
    asked = from_us("2026-03-02 09:00", in_reply_to=theirs.message_id)
    answer = from_council("2026-03-05 09:00")

    assert link(a_thread(theirs, bounce, asked, answer), answer) is LinkKind.SUBJECT


@pytest.mark.parametrize(
    "changes",
    [
        {"own_text": f"I wasn't able to deliver your message.\n<{COUNCIL.upper()}>: no such user"},
        {"quoted_text": f"> To: {COUNCIL}\n> Subject: Annual review"},
        {"headers": (("x-failed-recipients", COUNCIL),)},
    ],
)
def test_a_failure_that_is_told_in_words_alone_is_about_the_address_they_name(
    changes: dict[str, Any],
) -> None:
    asked = from_us("2026-03-02 09:00")
    other = from_us("2026-03-02 09:01", to=COMPLAINTS, subject="Another thing")
    bounce = from_council(
        "2026-03-02 09:03", Kind.BOUNCE, sender="mailer-daemon@isp.example",
        subject="failure notice", **{"own_text": "It failed."} | changes,
    )  # fmt: skip

    threads = {t.council_mailbox.address: t for t in assembled(asked, other, bounce).threads}

    assert link(threads[COUNCIL], bounce) is LinkKind.REPORT
    assert len(threads[COMPLAINTS].placed) == 1


def test_a_failure_that_names_nobody_belongs_nowhere() -> None:
    asked = from_us("2026-03-02 09:00")
    bounce = from_council(
        "2026-03-02 09:03", Kind.BOUNCE, sender="mailer-daemon@isp.example", own_text="It failed."
    )

    assert len(a_thread(asked, bounce).placed) == 1

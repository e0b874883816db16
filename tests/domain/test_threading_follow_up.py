"""What a further message of ours goes on with."""

from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.threads import LinkKind
from tests.builders import (
    COMPLAINTS,
    COUNCIL,
    OFFICER,
    a_thread,
    assembled,
    from_council,
    from_us,
    link,
)


def test_a_chaser_without_headers_goes_on_with_the_open_question() -> None:
    asked = from_us("2026-03-02 09:00")
    chaser = from_us("2026-03-12 09:00", subject="Re: Annual review for Sam")

    assert link(a_thread(asked, chaser), chaser) is LinkKind.SUBJECT


def test_a_further_message_without_headers_goes_on_with_an_answered_thread() -> None:
    asked = from_us("2026-03-02 09:00")
    answer = from_council("2026-03-05 09:00", to=asked, sender=OFFICER)
    again = from_us("2026-03-12 09:00", subject="RE: Annual review for Sam", to=(COUNCIL, OFFICER))

    threads = assembled(asked, answer, again).threads

    assert len(threads) == 2
    assert {link(t, again) for t in threads} == {LinkKind.SUBJECT}


def test_with_two_open_questions_a_bare_chaser_makes_its_own_thread() -> None:
    one, two = from_us("2026-03-02 09:00"), from_us("2026-03-03 09:00")
    chaser = from_us("2026-03-12 09:00", subject="Re: Annual review for Sam")

    assert len(assembled(one, two, chaser).threads) == 3


def test_a_chaser_to_another_mailbox_makes_its_own_thread() -> None:
    asked = from_us("2026-03-02 09:00")
    chaser = from_us("2026-03-12 09:00", subject="Re: Annual review for Sam", to=COMPLAINTS)

    assert len(assembled(asked, chaser).threads) == 2


def test_forwarding_our_unanswered_mail_to_the_same_mailbox_goes_on_with_it() -> None:
    asked = from_us("2026-03-02 09:00")
    by_subject = from_us("2026-03-12 09:00", subject="Fwd: Annual review for Sam")
    by_quotation = from_us(
        "2026-03-13 09:00", subject="No answer yet", quoted_text=f"> {asked.message.own_text}"
    )

    thread = a_thread(asked, by_subject, by_quotation)

    assert link(thread, by_subject) is LinkKind.SUBJECT
    assert link(thread, by_quotation) is LinkKind.QUOTATION


def test_a_forward_of_an_answered_question_begins_anew() -> None:
    asked = from_us("2026-03-02 09:00")
    answer = from_council("2026-03-05 09:00", to=asked)
    forward = from_us("2026-03-12 09:00", subject="Fwd: Annual review for Sam")

    assert len(assembled(asked, answer, forward).threads) == 2


def test_a_chaser_in_the_same_server_thread_goes_on_with_it() -> None:
    asked = from_us("2026-03-02 09:00", thread_keys=("gmail:1",))
    chaser = from_us("2026-03-12 09:00", subject="Re: still nothing", thread_keys=("gmail:1",))

    assert link(a_thread(asked, chaser), chaser) is LinkKind.SERVER_THREAD


def test_our_message_that_quotes_their_reference_goes_on_with_the_open_question() -> None:
    asked = from_us("2026-03-02 09:00")
    ack = from_council(
        "2026-03-02 09:01", Kind.ACKNOWLEDGEMENT, to=asked, case_references=("KCC-1234567",)
    )
    chaser = from_us(
        "2026-03-12 09:00", subject="KCC 1234567 still open", case_references=("KCC-1234567",)
    )

    assert link(a_thread(asked, ack, chaser), chaser) is LinkKind.CASE_REFERENCE


def test_our_answer_to_council_mail_that_we_only_know_by_name_begins_a_thread() -> None:
    answer = from_us("2026-03-02 09:00", subject="Re: Your letter", in_reply_to="x@kent.gov.uk")

    assert link(a_thread(answer), answer) is LinkKind.ROOT

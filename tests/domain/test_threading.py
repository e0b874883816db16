"""Which thread a message belongs to: every rule, strongest first."""

from dataclasses import replace

import pytest

from inboxwatch.domain.bodies import Watch, body_for
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.message import Address, FolderRole
from inboxwatch.domain.overrides import Verb
from inboxwatch.domain.threading import assemble
from inboxwatch.domain.threads import Entry, LinkKind, Placed, Standing, Thread
from tests.builders import (
    COMPLAINTS,
    COUNCIL,
    COUNCILLOR,
    ME,
    MEDWAY,
    OFFICER,
    WATCH,
    a_bounce,
    a_receipt,
    a_thread,
    assembled,
    decided,
    folder,
    from_council,
    from_us,
    said,
)

TRANSPORT = "Please tell me when the transport to school will begin again."


def placed(thread: Thread, entry: Entry) -> Placed:
    return next(p for p in thread.placed if p.entry.message_id == entry.message_id)


def link(thread: Thread, entry: Entry) -> LinkKind:
    return placed(thread, entry).link.kind


def test_an_answer_that_names_our_message_joins_it():
    asked = from_us("2026-03-02 09:00")
    answer = from_council("2026-03-05 09:00", to=asked, subject="Something else", sender=OFFICER)

    thread = a_thread(asked, answer)

    assert link(thread, asked) is LinkKind.ROOT
    assert link(thread, answer) is LinkKind.REFERENCES
    assert asked.message_id in placed(thread, answer).link.evidence
    assert placed(thread, answer).standing is Standing.COUNTS


def test_mail_known_only_by_reference_ties_two_messages_together():
    asked = from_us("2026-03-02 09:00")
    first = from_council(
        "2026-03-05 09:00", in_reply_to="", references=(asked.message_id, "lost@kent.gov.uk")
    )
    second = from_council("2026-03-09 09:00", subject="X", in_reply_to="lost@kent.gov.uk")

    thread = a_thread(asked, first, second)

    assert "not in this mailbox" in placed(thread, second).link.evidence


def test_a_constant_id_in_two_acknowledgements_does_not_merge_two_questions():
    one = from_us("2026-03-02 09:00", subject="Transport")
    two = from_us("2026-03-03 09:00", subject="Speech therapy")
    acks = [
        from_council(
            "2026-03-03 10:00", Kind.ACKNOWLEDGEMENT, references=(q.message_id, "0@kent.gov.uk")
        )
        for q in (one, two)
    ]

    assert len(assembled(one, two, *acks).threads) == 2


def test_an_address_in_in_reply_to_is_no_id():
    one = from_us("2026-03-02 09:00", subject="Transport")
    two = from_us("2026-03-03 09:00", subject="Speech therapy")
    replies = [
        from_council("2026-03-05 09:00", in_reply_to=(ME, q.message_id), subject="Re: x")
        for q in (one, two)
    ]

    assert len(assembled(one, two, *replies).threads) == 2


def test_a_header_of_the_mail_server_ties_an_automatic_reply():
    asked = from_us("2026-03-02 09:00")
    away = from_council(
        "2026-03-02 15:00", Kind.OUT_OF_OFFICE, subject="Away", related_ids=(asked.message_id,)
    )

    assert "mail server" in placed(a_thread(asked, away), away).link.evidence


def test_a_server_thread_places_an_answer_whose_ids_were_rewritten():
    asked = from_us("2026-03-02 09:00", thread_keys=("thread-index:aa",))
    answer = from_council(
        "2026-03-05 09:00", subject="EHC plan", in_reply_to="new@outlook.example",
        thread_keys=("thread-index:aa",),
    )  # fmt: skip

    assert link(a_thread(asked, answer), answer) is LinkKind.SERVER_THREAD


def test_two_new_questions_in_one_server_thread_stay_two():
    one = from_us("2026-03-02 09:00", thread_keys=("gmail:1",))
    two = from_us("2026-03-20 09:00", thread_keys=("gmail:1",))
    answer = from_council("2026-03-05 09:00", to=one)
    later = from_council("2026-03-25 09:00", subject="Hello", thread_keys=("gmail:1",))

    threads = assembled(one, two, answer, later).threads

    assert len(threads) == 2
    assert link(threads[1], later) is LinkKind.SERVER_THREAD  # the only open one of the two


def test_a_case_reference_seen_in_the_thread_places_an_answer():
    asked = from_us("2026-03-02 09:00")
    ack = from_council(
        "2026-03-02 09:01",
        Kind.ACKNOWLEDGEMENT,
        subject="Your enquiry",
        sender="noreply@kent.gov.uk",
        case_references=("KCC-1234567",),
    )
    answer = from_council(
        "2026-03-08 09:00", subject="KCC-1234567", case_references=("KCC-1234567",), sender=OFFICER
    )

    thread = a_thread(asked, ack, answer)

    assert link(thread, ack) is LinkKind.TIMING
    assert link(thread, answer) is LinkKind.CASE_REFERENCE


def test_a_reference_seen_in_two_threads_places_nothing():
    one = from_us("2026-03-02 09:00", subject="Transport to school")
    two = from_us("2026-03-03 09:00", subject="Speech therapy hours")
    replies = [
        from_council("2026-03-04 09:00", Kind.ACKNOWLEDGEMENT, to=q, case_references=("SEN-55555",))
        for q in (one, two)
    ]
    answer = from_council("2026-03-09 09:00", subject="SEN-55555", case_references=("SEN-55555",))

    threads = assembled(one, two, *replies, answer).threads

    assert [link(t, answer) for t in threads] == [LinkKind.POSSIBLE, LinkKind.POSSIBLE]


@pytest.mark.parametrize(
    "subject",
    [
        "RE: Annual review for Sam",
        "[Ref: 100064] Re: Annual review for Sam",
        "CRM:0100037 - RE: Annual review for Sam",
        "Annual review for Sam [Case 100102]",
        "Re: [EXTERNAL] Annual review for Sam",
    ],
)
def test_the_same_subject_at_the_same_body_places_an_answer(subject):
    asked = from_us("2026-03-02 09:00")
    answer = from_council("2026-03-08 09:00", subject=subject, sender=OFFICER)

    assert link(a_thread(asked, answer), answer) is LinkKind.SUBJECT


def test_the_same_subject_from_another_body_places_nothing():
    asked = from_us("2026-03-02 09:00")
    other = from_council("2026-03-08 09:00", sender=MEDWAY)

    assembly = assembled(asked, other)

    assert len(assembly.threads[0].placed) == 1
    assert [u.body for u in assembly.unplaced] == ["medway.gov.uk"]


def test_the_same_subject_before_our_message_places_nothing():
    asked = from_us("2026-03-02 09:00")
    before = from_council("2026-03-01 09:00")

    assert len(a_thread(asked, before).placed) == 1


def test_the_same_subject_after_ninety_days_is_only_a_possible_reply():
    asked = from_us("2026-01-02 09:00")
    late = from_council("2026-05-02 09:00")

    assert link(a_thread(asked, late), late) is LinkKind.POSSIBLE


def test_a_subject_used_twice_for_two_questions_makes_two_threads():
    one = from_us("2026-03-02 09:00")
    two = from_us("2026-03-12 09:00")

    assert len(assembled(one, two).threads) == 2


def test_with_two_open_questions_of_one_subject_the_answer_may_belong_to_either():
    one, two = from_us("2026-03-02 09:00"), from_us("2026-03-03 09:00")
    answer = from_council("2026-03-12 09:00")

    threads = assembled(one, two, answer).threads

    assert [link(t, answer) for t in threads] == [LinkKind.POSSIBLE, LinkKind.POSSIBLE]


def test_with_two_open_questions_of_one_subject_a_quotation_decides():
    words = "The taxi did not come on three mornings of last week."
    one, two = from_us("2026-03-02 09:00", own_text=words), from_us("2026-03-03 09:00")
    answer = from_council("2026-03-12 09:00", quoted_text=f"> {words}")

    threads = assembled(one, two, answer).threads

    assert link(threads[0], answer) is LinkKind.SUBJECT
    assert len(threads[1].placed) == 1


def test_a_second_answer_goes_where_the_first_went():
    asked = from_us("2026-03-02 09:00")
    first, second = from_council("2026-03-05 09:00", to=asked), from_council("2026-03-06 09:00")

    assert link(a_thread(asked, first, second), second) is LinkKind.SUBJECT


def test_the_only_open_question_at_a_mailbox_makes_a_possible_reply():
    asked = from_us("2026-03-02 09:00")
    answer = from_council("2026-03-12 09:00", subject="Our telephone call")

    found = placed(a_thread(asked, answer), answer)

    assert found.link.kind is LinkKind.POSSIBLE
    assert found.standing is Standing.DOUBTED
    assert COUNCIL in found.why_doubted


def test_the_only_open_question_with_an_officer_makes_a_possible_reply():
    asked = from_us("2026-03-02 09:00", subject="Transport to school")
    holding = from_council("2026-03-03 09:00", to=asked, sender=OFFICER, holding=True)
    other = from_us("2026-03-04 09:00", subject="Speech therapy hours")
    answer = from_council("2026-03-12 09:00", subject="Our talk", sender=OFFICER)

    threads = assembled(asked, holding, other, answer).threads

    assert link(threads[0], answer) is LinkKind.POSSIBLE
    assert len(threads[1].placed) == 1


def test_two_open_questions_at_a_mailbox_leave_other_mail_unplaced():
    one = from_us("2026-03-02 09:00", subject="Transport to school")
    two = from_us("2026-03-03 09:00", subject="Speech therapy hours")
    other = from_council("2026-03-12 09:00", subject="A new building")

    assembly = assembled(one, two, other)

    assert [u.entry.message_id for u in assembly.unplaced] == [other.message_id]
    assert "names no message of yours" in assembly.unplaced[0].reason


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"subject": "Your letter about transport to school"}, "names the subject"),
        ({"own_text": "Thank you for your email of 2nd March. No."}, "email of 2 March"),
        (
            {"quoted_text": "> Please tell me when the transport to school will begin again."},
            "quotes",
        ),
        ({"case_references": ("KCC-7654321",)}, "KCC-7654321"),
    ],
)
def test_mail_that_speaks_to_one_of_two_open_questions_may_answer_it(changes, why):
    one = from_us(
        "2026-03-02 09:00",
        subject="Transport to school",
        own_text=TRANSPORT,
        case_references=("KCC-7654321",),
    )
    two = from_us("2026-03-03 09:00", subject="Speech therapy hours")
    answer = from_council("2026-03-12 09:00", **({"subject": "A letter"} | changes))

    threads = assembled(one, two, answer).threads

    assert why in placed(threads[0], answer).why_doubted
    assert len(threads[1].placed) == 1


def test_a_line_that_stands_in_two_questions_speaks_to_neither():
    same = "I am the mother of Sam and write on behalf of the family."
    one = from_us("2026-03-02 09:00", subject="Transport to school", own_text=same)
    two = from_us("2026-03-03 09:00", subject="Speech therapy hours", own_text=same)
    other = from_council("2026-03-12 09:00", subject="A new place", quoted_text=f"> {same}")

    assert [u.entry.message_id for u in assembled(one, two, other).unplaced] == [other.message_id]


def test_what_came_before_the_question_or_after_its_answer_is_no_possible_reply():
    asked = from_us("2026-03-02 09:00")
    answer = from_council("2026-03-05 09:00", to=asked)
    before = from_council("2026-03-01 09:00", subject="Other")
    after = from_council("2026-03-09 09:00", subject="Another")

    assert len(assembled(asked, answer, before, after).unplaced) == 2


def test_a_newsletter_is_neither_placed_nor_listed():
    asked = from_us("2026-03-02 09:00")
    news = from_council("2026-03-05 09:00", Kind.BULK, subject="News")

    assembly = assembled(asked, news)

    assert len(assembly.threads[0].placed) == 1
    assert assembly.unplaced == ()


def test_an_automatic_reply_that_fits_nothing_is_listed():
    ack = from_council("2026-03-05 09:00", Kind.ACKNOWLEDGEMENT, subject="Thank you")

    assert "automatic" in assembled(ack).unplaced[0].reason


def test_an_acknowledgement_belongs_to_the_latest_question_with_its_subject():
    one, two = from_us("2026-03-02 09:00"), from_us("2026-03-12 09:00")
    ack = from_council("2026-03-12 09:01", Kind.ACKNOWLEDGEMENT)

    threads = assembled(one, two, ack).threads

    assert len(threads[0].placed) == 1
    assert link(threads[1], ack) is LinkKind.SUBJECT


@pytest.mark.parametrize(("minutes", "words"), [("09:00", "40 seconds"), ("09:20", "20 minutes")])
def test_an_acknowledgement_with_another_subject_is_placed_by_time(minutes, words):
    asked = from_us("2026-03-02 09:00")
    seconds = ":40" if minutes == "09:00" else ":00"
    ack = from_council(f"2026-03-02 {minutes}{seconds}", Kind.ACKNOWLEDGEMENT, subject="Thank you")

    assert words in placed(a_thread(asked, ack), ack).link.evidence


def test_by_time_the_mailbox_that_was_written_to_is_preferred():
    one = from_us("2026-03-02 09:00", subject="One thing")
    two = from_us("2026-03-02 09:05", subject="Another thing", to=COMPLAINTS)
    ack = from_council("2026-03-02 09:06", Kind.ACKNOWLEDGEMENT, subject="Thank you")

    threads = assembled(one, two, ack).threads

    assert [len(t.placed) for t in threads] == [2, 1]


def test_an_acknowledgement_hours_later_is_not_placed_by_time():
    asked = from_us("2026-03-02 09:00")
    ack = from_council("2026-03-02 12:00", Kind.ACKNOWLEDGEMENT, subject="Thank you")

    assert len(a_thread(asked, ack).placed) == 1


def test_a_report_that_names_our_message_joins_it():
    asked = from_us("2026-03-02 09:00")
    bounce = a_bounce("2026-03-02 09:03", asked)

    assert link(a_thread(asked, bounce), bounce) is LinkKind.REPORT


def test_a_report_without_an_id_is_placed_by_address_and_subject():
    older = from_us("2026-03-01 09:00", subject="Another")
    asked = from_us("2026-03-02 09:00")
    bounce = a_bounce("2026-03-02 09:03", asked, named=False)

    threads = assembled(older, asked, bounce).threads

    assert [len(t.placed) for t in threads] == [1, 2]


def test_a_report_of_another_subject_or_without_any_report_part_is_not_placed():
    asked = from_us("2026-03-02 09:00")
    stranger = from_us("2026-03-02 09:00", subject="Flowers")
    bounce = a_bounce("2026-03-02 09:03", stranger, named=False)
    bare = from_council(
        "2026-03-02 09:04", Kind.BOUNCE, subject="Undelivered", sender="x@y.example"
    )

    assert len(a_thread(asked, bounce, bare).placed) == 1


def test_a_report_about_no_subject_is_about_the_latest_message_to_that_address():
    asked = from_us("2026-03-02 09:00")
    bounce = a_bounce("2026-03-02 09:03", asked, named=False)
    assert bounce.message.report is not None
    unnamed = replace(bounce.message.report, original_subject=None)
    bounce = replace(bounce, message=replace(bounce.message, report=unnamed))

    assert link(a_thread(asked, bounce), bounce) is LinkKind.REPORT


def test_a_bounce_in_the_same_server_thread_is_placed_there():
    asked = from_us("2026-03-02 09:00", thread_keys=("gmail:7",))
    bounce = from_council(
        "2026-03-02 09:03", Kind.BOUNCE, subject="Failure", sender="mailer-daemon@mail.example",
        thread_keys=("gmail:7",),
    )  # fmt: skip

    assert link(a_thread(asked, bounce), bounce) is LinkKind.SERVER_THREAD


def test_a_bounce_for_one_of_two_mailboxes_stands_only_there():
    asked = from_us("2026-03-02 09:00", to=(COUNCIL, COMPLAINTS))
    bounce = a_bounce("2026-03-02 09:03", asked, failed=(COMPLAINTS,))

    by_box = {t.council_mailbox.address: t for t in assembled(asked, bounce).threads}

    assert len(by_box[COUNCIL].placed) == 1
    assert len(by_box[COMPLAINTS].placed) == 2


def test_a_bounce_for_a_friend_copied_in_says_nothing_of_the_council():
    asked = from_us("2026-03-02 09:00", cc="friend@example.net")
    bounce = a_bounce("2026-03-02 09:03", asked, failed=("friend@example.net",))

    assert len(a_thread(asked, bounce).placed) == 1


def test_a_receipt_of_another_mailbox_stands_only_there():
    asked = from_us("2026-03-02 09:00", to=(COUNCIL, COMPLAINTS))
    receipt = a_receipt("2026-03-03 09:00", asked, sender=COMPLAINTS)

    by_box = {t.council_mailbox.address: t for t in assembled(asked, receipt).threads}

    assert len(by_box[COUNCIL].placed) == 1
    assert len(by_box[COMPLAINTS].placed) == 2


def test_a_report_on_mail_of_the_talk_that_went_elsewhere_is_left_out():
    asked = from_us("2026-03-02 09:00")
    other = from_us("2026-03-03 09:00", to=MEDWAY, in_reply_to=asked.message_id)
    bounce = a_bounce("2026-03-03 09:03", other, failed=(MEDWAY,))

    by_box = {t.council_mailbox.address: t for t in assembled(asked, other, bounce).threads}

    assert len(by_box[COUNCIL].placed) == 1
    assert len(by_box[MEDWAY].placed) == 2


def test_one_message_to_two_bodies_makes_a_thread_of_each_with_its_own_answers():
    asked = from_us("2026-03-02 09:00", to=(COUNCIL, MEDWAY))
    answer = from_council("2026-03-05 09:00", to=asked, sender=MEDWAY)

    by_box = {t.council_mailbox.address: t for t in assembled(asked, answer).threads}

    assert len(by_box[COUNCIL].placed) == 1
    assert len(by_box[MEDWAY].placed) == 2


def test_one_message_to_two_mailboxes_of_a_body_shares_the_answer():
    asked = from_us("2026-03-02 09:00", to=(COUNCIL, COMPLAINTS))
    answer = from_council("2026-03-05 09:00", to=asked)

    assert [len(t.placed) for t in assembled(asked, answer).threads] == [2, 2]


def test_the_machine_of_one_mailbox_does_not_speak_for_the_other():
    asked = from_us("2026-03-02 09:00", to=(COUNCIL, COMPLAINTS))
    ack = from_council("2026-03-02 09:01", Kind.ACKNOWLEDGEMENT, to=asked)

    by_box = {t.council_mailbox.address: t for t in assembled(asked, ack).threads}

    assert len(by_box[COUNCIL].placed) == 2
    assert len(by_box[COMPLAINTS].placed) == 1


def test_an_address_elsewhere_answers_when_its_references_say_so():
    asked = from_us("2026-03-02 09:00")
    answer = from_council("2026-03-05 09:00", to=asked, sender="team@outsourced.example")

    found = placed(a_thread(asked, answer), answer)

    assert found.standing is Standing.COUNTS
    assert found.body is None


def test_an_address_elsewhere_without_references_is_nobody():
    asked = from_us("2026-03-02 09:00")
    stranger = from_council("2026-03-05 09:00", sender="team@outsourced.example")

    assembly = assembled(asked, stranger)

    assert len(assembly.threads[0].placed) == 1
    assert assembly.unplaced == ()


def test_somebody_we_copied_in_does_not_answer_for_the_body():
    asked = from_us("2026-03-02 09:00", cc="friend@example.net")
    comment = from_council("2026-03-05 09:00", to=asked, sender="friend@example.net")

    assert placed(a_thread(asked, comment), comment).standing is Standing.CONTEXT


def test_an_address_elsewhere_is_in_doubt_when_two_bodies_were_asked():
    asked = from_us("2026-03-02 09:00", to=(COUNCIL, MEDWAY))
    answer = from_council("2026-03-05 09:00", to=asked, sender="team@outsourced.example")

    threads = assembled(asked, answer).threads

    assert {placed(t, answer).standing for t in threads} == {Standing.DOUBTED}


def test_another_watched_body_that_answers_is_in_doubt():
    asked = from_us("2026-03-02 09:00")
    answer = from_council("2026-03-05 09:00", to=asked, sender=MEDWAY)

    found = placed(a_thread(asked, answer), answer)

    assert found.standing is Standing.DOUBTED
    assert "Medway Council" in found.why_doubted


def test_who_is_listed_as_not_the_body_is_in_doubt():
    asked = from_us("2026-03-02 09:00")
    answer = from_council("2026-03-05 09:00", to=asked, sender=COUNCILLOR)

    assert placed(a_thread(asked, answer), answer).standing is Standing.DOUBTED


def test_who_is_listed_as_not_the_body_may_answer_only_when_it_speaks_to_a_question():
    asked = from_us("2026-03-02 09:00")
    other = from_council("2026-03-05 09:00", subject="Vote for me", sender=COUNCILLOR)
    about = from_council("2026-03-06 09:00", sender=COUNCILLOR)

    assembly = assembled(asked, other, about)

    assert link(assembly.threads[0], about) is LinkKind.POSSIBLE
    assert [u.entry.message_id for u in assembly.unplaced] == [other.message_id]


def test_a_forward_inside_the_council_that_copies_us_in_is_in_doubt():
    asked = from_us("2026-03-02 09:00")
    passed_on = from_council(
        "2026-03-05 09:00", to=asked, subject="FW: Annual review", receivers=OFFICER, cc=ME
    )

    assert placed(a_thread(asked, passed_on), passed_on).standing is Standing.DOUBTED


def test_a_copy_of_ours_goes_only_where_it_was_asked_when_somebody_was():
    asked = from_us("2026-03-02 09:00", cc=COMPLAINTS)

    assert [t.council_mailbox.address for t in assembled(asked).threads] == [COUNCIL]


def test_a_message_that_only_copies_a_mailbox_in_stands_in_a_thread_of_it():
    copied = from_us("2026-03-02 09:00", to="head@school.example", cc=COUNCIL)
    blind = from_us("2026-03-03 09:00", to=(), bcc=COUNCIL, subject="Blind")

    assert len(assembled(copied, blind).threads) == 2


def test_a_chaser_without_headers_goes_on_with_the_open_question():
    asked = from_us("2026-03-02 09:00")
    chaser = from_us("2026-03-12 09:00", subject="Re: Annual review for Sam")

    assert link(a_thread(asked, chaser), chaser) is LinkKind.SUBJECT


def test_a_further_message_without_headers_goes_on_with_an_answered_thread():
    asked = from_us("2026-03-02 09:00")
    answer = from_council("2026-03-05 09:00", to=asked, sender=OFFICER)
    again = from_us("2026-03-12 09:00", subject="RE: Annual review for Sam", to=(COUNCIL, OFFICER))

    threads = assembled(asked, answer, again).threads

    assert len(threads) == 2
    assert {link(t, again) for t in threads} == {LinkKind.SUBJECT}


def test_with_two_open_questions_a_bare_chaser_makes_its_own_thread():
    one, two = from_us("2026-03-02 09:00"), from_us("2026-03-03 09:00")
    chaser = from_us("2026-03-12 09:00", subject="Re: Annual review for Sam")

    assert len(assembled(one, two, chaser).threads) == 3


def test_a_chaser_to_another_mailbox_makes_its_own_thread():
    asked = from_us("2026-03-02 09:00")
    chaser = from_us("2026-03-12 09:00", subject="Re: Annual review for Sam", to=COMPLAINTS)

    assert len(assembled(asked, chaser).threads) == 2


def test_forwarding_our_unanswered_mail_to_the_same_mailbox_goes_on_with_it():
    asked = from_us("2026-03-02 09:00")
    by_subject = from_us("2026-03-12 09:00", subject="Fwd: Annual review for Sam")
    by_quotation = from_us(
        "2026-03-13 09:00", subject="No answer yet", quoted_text=f"> {asked.message.own_text}"
    )

    thread = a_thread(asked, by_subject, by_quotation)

    assert link(thread, by_subject) is LinkKind.SUBJECT
    assert link(thread, by_quotation) is LinkKind.QUOTATION


def test_a_forward_of_an_answered_question_begins_anew():
    asked = from_us("2026-03-02 09:00")
    answer = from_council("2026-03-05 09:00", to=asked)
    forward = from_us("2026-03-12 09:00", subject="Fwd: Annual review for Sam")

    assert len(assembled(asked, answer, forward).threads) == 2


def test_a_chaser_in_the_same_server_thread_goes_on_with_it():
    asked = from_us("2026-03-02 09:00", thread_keys=("gmail:1",))
    chaser = from_us("2026-03-12 09:00", subject="Re: still nothing", thread_keys=("gmail:1",))

    assert link(a_thread(asked, chaser), chaser) is LinkKind.SERVER_THREAD


def test_our_message_that_quotes_their_reference_goes_on_with_the_open_question():
    asked = from_us("2026-03-02 09:00")
    ack = from_council(
        "2026-03-02 09:01", Kind.ACKNOWLEDGEMENT, to=asked, case_references=("KCC-1234567",)
    )
    chaser = from_us(
        "2026-03-12 09:00", subject="KCC 1234567 still open", case_references=("KCC-1234567",)
    )

    assert link(a_thread(asked, ack, chaser), chaser) is LinkKind.CASE_REFERENCE


def test_our_answer_to_council_mail_that_we_only_know_by_name_begins_a_thread():
    answer = from_us("2026-03-02 09:00", subject="Re: Your letter", in_reply_to="x@kent.gov.uk")

    assert link(a_thread(answer), answer) is LinkKind.ROOT


def test_what_they_wrote_first_begins_the_thread_of_our_answer():
    theirs = from_council("2026-03-01 09:00", subject="A proposal")
    ours = from_us("2026-03-02 09:00", subject="Re: A proposal", in_reply_to=theirs.message_id)

    thread = a_thread(theirs, ours)

    assert thread.root == theirs.message_id
    assert thread.subject == "A proposal"


def test_a_message_in_several_folders_is_one_and_keeps_every_place():
    asked = from_us("2026-03-02 09:00")
    copy = replace(asked, message=replace(asked.message, locations=(folder(FolderRole.INBOX),)))

    thread = a_thread(asked, copy)

    assert len(thread.placed) == 1
    assert len(thread.placed[0].entry.message.locations) == 2
    assert a_thread(copy, asked) == thread


def test_our_own_reminders_stand_in_no_thread():
    asked = from_us("2026-03-02 09:00")
    reminder = from_us("2026-03-20 09:00", in_reply_to=asked.message_id)
    reminder = replace(
        reminder, classification=replace(reminder.classification, kind=Kind.OWN_REMINDER)
    )

    assert len(a_thread(asked, reminder).placed) == 1


def test_messages_that_name_each_other_in_a_circle_do_no_harm():
    asked = from_us("2026-03-02 09:00", "a@example.org", in_reply_to="b@kent.gov.uk")
    answer = from_council(
        "2026-03-01 09:00", message_id="b@kent.gov.uk", in_reply_to="a@example.org"
    )

    thread = a_thread(asked, answer)

    assert len(thread.placed) == 2
    assert a_thread(answer, asked) == thread


def test_an_answer_comes_after_what_it_names_whatever_its_date():
    asked = from_us("2026-03-02 09:00")
    answer = from_council("2020-01-01 09:00", to=asked)

    thread = a_thread(asked, answer)

    assert thread.root == asked.message_id
    assert thread.placed[1].at > asked.at


def test_late_mail_merges_two_threads_and_the_old_id_still_resolves():
    one = from_us("2026-03-02 09:00")
    two = from_us("2026-03-12 09:00", in_reply_to="middle@kent.gov.uk")
    before = assembled(one, two)
    late = from_council("2026-03-05 09:00", message_id="middle@kent.gov.uk", to=one)

    after = assembled(one, two, late)

    assert len(before.threads) == 2
    (merged,) = after.threads
    assert [after.find(thread.id) for thread in before.threads] == [(merged,), (merged,)]
    assert after.find(merged.id[:4]) == (merged,)


def test_a_message_linked_by_hand_stands_where_it_was_put_and_counts():
    one = from_us("2026-03-02 09:00", subject="Transport")
    two = from_us("2026-03-03 09:00", subject="Therapy")
    answer = from_council("2026-03-12 09:00", to=one)
    decisions = decided(said(Verb.LINK, answer, two.message_id))

    threads = assembled(one, two, answer, decisions=decisions).threads

    assert len(threads[0].placed) == 1
    assert link(threads[1], answer) is LinkKind.BY_HAND
    assert placed(threads[1], answer).standing is Standing.COUNTS


def test_an_address_elsewhere_linked_by_hand_counts():
    asked = from_us("2026-03-02 09:00")
    answer = from_council("2026-03-12 09:00", sender="someone@gmail.com", subject="Hello")
    decisions = decided(said(Verb.LINK, answer, asked.message_id))

    assert placed(a_thread(asked, answer, decisions=decisions), answer).standing is Standing.COUNTS


def test_a_message_unlinked_by_hand_leaves_and_takes_its_answers_along():
    asked = from_us("2026-03-02 09:00")
    chaser = from_us("2026-03-12 09:00", in_reply_to=asked.message_id)
    answer = from_council("2026-03-13 09:00", to=chaser)
    further = from_council(
        "2026-03-14 09:00", in_reply_to=asked.message_id,
        references=(chaser.message_id, asked.message_id),
    )  # fmt: skip
    decisions = decided(said(Verb.UNLINK, chaser))

    threads = assembled(asked, chaser, answer, further, decisions=decisions).threads

    ids = [[p.entry.message_id for p in t.placed] for t in threads]
    assert ids == [
        [asked.message_id, further.message_id],
        [chaser.message_id, answer.message_id],
    ]


def test_an_answer_unlinked_by_hand_is_listed_as_such():
    asked = from_us("2026-03-02 09:00")
    answer = from_council("2026-03-12 09:00", to=asked)

    assembly = assembled(asked, answer, decisions=decided(said(Verb.UNLINK, answer)))

    assert "you took it out" in assembly.unplaced[0].reason


def test_a_possible_reply_unlinked_by_hand_is_possible_no_more():
    asked = from_us("2026-03-02 09:00")
    other = from_council("2026-03-12 09:00", subject="Our telephone call")

    assembly = assembled(asked, other, decisions=decided(said(Verb.UNLINK, other)))

    assert len(assembly.threads[0].placed) == 1


def test_a_possible_reply_linked_by_hand_counts():
    asked = from_us("2026-03-02 09:00")
    other = from_council("2026-03-12 09:00", subject="Our telephone call")
    decisions = decided(said(Verb.LINK, other, asked.message_id))

    assert placed(a_thread(asked, other, decisions=decisions), other).standing is Standing.COUNTS


def test_a_kind_said_by_hand_is_that_kind():
    asked = from_us("2026-03-02 09:00")
    answer = from_council("2026-03-12 09:00", to=asked, holding=True)
    decisions = decided(said(Verb.CLASSIFY, answer, "human"))

    found = placed(a_thread(asked, answer, decisions=decisions), answer)

    assert found.entry.classification.by_hand
    assert found.entry.classification.holding  # they said it is a person's, not that it answers


def test_a_body_of_one_address_takes_answers_from_its_whole_domain():
    watch = Watch(bodies=(body_for(COUNCIL),), own_addresses=frozenset({ME}))
    asked = from_us("2026-03-02 09:00")
    elsewhere = from_us("2026-03-03 09:00", to=COMPLAINTS, subject="A complaint")
    answer = from_council("2026-03-05 09:00", to=asked, sender=OFFICER)

    (thread,) = assemble((asked, elsewhere, answer), watch).threads

    assert placed(thread, answer).standing is Standing.COUNTS


def test_mail_without_a_sender_breaks_nothing():
    asked = from_us("2026-03-02 09:00")
    nobody = from_council("2026-03-05 09:00", to=asked)
    nobody = replace(nobody, message=replace(nobody.message, sender=None))

    assert len(a_thread(asked, nobody).placed) == 2
    assert Address(address="x").domain == ""


def test_without_a_watch_nothing_is_a_thread():
    assembly = assemble((from_us("2026-03-02 09:00"),), replace(WATCH, bodies=()))

    assert assembly.threads == ()

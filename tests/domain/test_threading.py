"""Which thread a message belongs to by its ids, server marks, references and subject."""

from dataclasses import replace

from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.message import FolderRole
from inboxwatch.domain.threads import LinkKind, Standing
from tests.builders import (
    ME,
    OFFICER,
    a_thread,
    assembled,
    folder,
    from_council,
    from_us,
    link,
    placed,
)


def test_an_answer_that_names_our_message_joins_it() -> None:
    asked = from_us("2026-03-02 09:00")
    answer = from_council("2026-03-05 09:00", to=asked, subject="Something else", sender=OFFICER)

    thread = a_thread(asked, answer)

    assert link(thread, asked) is LinkKind.ROOT
    assert link(thread, answer) is LinkKind.REFERENCES
    assert asked.message_id in placed(thread, answer).link.evidence
    assert placed(thread, answer).standing is Standing.COUNTS


def test_mail_known_only_by_reference_ties_two_messages_together() -> None:
    asked = from_us("2026-03-02 09:00")
    first = from_council(
        "2026-03-05 09:00", in_reply_to="", references=(asked.message_id, "lost@kent.gov.uk")
    )
    second = from_council("2026-03-09 09:00", subject="X", in_reply_to="lost@kent.gov.uk")

    thread = a_thread(asked, first, second)

    assert "not in this mailbox" in placed(thread, second).link.evidence


def test_an_address_in_in_reply_to_is_no_id() -> None:
    one = from_us("2026-03-02 09:00", subject="Transport")
    two = from_us("2026-03-03 09:00", subject="Speech therapy")
    replies = [
        from_council("2026-03-05 09:00", in_reply_to=(ME, q.message_id), subject="Re: x")
        for q in (one, two)
    ]

    assert len(assembled(one, two, *replies).threads) == 2


def test_a_header_of_the_mail_server_ties_an_automatic_reply() -> None:
    asked = from_us("2026-03-02 09:00")
    away = from_council(
        "2026-03-02 15:00", Kind.OUT_OF_OFFICE, subject="Away", related_ids=(asked.message_id,)
    )

    assert "mail server" in placed(a_thread(asked, away), away).link.evidence


def test_a_server_thread_places_an_answer_whose_ids_were_rewritten() -> None:
    asked = from_us("2026-03-02 09:00", thread_keys=("thread-index:aa",))
    answer = from_council(
        "2026-03-05 09:00", subject="EHC plan", in_reply_to="new@outlook.example",
        thread_keys=("thread-index:aa",),
    )  # fmt: skip

    assert link(a_thread(asked, answer), answer) is LinkKind.SERVER_THREAD


def test_two_new_questions_in_one_server_thread_stay_two() -> None:
    one = from_us("2026-03-02 09:00", thread_keys=("gmail:1",))
    two = from_us("2026-03-20 09:00", thread_keys=("gmail:1",))
    answer = from_council("2026-03-05 09:00", to=one)
    later = from_council("2026-03-25 09:00", subject="Hello", thread_keys=("gmail:1",))

    threads = assembled(one, two, answer, later).threads

    assert len(threads) == 2
    assert link(threads[1], later) is LinkKind.SERVER_THREAD  # the only open one of the two


def test_a_case_reference_seen_in_the_thread_places_an_answer() -> None:
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


def test_a_reference_seen_in_two_threads_places_nothing() -> None:
    one = from_us("2026-03-02 09:00", subject="Transport to school")
    two = from_us("2026-03-03 09:00", subject="Speech therapy hours")
    replies = [
        from_council("2026-03-04 09:00", Kind.ACKNOWLEDGEMENT, to=q, case_references=("SEN-55555",))
        for q in (one, two)
    ]
    answer = from_council("2026-03-09 09:00", subject="SEN-55555", case_references=("SEN-55555",))

    threads = assembled(one, two, *replies, answer).threads

    assert [link(t, answer) for t in threads] == [LinkKind.POSSIBLE, LinkKind.POSSIBLE]


def test_the_same_subject_before_our_message_places_nothing() -> None:
    asked = from_us("2026-03-02 09:00")
    before = from_council("2026-03-01 09:00")

    assert len(a_thread(asked, before).placed) == 1


def test_a_subject_used_twice_for_two_questions_makes_two_threads() -> None:
    one = from_us("2026-03-02 09:00")
    two = from_us("2026-03-12 09:00")

    assert len(assembled(one, two).threads) == 2


def test_with_two_open_questions_of_one_subject_a_quotation_decides() -> None:
    words = "The taxi did not come on three mornings of last week."
    one, two = from_us("2026-03-02 09:00", own_text=words), from_us("2026-03-03 09:00")
    answer = from_council("2026-03-12 09:00", quoted_text=f"> {words}")

    threads = assembled(one, two, answer).threads

    assert link(threads[0], answer) is LinkKind.SUBJECT
    assert len(threads[1].placed) == 1


def test_a_second_answer_goes_where_the_first_went() -> None:
    asked = from_us("2026-03-02 09:00")
    first, second = from_council("2026-03-05 09:00", to=asked), from_council("2026-03-06 09:00")

    assert link(a_thread(asked, first, second), second) is LinkKind.SUBJECT


def test_what_they_wrote_first_begins_the_thread_of_our_answer() -> None:
    theirs = from_council("2026-03-01 09:00", subject="A proposal")
    ours = from_us("2026-03-02 09:00", subject="Re: A proposal", in_reply_to=theirs.message_id)

    thread = a_thread(theirs, ours)

    assert thread.root == theirs.message_id
    assert thread.subject == "A proposal"


def test_a_message_in_several_folders_is_one_and_keeps_every_place() -> None:
    asked = from_us("2026-03-02 09:00")
    copy = replace(asked, message=replace(asked.message, locations=(folder(FolderRole.INBOX),)))

    thread = a_thread(asked, copy)

    assert len(thread.placed) == 1
    assert len(thread.placed[0].entry.message.locations) == 2
    assert a_thread(copy, asked) == thread


def test_our_own_reminders_stand_in_no_thread() -> None:
    asked = from_us("2026-03-02 09:00")
    reminder = from_us("2026-03-20 09:00", in_reply_to=asked.message_id)
    reminder = replace(
        reminder, classification=replace(reminder.classification, kind=Kind.OWN_REMINDER)
    )

    assert len(a_thread(asked, reminder).placed) == 1


def test_messages_that_name_each_other_in_a_circle_do_no_harm() -> None:
    asked = from_us("2026-03-02 09:00", "a@example.org", in_reply_to="b@kent.gov.uk")
    answer = from_council(
        "2026-03-01 09:00", message_id="b@kent.gov.uk", in_reply_to="a@example.org"
    )

    thread = a_thread(asked, answer)

    assert len(thread.placed) == 2
    assert a_thread(answer, asked) == thread


def test_an_answer_comes_after_what_it_names_whatever_its_date() -> None:
    asked = from_us("2026-03-02 09:00")
    answer = from_council("2020-01-01 09:00", to=asked)

    thread = a_thread(asked, answer)

    assert thread.root == asked.message_id
    assert thread.placed[1].at > asked.at


def test_late_mail_merges_two_threads_and_the_old_id_still_resolves() -> None:
    one = from_us("2026-03-02 09:00")
    two = from_us("2026-03-12 09:00", in_reply_to="middle@kent.gov.uk")
    before = assembled(one, two)
    late = from_council("2026-03-05 09:00", message_id="middle@kent.gov.uk", to=one)

    after = assembled(one, two, late)

    assert len(before.threads) == 2
    (merged,) = after.threads
    assert [after.find(thread.id) for thread in before.threads] == [(merged,), (merged,)]
    assert after.find(merged.id[:4]) == (merged,)

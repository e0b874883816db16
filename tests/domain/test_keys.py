"""The marks by which messages can meet: complete, and none too many."""

from dataclasses import replace

from inboxwatch.domain.keys import APART, case_references, facing, keys, said_key, telling_lines
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.threads import Entry
from tests.builders import COUNCIL, WATCH, a_bounce, from_council, from_us


def test_ours_meet_others_by_id_subject_place_and_time() -> None:
    found = keys(from_us("2026-03-02 09:00", "a@example.org", in_reply_to="b@x.example"), WATCH)

    assert {"id:a@example.org", "id:b@x.example"} <= found
    assert "subject:kent.gov.uk:annual review for sam" in found
    assert {key.partition(":")[0] for key in found if not key.startswith(APART)} == {
        "id", "subject", "near", "sent", "line",
    }  # fmt: skip


def test_theirs_meet_ours_by_subject_and_reference() -> None:
    answer = from_council("2026-03-02 09:00", case_references=("KCC-12345", "A-1"))

    found = {key.partition(":")[0] for key in keys(answer, WATCH)}
    assert found == {"id", "subject", "case", "soon"}
    assert case_references(answer) == ("KCC-12345",)


LINE = "The same long line of ours is here again."


def meet(one: Entry, other: Entry) -> set[str]:
    """The keys by which two messages meet and may find their place."""
    there = keys(other, WATCH)
    found = {key for key in keys(one, WATCH) if facing(key) in there}
    return {key for key in found if not key.startswith(APART)}


def test_a_machine_is_near_what_was_sent_within_half_an_hour() -> None:
    asked = from_us("2026-03-02 09:29")
    ack = from_council("2026-03-02 09:31", Kind.ACKNOWLEDGEMENT, subject="")
    later = from_council("2026-03-02 11:31", Kind.ACKNOWLEDGEMENT, subject="")

    assert {key.partition(":")[0] for key in meet(asked, ack)} == {"near"}
    assert {facing(key) for key in meet(ack, asked)} == meet(asked, ack)
    assert not meet(asked, later)


def test_what_we_write_in_one_hour_to_one_address_does_not_meet_by_that() -> None:
    one = from_us("2026-03-02 09:00", subject="Therapy", own_text=LINE)
    other = from_us("2026-03-02 09:01", subject="Transport", own_text=one.message.own_text)

    assert not meet(one, other)


def test_ours_meets_what_it_quotes() -> None:
    one = from_us("2026-03-02 09:00", subject="Therapy", own_text=LINE)
    other = from_us("2026-03-09 09:00", subject="", quoted_text=f"> {one.message.own_text}")

    assert {key.partition(":")[0] for key in meet(other, one)} == {"cites"}


def test_a_report_is_near_what_went_to_that_address_in_five_days() -> None:
    asked = from_us("2026-03-02 09:00", "q@example.org")
    bounce = a_bounce("2026-03-06 09:00", asked, named=False)
    late = a_bounce("2026-03-12 09:00", asked, named=False)

    assert any(COUNCIL in key for key in meet(asked, bounce))
    assert not meet(asked, late)


def test_a_reminder_of_ours_meets_nobody() -> None:
    asked = from_us("2026-03-02 09:00")
    said = replace(asked.classification, kind=Kind.OWN_REMINDER)

    assert keys(replace(asked, classification=said), WATCH) == frozenset()


def test_only_long_lines_tell_and_only_the_first_of_them() -> None:
    text = "Dear all,\n> This line is long enough to be somebody's own.\nAnd this is another one.."

    assert len(telling_lines(text, 5)) == 1
    assert len(telling_lines(f"{text}\n{'A line of its own words ' * 3}", 5)) == 2
    assert len(telling_lines(f"{text}\n{'A line of its own words ' * 3}", 1)) == 1


def test_what_we_wrote_is_found_at_every_body_it_went_to() -> None:
    asked = from_us("2026-03-02 09:00", to=COUNCIL, cc="sen@medway.gov.uk")
    (line,) = telling_lines(asked.message.own_text, 5)

    bodies = ("kent.gov.uk", "medway.gov.uk")
    assert {said_key(body, line) for body in bodies} <= keys(asked, WATCH)

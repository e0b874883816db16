"""A machine is known by what it answers at once: what it names, or whose subject it has."""

from dataclasses import replace

import pytest

from inboxwatch.application.reading import read_all
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.message import Address
from inboxwatch.domain.threads import Entry
from tests.builders import OFFICER, from_council, from_us
from tests.household import around

BY_A_RULE = (
    "Thank you for getting in touch. I look at every message within ten working days, and I will"
    " come back to you in turn. Please do not send the same message twice.\n\nJane"
)


def judged(*entries: Entry) -> Kind:
    """What the last of some messages is, judged among the others."""
    mail = [entry.message for entry in entries]
    found = read_all(mail, around())
    return next(e for e in found if e.message_id == mail[-1].message_id).classification.kind


def by_a_rule(at: str, **changes: object) -> Entry:
    entry = from_council(at, **({"own_text": BY_A_RULE} | changes))  # type: ignore[arg-type]
    sender = Address(address=OFFICER, name="Jane Doe")
    return replace(entry, message=replace(entry.message, sender=sender))


@pytest.mark.parametrize(
    "subject", ["Annual review for Sam", "Automatic reply: Annual Review for Sam"]
)
def test_an_officers_own_words_with_our_subject_seconds_after_ours_are_a_machines(
    subject: str,
) -> None:
    asked = from_us("2026-03-02 09:00", subject="Annual review for Sam")

    assert judged(asked, by_a_rule("2026-03-02 09:00:12", subject=subject)) is Kind.ACKNOWLEDGEMENT


def test_the_one_of_several_questions_that_it_repeats_counts() -> None:
    asked = from_us("2026-03-02 09:00", subject="Annual review for Sam")
    other = from_us("2026-03-02 09:00:08", subject="Transport to school")
    reply = by_a_rule("2026-03-02 09:00:12", subject="Annual review for Sam")

    assert judged(asked, other, reply) is Kind.ACKNOWLEDGEMENT


@pytest.mark.parametrize(
    ("at", "subject"),
    [
        ("2026-03-02 09:00:12", "A place for Sam"),  # it crossed with ours
        ("2026-03-02 09:40", "Annual review for Sam"),
        ("2026-03-02 08:59", "Annual review for Sam"),
    ],
)
def test_what_may_have_been_written_before_or_in_time_stays_a_persons(
    at: str, subject: str
) -> None:
    asked = from_us("2026-03-02 09:00", subject="Annual review for Sam")

    assert judged(asked, by_a_rule(at, subject=subject)) is Kind.HUMAN


def test_a_short_answer_after_half_a_minute_is_a_persons() -> None:
    asked = from_us("2026-03-02 09:00", subject="Annual review for Sam")
    quick = by_a_rule(
        "2026-03-02 09:00:40",
        subject="RE: Annual review for Sam",
        own_text="Yes, that is fine.\nJane",
    )

    assert judged(asked, quick) is Kind.HUMAN

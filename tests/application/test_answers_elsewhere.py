"""An answer that names another thread's question is found beside it, judging only what changed."""

from __future__ import annotations

from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.threads import Entry
from inboxwatch.domain.verdict import Status
from tests.builders import from_council, from_us
from tests.household import PERSON, Household

HOURS, MILEAGE, OTHER = "Hours of the assistant", "Repayment of mileage", "Height of the fence"
SAID = f"On the {HOURS}: they stay. Your mileage will be repaid on Friday. Jane Doe"


def the_questions() -> tuple[Entry, Entry, Entry]:
    return (
        from_us("2026-03-02 09:00", "1@example.org", subject=HOURS, own_text="Will they stay?"),
        from_us("2026-03-05 09:00", "2@example.org", subject=MILEAGE, own_text="Is it repaid?"),
        from_us("2026-03-05 10:00", "3@example.org", subject=OTHER, own_text="How high is it?"),
    )


def beside(home: Household, asked: Entry) -> set[str]:
    """The received messages in the thread of a question, as they are stored."""
    with home.store.transaction(read_only=True) as tx:
        places = tx.placements_around(PERSON, [asked.message_id])
        (thread,) = {p.thread_id for p in places if p.message_id == asked.message_id}
        return {p.message_id for p in places if p.thread_id == thread} - {asked.message_id}


def status(home: Household, asked: Entry) -> Status:
    with home.store.transaction(read_only=True) as tx:
        return next(k.status for k in tx.pages(PERSON) if asked.message_id in k.page.ids)


def test_a_new_answer_is_found_beside_the_other_question_that_it_names() -> None:
    """Of three threads two are judged."""
    home = Household()
    hours, mileage, other = the_questions()
    home.receive(hours, mileage, other)
    home.at("2026-03-12 08:00").review()
    answer = from_council("2026-03-12 09:00", to=mileage, own_text=SAID)
    home.receive(answer)

    assert home.at("2026-03-12 10:00").review().threads == 2

    assert beside(home, hours) == beside(home, mileage) == {answer.message_id}
    assert status(home, hours) is home.verdict(hours).status is Status.REVIEW
    assert status(home, mileage) is Status.ANSWERED


def test_a_question_that_comes_late_is_found_by_the_answer_that_named_it() -> None:
    home = Household()
    hours, mileage, other = the_questions()
    answer = from_council("2026-03-12 09:00", to=mileage, own_text=SAID)
    home.receive(mileage, other, answer)
    home.at("2026-03-12 10:00").review()
    home.receive(hours)

    assert home.at("2026-03-12 11:00").review().threads == 1

    assert beside(home, hours) == {answer.message_id}
    assert status(home, hours) is home.verdict(hours).status is Status.REVIEW
    assert beside(home, mileage) == {answer.message_id}


def test_what_was_answered_before_is_answered_by_nothing_else() -> None:
    """The named question gets an answer of its own, from before the other one."""
    home = Household()
    hours, mileage, other = the_questions()
    answer = from_council("2026-03-12 09:00", to=mileage, own_text=SAID)
    home.receive(hours, mileage, other, answer)
    home.at("2026-03-12 10:00").review()
    own = from_council("2026-03-11 09:00", to=hours, own_text="They will stay. Jane Doe")
    home.receive(own)

    assert home.at("2026-03-12 11:00").review().threads == 1

    assert beside(home, hours) == {own.message_id}
    assert status(home, hours) is home.verdict(hours).status is Status.ANSWERED


def test_an_acknowledgement_of_the_same_hour_stays_with_its_own_subject() -> None:
    """The question that comes some minutes before it has another one."""
    home = Household()
    hours, mileage, _ = the_questions()
    ack = from_council("2026-03-05 09:12", Kind.ACKNOWLEDGEMENT, subject=f"Re: {MILEAGE}")
    home.receive(hours, mileage, ack)
    home.at("2026-03-12 08:00").review()
    late = from_us("2026-03-05 09:01", "4@example.org", subject=OTHER, own_text="How high is it?")
    home.receive(late)

    assert home.at("2026-03-12 10:00").review().threads == 1

    assert beside(home, late) == set()
    assert beside(home, mileage) == {ack.message_id}


def test_a_stray_whose_question_comes_late_leaves_the_one_that_it_might_have_answered() -> None:
    """That one waits again, as it does when everything is judged."""
    home = Household()
    hours, _, _ = the_questions()
    stray = from_council(
        "2026-03-12 09:00", subject="RE: Shelter at the stop", own_text="Built in May. Jane Doe"
    )
    home.receive(hours, stray)
    home.at("2026-03-12 10:00").review()
    assert beside(home, hours) == {stray.message_id}
    assert status(home, hours) is Status.REVIEW
    late = from_us("2026-03-06 09:00", "4@example.org", subject="Shelter at the stop")
    home.receive(late)

    assert home.at("2026-03-12 11:00").review().threads == 2

    assert status(home, late) is home.verdict(late).status is Status.ANSWERED
    assert beside(home, hours) == set()
    assert status(home, hours) is home.verdict(hours).status is Status.WAITING

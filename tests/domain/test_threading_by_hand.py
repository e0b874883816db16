"""A person's word about where a message belongs outranks every rule."""

from inboxwatch.domain.overrides import Verb
from inboxwatch.domain.threads import LinkKind, Standing
from tests.builders import (
    a_thread,
    assembled,
    decided,
    from_council,
    from_us,
    link,
    placed,
    said,
)


def test_a_message_linked_by_hand_stands_where_it_was_put_and_counts() -> None:
    one = from_us("2026-03-02 09:00", subject="Transport")
    two = from_us("2026-03-03 09:00", subject="Therapy")
    answer = from_council("2026-03-12 09:00", to=one)
    decisions = decided(said(Verb.LINK, answer, two.message_id))

    threads = assembled(one, two, answer, decisions=decisions).threads

    assert len(threads[0].placed) == 1
    assert link(threads[1], answer) is LinkKind.BY_HAND
    assert placed(threads[1], answer).standing is Standing.COUNTS


def test_an_address_elsewhere_linked_by_hand_counts() -> None:
    asked = from_us("2026-03-02 09:00")
    answer = from_council("2026-03-12 09:00", sender="someone@gmail.com", subject="Hello")
    decisions = decided(said(Verb.LINK, answer, asked.message_id))

    assert placed(a_thread(asked, answer, decisions=decisions), answer).standing is Standing.COUNTS


def test_a_message_unlinked_by_hand_leaves_and_takes_its_answers_along() -> None:
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


def test_an_answer_unlinked_by_hand_is_listed_as_such() -> None:
    asked = from_us("2026-03-02 09:00")
    answer = from_council("2026-03-12 09:00", to=asked)

    assembly = assembled(asked, answer, decisions=decided(said(Verb.UNLINK, answer)))

    assert "you took it out" in assembly.unplaced[0].reason


def test_a_possible_reply_unlinked_by_hand_is_possible_no_more() -> None:
    asked = from_us("2026-03-02 09:00")
    other = from_council("2026-03-12 09:00", subject="Our telephone call")

    assembly = assembled(asked, other, decisions=decided(said(Verb.UNLINK, other)))

    assert len(assembly.threads[0].placed) == 1


def test_a_possible_reply_linked_by_hand_counts() -> None:
    asked = from_us("2026-03-02 09:00")
    other = from_council("2026-03-12 09:00", subject="Our telephone call")
    decisions = decided(said(Verb.LINK, other, asked.message_id))

    assert placed(a_thread(asked, other, decisions=decisions), other).standing is Standing.COUNTS


def test_a_kind_said_by_hand_is_that_kind() -> None:
    asked = from_us("2026-03-02 09:00")
    answer = from_council("2026-03-12 09:00", to=asked, holding=True)
    decisions = decided(said(Verb.CLASSIFY, answer, "human"))

    found = placed(a_thread(asked, answer, decisions=decisions), answer)

    assert found.entry.classification.by_hand
    assert found.entry.classification.holding  # they said it is a person's, not that it answers

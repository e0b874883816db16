"""The score model: sums of weights, and doubt where it belongs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxwatch.domain.evidence.weights import WEIGHTS, Observation
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.scoring import Score, add_up


def score(*rows: str) -> Score:
    return add_up(tuple(Observation(row, row, "test") for row in rows))


def test_without_any_sign_a_person_wrote_it() -> None:
    assert score().kind is Kind.HUMAN


def test_a_strong_header_is_enough_and_says_acknowledgement() -> None:
    judged = score("auto-submitted: auto-replied")

    assert judged.kind is Kind.ACKNOWLEDGEMENT
    assert judged.confidence > 0.9


def test_a_weak_header_is_not_enough() -> None:
    assert score("suppresses all auto-replies", "precedence: bulk").kind is Kind.HUMAN


def test_signs_that_cancel_each_other_leave_doubt() -> None:
    judged = score("auto-submitted: auto-generated", "personal sender")

    assert judged.kind is Kind.UNSURE
    assert judged.confidence == 0.5


def test_auto_submitted_no_outweighs_wording() -> None:
    assert score("auto-submitted: no", "acknowledgement, strong").kind is Kind.HUMAN


def test_a_long_text_with_headers_alone_against_it_is_doubtful() -> None:
    assert score("auto-submitted: auto-replied", "long text").kind is Kind.UNSURE
    said = score("auto-submitted: auto-replied", "acknowledgement, strong", "long text")
    assert said.kind is Kind.ACKNOWLEDGEMENT


def test_a_machine_that_answers_is_a_system_answer() -> None:
    judged = score("auto-submitted: auto-generated", "no-reply sender", "system-answer, strong")

    assert judged.kind is Kind.SYSTEM_ANSWER


def test_answer_and_acknowledgement_side_by_side_are_doubtful() -> None:
    rows = ("auto-submitted: auto-replied", "system-answer, strong", "acknowledgement, strong")

    assert score(*rows).kind is Kind.UNSURE


def test_an_answer_saves_what_would_be_doubtful() -> None:
    rows = ("auto-submitted: auto-generated", "personal sender", "system-answer, strong")

    assert score(*rows).kind is Kind.SYSTEM_ANSWER


def test_a_mailbox_that_answers_for_itself_did_receive_it() -> None:
    rows = ("auto-reply header", "bounce, strong")

    assert score(*rows).kind is Kind.CHALLENGE
    assert score(*rows, "mailer-daemon").kind is Kind.BOUNCE


@pytest.mark.parametrize("more", [(), ("speaks of nobody",), ("no-reply sender",)])
def test_that_a_case_is_closed_is_no_answer_and_no_silence(more: tuple[str, ...]) -> None:
    assert score("closed, strong", *more).kind is Kind.UNSURE


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        (("system-answer, strong", "speaks of nobody", "no-reply sender"), Kind.SYSTEM_ANSWER),
        (("personal sign-off",), Kind.HUMAN),
        (("challenge, strong", "speaks of nobody"), Kind.CHALLENGE),
    ],
)
def test_what_a_notice_says_besides_that_a_case_is_closed_counts(
    more: tuple[str, ...], kind: Kind
) -> None:
    assert score("closed, strong", *more).kind is kind


def test_the_second_of_a_kind_counts_half() -> None:
    once, twice = (score(*["bulk, strong"] * times) for times in (1, 2))

    assert [e.weight for e in twice.evidence] == [once.evidence[0].weight, 1.2]


def test_evidence_speaks_for_the_kind_that_was_chosen_where_it_can() -> None:
    judged = score("auto-submitted: auto-replied", "out-of-office, strong", "personal sender")

    assert judged.kind is Kind.OUT_OF_OFFICE
    assert [e.towards for e in judged.evidence] == [
        Kind.OUT_OF_OFFICE, Kind.OUT_OF_OFFICE, Kind.HUMAN,
    ]  # fmt: skip


def test_evidence_against_a_person_names_its_own_kind() -> None:
    judged = score("out-of-office, weak", "personal sign-off", "null return path", "long text")

    assert judged.kind is Kind.HUMAN
    assert [e.towards for e in judged.evidence] == [
        Kind.OUT_OF_OFFICE, Kind.HUMAN, Kind.ACKNOWLEDGEMENT, Kind.HUMAN,
    ]  # fmt: skip


@given(st.lists(st.sampled_from(sorted(WEIGHTS)), max_size=8))
def test_every_weight_is_positive_towards_something(rows: list[str]) -> None:
    judged = score(*rows)

    assert all(e.weight >= 0 for e in judged.evidence)
    assert 0 <= judged.confidence <= 1
    assert len(judged.evidence) == len(rows)


@given(st.lists(st.sampled_from(sorted(WEIGHTS)), max_size=8), st.randoms())
def test_the_order_of_different_observations_does_not_matter(rows: list[str], random) -> None:  # type: ignore[no-untyped-def]
    shuffled = list(rows)
    random.shuffle(shuffled)

    assert score(*rows).kind is score(*shuffled).kind

"""Kaplan-Meier: against examples worked by hand, and what must hold for any waits."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxwatch.domain.survival import HALF, NINE_TENTHS, Spell, days_until, survival


def spells(*days: float, waiting: tuple[int, ...] = ()) -> list[Spell]:
    return [Spell(days=int(d), answered=True) for d in days] + [
        Spell(days=d, answered=False) for d in waiting
    ]


def test_the_curve_is_that_worked_by_hand() -> None:
    """Answered after 1, 3, 3 and 6 days; still waiting after 2, 3 and 7.

    1: 7 at risk, 6/7. 3: 5 at risk (1 answered, 1 left), 2 answers: 6/7 * 3/5 = 18/35.
    6: 2 at risk, 1 answer: 18/35 * 1/2 = 9/35.
    """
    curve = survival(spells(1, 3, 3, 6, waiting=(2, 3, 7)))
    assert [(s.days, s.at_risk, s.answers, s.waiting) for s in curve] == [
        (1, 7, 1, Fraction(6, 7)),
        (3, 5, 2, Fraction(18, 35)),
        (6, 2, 1, Fraction(9, 35)),
    ]
    assert days_until(curve, HALF) == 6
    assert days_until(curve, NINE_TENTHS) is None


def test_leaving_out_those_who_wait_would_flatter() -> None:
    assert days_until(survival(spells(2, 4, 30)), HALF) == 4
    assert days_until(survival(spells(2, 4, 30, waiting=(20, 25, 28, 40))), HALF) == 30
    assert days_until(survival(spells(2, 4, waiting=(20, 25, 28, 40))), HALF) is None


def test_nothing_asked_has_no_median() -> None:
    assert survival([]) == ()
    assert days_until((), HALF) is None


@pytest.mark.parametrize("share", [Fraction(0), Fraction(-1, 2), Fraction(3, 2)])
def test_a_share_that_is_none_is_refused(share: Fraction) -> None:
    with pytest.raises(ValueError, match="share"):
        days_until((), share)


def test_a_negative_wait_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot last"):
        Spell(days=-1, answered=True)


SPELLS = st.lists(st.builds(Spell, days=st.integers(0, 60), answered=st.booleans()), max_size=40)


@given(SPELLS)
def test_the_curve_only_falls_and_order_never_matters(known: list[Spell]) -> None:
    curve = survival(known)
    shares = [Fraction(1), *(step.waiting for step in curve)]
    assert all(a > b >= 0 for a, b in pairwise(shares))
    assert sum(step.answers for step in curve) == sum(s.answered for s in known)
    assert survival(reversed(known)) == curve


@given(st.lists(st.integers(0, 60), min_size=1, max_size=40))
def test_when_all_are_answered_it_is_the_plain_share(days: list[int]) -> None:
    for step in survival(spells(*days)):
        assert step.waiting == Fraction(sum(d > step.days for d in days), len(days))
    assert days_until(survival(spells(*days)), Fraction(1)) == max(days)


@given(SPELLS, st.integers(0, 60))
def test_one_more_who_waits_longer_never_shortens_the_median(
    known: list[Spell], extra: int
) -> None:
    before = days_until(survival(known), HALF)
    longest = max((s.days for s in known), default=0) + extra
    after = days_until(survival([*known, Spell(days=longest, answered=False)]), HALF)
    assert after is None or (before is not None and after >= before)

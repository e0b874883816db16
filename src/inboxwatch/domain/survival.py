"""How long until an answer, with those still waiting counted fairly (Kaplan-Meier). Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

HALF = Fraction(1, 2)
NINE_TENTHS = Fraction(9, 10)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Spell:
    """One wait: how many days it was watched, and whether an answer ended it.

    A spell that is not answered is censored: all that is known is that it lasted at least so long.
    """

    days: int
    answered: bool

    def __post_init__(self) -> None:
        """Refuse a wait of less than nothing."""
        if self.days < 0:
            raise ValueError(f"a spell cannot last {self.days} days")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A day on which answers came: how many waited until then, and the share still waiting after.

    `waiting` is exact: the product of (1 - answers / at risk) over the steps so far.
    """

    days: int
    at_risk: int
    answers: int
    waiting: Fraction


def survival(spells: Iterable[Spell]) -> tuple[Step, ...]:
    """Return the Kaplan-Meier curve, a step for each number of days after which answers came.

    A spell censored on the day of an answer was still at risk on that day.

    Source: Kaplan and Meier, "Nonparametric estimation from incomplete observations", 1958.
    """
    known = tuple(spells)
    answers = Counter(spell.days for spell in known if spell.answered)
    leaving = Counter(spell.days for spell in known)
    steps = []
    at_risk, waiting = len(known), Fraction(1)
    for days in sorted(leaving):
        if answers[days]:
            waiting *= 1 - Fraction(answers[days], at_risk)
            steps.append(Step(days=days, at_risk=at_risk, answers=answers[days], waiting=waiting))
        at_risk -= leaving[days]
    return tuple(steps)


def days_until(steps: Iterable[Step], share: Fraction) -> int | None:
    """Return after how many days a share of the waits has its answer, None when it never had.

    Args:
        share: 1/2 for the median, 9/10 for the 90th percentile.

    Raises:
        ValueError: the share is not above 0 and at most 1.
    """
    if not 0 < share <= 1:
        raise ValueError(f"a share must be above 0 and at most 1, got {share}")
    return next((step.days for step in steps if step.waiting <= 1 - share), None)

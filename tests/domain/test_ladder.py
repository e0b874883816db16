"""The ladder: the gentlest letter that fits what has been tried and what the law says."""

from dataclasses import replace
from datetime import date

import pytest

from inboxwatch.domain.ladder import Rung, choose, group, is_by_law
from inboxwatch.domain.verdict import Status, Verdict
from tests.builders import ORDINARY, STATUTORY, a_bounce, from_council, from_us, judged

ASKED = "2026-03-02 09:00"
CHASERS = ("2026-04-20 09:00", "2026-05-04 09:00", "2026-05-18 09:00")


def overdue(chasers: int, *, statutory: bool = False, matter: str | None = None) -> Verdict:
    asked = from_us(ASKED)
    chased = [from_us(at, in_reply_to=asked.message_id) for at in CHASERS[:chasers]]
    sent = [asked, *chased]
    verdict = judged(*sent, rule=STATUTORY if statutory else ORDINARY)
    assert verdict.status is Status.OVERDUE
    assert verdict.due is not None
    if matter is None:
        return verdict
    clock = replace(verdict.due.clock, group=matter)
    return replace(verdict, due=replace(verdict.due, clock=clock))


@pytest.mark.parametrize(
    ("chasers", "statutory", "matter", "rung"),
    [
        (0, False, None, Rung.CHASER),
        (1, False, None, Rung.FIRM),
        (2, False, None, Rung.COMPLAINT),
        (3, False, None, Rung.COMPLAINT),
        (0, True, None, Rung.FIRM),
        (1, True, None, Rung.COMPLAINT),
        (0, True, "information", Rung.FIRM),
        (1, True, "information", Rung.OMBUDSMAN),
        (0, False, "complaints", Rung.FIRM),
        (1, False, "complaints", Rung.OMBUDSMAN),
    ],
)
def test_each_step_comes_after_the_one_before(
    chasers: int, statutory: bool, matter: str | None, rung: Rung
) -> None:
    assert choose(overdue(chasers, statutory=statutory, matter=matter)) is rung


def test_a_complaint_goes_to_the_ombudsman_only_after_a_fair_time() -> None:
    verdict = overdue(1, matter="complaints")
    assert choose(verdict, today=date(2026, 5, 24)) is Rung.FIRM
    assert choose(verdict, today=date(2026, 5, 25)) is Rung.OMBUDSMAN


def test_before_the_day_and_after_a_bounce_a_friendly_note_is_enough() -> None:
    asked = from_us(ASKED)
    assert choose(judged(asked, as_of="2026-03-10 09:00")) is Rung.CHASER
    assert choose(judged(asked, a_bounce("2026-03-02 09:01", asked))) is Rung.CHASER
    assert choose(judged(asked, from_council("2026-03-03 09:00", to=asked))) is Rung.CHASER


def test_what_owes_nothing_has_no_clock() -> None:
    copied = judged(from_us(ASKED, to="friend@example.com", cc="send@kent.gov.uk"))
    assert copied.due is None
    assert group(copied) == "ordinary"
    assert not is_by_law(copied)
    assert choose(copied) is Rung.CHASER

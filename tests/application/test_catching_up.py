"""To judge only what changed gives what judging everything gives, whatever happens in any order."""

from __future__ import annotations

from random import Random

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from tests.fakes_store import FakeStore
from tests.twins import Twins

DICE = st.randoms(use_true_random=False)


class CatchingUp(RuleBasedStateMachine):
    """Mail in any order and in any parts, late mail, moved copies, decisions and their undoing."""

    def __init__(self) -> None:
        super().__init__()
        self.twins = Twins(FakeStore(), FakeStore())

    @rule(dice=DICE)
    def mail_is_written(self, dice: Random) -> None:
        self.twins.write(dice)

    @rule(dice=DICE)
    def some_is_read(self, dice: Random) -> None:
        self.twins.poll(dice)
        self.twins.review(dice)

    @rule(dice=DICE)
    def some_is_read_and_not_reviewed(self, dice: Random) -> None:
        self.twins.poll(dice)

    @rule(dice=DICE)
    def a_copy_moves(self, dice: Random) -> None:
        self.twins.move(dice)

    @rule(dice=DICE)
    def a_person_decides(self, dice: Random) -> None:
        self.twins.decide(dice)
        self.twins.review(dice)

    @rule(dice=DICE)
    def a_person_takes_it_back(self, dice: Random) -> None:
        self.twins.undo(dice)
        self.twins.review(dice)

    @rule(dice=DICE)
    def time_passes(self, dice: Random) -> None:
        self.twins.wait(dice)

    @rule(dice=DICE)
    def a_target_will_fail(self, dice: Random) -> None:
        self.twins.refuse(dice)

    @rule()
    def what_waits_is_sent(self) -> None:
        self.twins.send()

    @rule(dice=DICE)
    def all_is_reviewed(self, dice: Random) -> None:
        self.twins.review(dice)

    def teardown(self) -> None:
        """In the end a first review that knows all of it finds the same."""
        dice = Random(0)
        self.twins.poll_all()
        self.twins.review(dice)
        self.twins.compare_with_nothing_before(FakeStore())


CatchingUp.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestCatchingUp = CatchingUp.TestCase

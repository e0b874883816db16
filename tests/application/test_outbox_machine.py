"""Whatever order faults, crashes, answers and new reminders come in: nothing lost, none twice."""

import contextlib
from datetime import timedelta
from typing import cast

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from inboxwatch.application.filing import file
from inboxwatch.application.outbox import enable_target, surely_not_arrived
from inboxwatch.application.payload import payload_id, read_digest
from inboxwatch.application.ports import Store, Transaction
from inboxwatch.application.records import Delivery
from inboxwatch.application.remind import remind
from inboxwatch.domain.errors import NotifierError
from inboxwatch.domain.reminders import Reminder
from tests.builders_reminders import AS_OF, SITUATION, a_reminder
from tests.fakes_outbox import FakeNotifier, MemoryOutboxStore


class _PowerCut(BaseException):
    """The program ends at once."""


class Outbox(RuleBasedStateMachine):
    """A person with an email target and a webhook, and a world that is against them."""

    def __init__(self) -> None:
        super().__init__()
        self.store = MemoryOutboxStore()
        self.at = AS_OF
        self.made = 0
        self.settled: set[str] = set()
        self.in_doubt: set[str] = set()
        self.refused: set[str] = set()  # for good: what they hold may come once more, elsewhere
        self.wrong: list[str] = []
        self.home = FakeNotifier(on_send=self._look)
        self.hook = FakeNotifier(
            name="hook", types=frozenset({"thread.overdue"}), on_send=self._look
        )

    def _look(self, delivery: Delivery) -> None:
        """An answered wait is told only in a repeat of what may have arrived before."""
        if delivery.id not in self.in_doubt:
            self.wrong += sorted(self._keys(delivery) & self.settled)

    @staticmethod
    def _keys(delivery: Delivery) -> set[str]:
        if delivery.type != "digest":
            return {payload_id(delivery.payload)}
        return {str(r.key) for r in read_digest(delivery.payload).reminders}

    def _file(self, *new: Reminder) -> None:
        with self.store.transaction() as tx:
            file(
                cast(Transaction, tx),
                [self.home, self.hook],
                person="me",
                reminders=new,
                situation=SITUATION,
                at=self.at,
                refresh=lambda r: None if str(r.key) in self.settled else r,
            )

    def _send(self, *, die_after: str = "", nth: int = 1) -> None:
        seen = 0

        def between(step: str) -> None:
            nonlocal seen
            seen += step == die_after
            if step == die_after and seen == nth:
                raise _PowerCut

        with contextlib.suppress(_PowerCut):
            remind(
                cast(Store, self.store),
                [self.home, self.hook],
                now=lambda: self.at,
                secret=b"local",
                between=between,
            )
        self.refused |= {
            delivery.id
            for delivery in self.store.outbox.kept.values()
            if delivery.problem.endswith((": refused", ": disabled"))
        }

    @rule()
    def a_reminder_falls_due(self) -> None:
        self.made += 1
        self._file(a_reminder(str(self.made)))

    @precondition(lambda self: self.made > 0)
    @rule(data=st.data())
    def an_answer_comes(self, data: st.DataObject) -> None:
        which = data.draw(st.integers(1, self.made))
        self.settled.add(str(a_reminder(str(which)).key))
        self._file()
        waiting = self.store.outbox.deliveries("me")
        self.in_doubt |= {d.id for d in waiting if not surely_not_arrived(d)}

    @rule(minutes=st.integers(1, 5000))
    def time_passes(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)

    @rule(
        which=st.sampled_from(["home", "hook"]),
        kind=st.sampled_from(["transient", "in-doubt", "refused", "disabled"]),
    )
    def a_target_will_fail(self, which: str, kind: str) -> None:
        target = self.home if which == "home" else self.hook
        target.faults.append(
            NotifierError(
                f"{which}: {kind}",
                remedy="",
                permanent=kind in ("refused", "disabled"),
                may_have_arrived=kind == "in-doubt",
                disables_target=kind == "disabled",
            )
        )

    @rule()
    def it_sends(self) -> None:
        self._send()

    @rule(step=st.sampled_from(["read", "claimed", "sent", "marked"]), nth=st.integers(1, 3))
    def it_is_killed(self, step: str, nth: int) -> None:
        self._send(die_after=step, nth=nth)

    @rule(which=st.sampled_from(["home", "hook"]))
    def the_user_puts_it_right(self, which: str) -> None:
        with self.store.transaction() as tx:
            enable_target(cast(Transaction, tx), which, people=("me",))

    @invariant()
    def no_key_ever_comes_in_two_deliveries(self) -> None:
        """But for what arrived unseen and was refused when it was sent again."""
        for target in (self.home, self.hook):
            seen: dict[str, str] = {}
            for delivery in target.received:
                for key in self._keys(delivery):
                    if seen.get(key) in self.refused:
                        del seen[key]
                    assert seen.setdefault(key, delivery.id) == delivery.id

    @invariant()
    def nobody_is_reminded_of_what_was_answered(self) -> None:
        assert self.wrong == []

    def teardown(self) -> None:
        """In the end, with every fault put right, each reminder has come."""
        self.home.faults.clear()
        self.hook.faults.clear()
        self.made += 1
        self._file(a_reminder(str(self.made)))
        for name in ("home", "hook"):
            self.the_user_puts_it_right(name)
        self.at += timedelta(days=2)
        self._send()
        for target in (self.home, self.hook):
            came = {key for delivery in target.received for key in self._keys(delivery)}
            due = {str(key) for _person, key in self.store.outbox.filed}
            assert due - came <= self.settled
        self.no_key_ever_comes_in_two_deliveries()
        self.nobody_is_reminded_of_what_was_answered()


TestOutbox = Outbox.TestCase
TestOutbox.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)

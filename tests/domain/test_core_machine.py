"""The core over time: poll, crash, late mail, snooze, restart; no reminder twice, none too late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from inboxwatch.domain.calendar import ENGLAND_AND_WALES
from inboxwatch.domain.judging import judge_all
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.london import local_day
from inboxwatch.domain.overrides import Decisions, Override, Verb
from inboxwatch.domain.planning import plan, refreshed
from inboxwatch.domain.reminders import Reminder, ReminderKey, ReminderPolicy
from inboxwatch.domain.threading import assemble
from inboxwatch.domain.threads import Direction, Entry
from inboxwatch.domain.verdict import Verdict
from tests.builders import (
    CALENDARS,
    ORDINARY,
    RECKONING,
    WATCH,
    from_council,
    from_us,
    moment,
    said,
)

WORKING_DAYS = CALENDARS[ENGLAND_AND_WALES].working_days_between
POLICY = ReminderPolicy(repeat_every_working_days=5, stop_after=3)


@dataclass(frozen=True)
class Filed:
    reminder: Reminder
    filed_at: datetime


class Core(RuleBasedStateMachine):
    """A mailbox on a server, what was polled of it, an outbox, and a clock."""

    def __init__(self) -> None:
        super().__init__()
        self.now = moment("2026-01-05 09:00")
        self.server: list[Entry] = []
        self.delayed: list[Entry] = []  # on another device: reaches the server later
        self.known: dict[str, Entry] = {}
        self.as_of = self.now
        self.decisions: list[Override] = []
        self.filed: list[Filed] = []
        self.sent: list[ReminderKey] = []
        self.number = 0

    def _id(self, host: str) -> str:
        self.number += 1
        return f"{self.number}@{host}"

    @rule(late=st.booleans(), follow_up=st.booleans())
    def write(self, late: bool, follow_up: bool) -> None:
        ours = [e for e in self.server if e.message_id.endswith("@example.org")]
        after = {"in_reply_to": ours[-1].message_id} if follow_up and ours else {}
        subject = f"Question {self.number}"
        entry = from_us(self.now, self._id("example.org"), subject=subject, **after)
        (self.delayed if late else self.server).append(entry)

    @precondition(lambda self: self.server)
    @rule(
        kind=st.sampled_from((Kind.HUMAN, Kind.ACKNOWLEDGEMENT, Kind.UNSURE, Kind.DELAY)),
        late=st.booleans(),
        linked=st.booleans(),
        holding=st.booleans(),
        data=st.data(),
    )
    def answer(
        self, kind: Kind, late: bool, linked: bool, holding: bool, data: st.DataObject
    ) -> None:
        to = data.draw(st.sampled_from(self.server))
        entry = from_council(
            self.now,
            kind,
            self._id("kent.gov.uk"),
            to=to if linked else None,
            subject=f"Re: {to.message.subject}",
            holding=holding and kind is Kind.HUMAN,
        )
        (self.delayed if late else self.server).append(entry)

    @rule()
    def late_mail_arrives(self) -> None:
        self.server += self.delayed
        self.delayed.clear()

    @rule(days=st.integers(1, 12))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule()
    def poll(self) -> None:
        self.known |= {entry.message_id: entry for entry in self.server}
        self.as_of = self.now

    @rule(data=st.data())
    def poll_and_crash(self, data: st.DataObject) -> None:
        """Part of the mail is committed; `as_of` is not."""
        count = data.draw(st.integers(0, len(self.server)))
        self.known |= {entry.message_id: entry for entry in self.server[:count]}

    @precondition(lambda self: self.known)
    @rule(days=st.integers(1, 30), data=st.data())
    def snooze(self, days: int, data: st.DataObject) -> None:
        of = data.draw(st.sampled_from(sorted(self.known)))
        until = (local_day(self.now) + timedelta(days=days)).isoformat()
        self.decisions.append(said(Verb.SNOOZE, of, until, at=self.now))

    @precondition(lambda self: self.known)
    @rule(value=st.sampled_from(("answered", "stop-watching", "watch")), data=st.data())
    def mark(self, value: str, data: st.DataObject) -> None:
        of = data.draw(st.sampled_from(sorted(self.known)))
        self.decisions.append(said(Verb.MARK, of, value, at=self.now))

    def _verdicts(self) -> tuple[Verdict, ...]:
        decisions = Decisions.of(self.decisions)
        return judge_all(
            assemble(self.known.values(), WATCH, decisions),
            (ORDINARY,),
            as_of=self.as_of,
            reckoning=RECKONING,
            decisions=decisions,
        )

    def _review(self) -> tuple[Reminder, ...]:
        return plan(
            self._verdicts(),
            filed=self.filed,
            as_of=self.as_of,
            policy=POLICY,
            working_days=WORKING_DAYS,
            today=local_day(self.now),
        )

    def _answered(self) -> set[str]:
        """Return our messages that a person answered by name, by what was polled."""
        return {
            named
            for entry in self.known.values()
            if entry.direction is Direction.RECEIVED
            and entry.classification.kind is Kind.HUMAN
            and not entry.classification.holding
            and entry.at <= self.as_of
            for named in entry.message.in_reply_to
        }

    @rule()
    def review(self) -> None:
        for reminder in self._review():
            assert reminder.key.unanswered not in self._answered()
            self.filed.append(Filed(reminder, self.now))

    @rule()
    def review_and_crash(self) -> None:
        """The transaction was rolled back: nothing is filed."""
        self._review()

    @rule()
    def send(self) -> None:
        verdicts = self._verdicts()
        for one in self.filed:
            key = one.reminder.key
            if key in self.sent:
                continue
            if refreshed(one.reminder, verdicts, today=local_day(self.now)) is not None:
                assert key.unanswered not in self._answered()
                self.sent.append(key)

    @invariant()
    def no_key_is_filed_or_sent_twice(self) -> None:
        assert len(self.sent) == len(set(self.sent))
        keys = [one.reminder.key for one in self.filed]
        assert len(keys) == len(set(keys))

    @invariant()
    def planning_twice_files_nothing_new(self) -> None:
        first = self._review()
        before = list(self.filed)
        self.filed += [Filed(reminder, self.now) for reminder in first]
        again = self._review()
        self.filed = before
        assert again == ()


Core.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestCore = Core.TestCase

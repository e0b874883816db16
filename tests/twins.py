"""One family's mail in two stores: one catches up with what changed, one judges all anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from inboxwatch.application.basis import begin_basis
from inboxwatch.application.gate import Gate
from inboxwatch.application.outbox import unsent
from inboxwatch.application.ports import Store, Transaction
from inboxwatch.application.reading import first_opinion
from inboxwatch.application.remind import remind
from inboxwatch.application.review import Answering, review
from inboxwatch.application.telling import Manner
from inboxwatch.domain.errors import NotifierError
from inboxwatch.domain.keys import keys
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.message import FolderRole, Location, Message
from inboxwatch.domain.overrides import Override, Verb
from inboxwatch.domain.reminders import ReminderPolicy
from tests.builders import (
    COUNCIL,
    MEDWAY,
    WATCH,
)
from tests.fakes_outbox import FakeNotifier
from tests.household import PERSON, SECRET, around, usual_slots, yardstick
from tests.twins_mail import ELSEWHERE, any_message, place

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EVENTS = frozenset({"thread.overdue", "thread.answered", "thread.undelivered", "thread.action"})


class Twins:
    """Does everything to both stores, and compares what they hold."""

    def __init__(self, step: Store, anew: Store) -> None:
        self.stores = (step, anew)
        self.now = START
        self.as_of = START
        self.mail: dict[str, Message] = {}  # all there is, polled or not
        self.polled: dict[str, Message] = {}
        self.number = 0
        self.targets = tuple(
            (FakeNotifier(), FakeNotifier("hook", types=EVENTS)) for _ in self.stores
        )

    # Mail

    def write(self, dice: Random) -> None:
        """Let some mail be written, at any time before now or a little later."""
        for _ in range(dice.randrange(1, 5)):
            self.number += 1
            back = dice.choice((0, 0, 1, 3, 30, 300, 3000, 30000))
            ahead = dice.choice((0, 0, 0, 0, 600, 5000))
            at = self.now - timedelta(minutes=back) + timedelta(minutes=ahead)
            message = any_message(dice, at, self.number, self.mail)
            self.mail[message.message_id] = message

    def _place(self, role: FolderRole) -> Location:
        return place(role, self.number)

    def poll(self, dice: Random) -> None:
        """Read some of the mail that was not read yet, in any order, and perhaps copies."""
        waiting = sorted(self.mail.keys() - self.polled.keys())
        dice.shuffle(waiting)
        part = [self.mail[one] for one in waiting[: dice.randrange(len(waiting) + 1)]]
        for message in part:
            self.polled[message.message_id] = message
        self._save(part)

    def poll_all(self) -> None:
        """Read all mail that was not read yet."""
        self._save([self.mail[one] for one in sorted(self.mail.keys() - self.polled.keys())])
        self.polled |= self.mail

    def _save(self, messages: list[Message]) -> None:
        for store in self.stores:
            with store.transaction() as tx:
                save(tx, messages)

    def move(self, dice: Random) -> None:
        """A copy is found elsewhere, or one is gone."""
        if not self.polled:
            return
        message = self.polled[dice.choice(sorted(self.polled))]
        self.number += 1
        place = self._place(dice.choice((FolderRole.INBOX, FolderRole.TRASH, FolderRole.SENT)))
        is_found = dice.random() < 0.5
        for store in self.stores:
            with store.transaction() as tx:
                if is_found:
                    tx.add_locations(PERSON, message.message_id, (place,))
                else:
                    tx.drop_locations(PERSON, message.locations)

    # A person's word

    def decide(self, dice: Random) -> None:
        """Say anything about any message."""
        if not self.polled:
            return
        target = dice.choice(sorted(self.polled))
        other = dice.choice(sorted(self.polled))
        verb = dice.choice(tuple(Verb))
        box = dice.choice((None, None, COUNCIL, MEDWAY))
        value = {
            Verb.MARK: dice.choice(("answered", "no-reply-needed", "stop-watching", "watch")),
            Verb.CLASSIFY: dice.choice(tuple(Kind)).value,
            Verb.LINK: other,
            Verb.LOG: "phone",
            Verb.SNOOZE: (self.now + timedelta(days=dice.randrange(1, 9))).date().isoformat(),
            Verb.CASE: "Sam",
            Verb.CLOCK: dice.choice(("foi", "ordinary-email", "nonsense")),
            Verb.EVENT: f"decision={self.now.date().isoformat()}",
            Verb.CONFIRM_BODY: "kent.gov.uk",
        }.get(verb, "")
        if verb is Verb.CONFIRM_BODY:
            target = dice.choice((ELSEWHERE, "nhs.example"))
        said = Override(
            id=0, at=self.now, by="cli", verb=verb, target=target, value=value,
            council_mailbox=box if verb in (Verb.MARK, Verb.SNOOZE, Verb.LOG) else None,
        )  # fmt: skip
        for store in self.stores:
            with store.transaction() as tx:
                tx.add_override(PERSON, said)

    def undo(self, dice: Random) -> None:
        """Take one decision back."""
        which = dice.random()
        for store in self.stores:
            with store.transaction() as tx:
                standing = [o for o in tx.overrides(PERSON) if o.undone_at is None]
                if standing:
                    chosen = standing[int(which * len(standing))]
                    tx.undo_override(PERSON, chosen.id, self.now)

    # Time

    def wait(self, dice: Random) -> None:
        """Let time pass: minutes, hours or days."""
        self.now += timedelta(minutes=dice.choice((1, 1, 20, 90, 700, 1440, 4000, 15000)))

    def refuse(self, dice: Random) -> None:
        """Let the next delivery to each target fail, perhaps for good."""
        permanent = dice.random() < 0.3
        for targets in self.targets:
            for target in targets:
                target.faults.append(NotifierError("closed", remedy="", permanent=permanent))

    def send(self) -> None:
        """Send what waits."""
        for store, targets in zip(self.stores, self.targets, strict=True):
            gate = Gate(store=store, slots=usual_slots(), now=lambda: self.now)
            remind(store, targets, now=lambda: self.now, secret=SECRET, paused=gate)

    # Reviews

    def review(self, dice: Random) -> None:
        """Review both: one what changed, one all; what they hold is the same."""
        if dice.random() < 0.7:
            self.as_of = self.now
        for number, (store, targets) in enumerate(zip(self.stores, self.targets, strict=True)):
            self._review(store, targets, everything=number == 1)
        self.compare()

    def _review(self, store: Store, targets: tuple[FakeNotifier, ...], *, everything: bool) -> None:
        review(
            store,
            targets,
            PERSON,
            watch=WATCH,
            yardstick=yardstick(),
            as_of=self.as_of,
            now=self.now,
            manner=Manner(
                policy=ReminderPolicy(repeat_every_working_days=3, stop_after=3),
                slots=usual_slots(),
                calendar=yardstick().calendars["england-and-wales"],
            ),
            answering=Answering(secret=SECRET),
            everything=everything,
        )

    def compare(self) -> None:
        """See that both stores hold the same."""
        step, anew = (held(store) for store in self.stores)
        for what in anew:
            assert step[what] == anew[what], difference(step[what], anew[what])

    def compare_with_nothing_before(self, empty: Store) -> None:
        """See that a first review of all that is known gives the same."""
        with self.stores[0].transaction() as tx:
            overrides = tx.overrides(PERSON)
            entries = tx.entries(PERSON)
        with empty.transaction() as tx:
            for override in overrides:
                again = tx.add_override(PERSON, override)
                if override.undone_at is not None:
                    tx.undo_override(PERSON, again.id, override.undone_at)
            save(tx, [entry.message for entry in entries])
        self._review(empty, (), everything=True)
        first, step = held(empty), held(self.stores[0])
        for what in ("entries", "placements", "pages", "strays", "answers"):
            assert step[what] == first[what], difference(step[what], first[what])


def save(tx: Transaction, messages: list[Message]) -> None:
    """Store messages as a poll does."""
    begin_basis(tx, PERSON, yardstick().judged_by, WATCH)
    known = tx.known_ids(PERSON, (message.message_id for message in messages))
    polled = [first_opinion(m, around()) for m in messages if m.message_id not in known]
    tx.save_entries(PERSON, ((entry, keys(entry, WATCH)) for entry in polled))


def held(store: Store) -> dict[str, Any]:
    """What a store holds of all that a review finds."""
    with store.transaction(read_only=True) as tx:
        return {
            "entries": tx.entries(PERSON),
            "placements": {(p.message_id, p.thread_id): p for p in tx.placements(PERSON)},
            "pages": {kept.page.thread_id: kept for kept in tx.pages(PERSON)},
            "strays": tx.strays(PERSON),
            "answers": tx.answers(PERSON),
            "reminders": {filed.reminder.key: filed for filed in tx.filed_reminders(PERSON)},
            "deliveries": {d.id: _plain(d) for d in tx.deliveries(PERSON)},
            "unsent": [d.id for d in unsent(tx, PERSON)],
        }


def difference(one: Any, other: Any) -> str:
    """Say in what two holdings differ, shortly."""
    if isinstance(one, dict) and isinstance(other, dict):
        both = one.keys() | other.keys()
        return "; ".join(
            f"{key}: {one.get(key)} is not {other.get(key)}"
            for key in both
            if one.get(key) != other.get(key)
        )
    return f"{set(one) ^ set(other)}"


def _plain(delivery: Any) -> Any:
    return replace(delivery, attempts=0)

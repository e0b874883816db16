"""A family's mail, reviewed and reminded of as the service does it, on a store in memory."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import Any

from inboxwatch.adapters.holidays import calendars
from inboxwatch.adapters.presets import load
from inboxwatch.adapters.wording import load_wording
from inboxwatch.application.digest import DIGEST, Digest, reminder_message_id
from inboxwatch.application.draw import Yardstick
from inboxwatch.application.gate import Gate
from inboxwatch.application.overall import draw_all
from inboxwatch.application.pausing import is_paused
from inboxwatch.application.payload import read_digest
from inboxwatch.application.picture import Picture, Scanned
from inboxwatch.application.reading import Surroundings, first_opinion
from inboxwatch.application.records import Delivery
from inboxwatch.application.remind import RemindResult, remind
from inboxwatch.application.review import Answering, Reviewed, review
from inboxwatch.application.slots import WEEKDAYS, Slots, slots
from inboxwatch.application.telling import Manner
from inboxwatch.domain.keys import keys
from inboxwatch.domain.london import local_day
from inboxwatch.domain.message import FolderRole
from inboxwatch.domain.overrides import Override
from inboxwatch.domain.reminders import ReminderPolicy
from inboxwatch.domain.rules import DEFAULT_RULE
from inboxwatch.domain.threads import Entry
from inboxwatch.domain.verdict import Verdict
from tests.builders import ME, WATCH, folder, from_us, moment
from tests.fakes_outbox import FakeNotifier
from tests.fakes_store import FakeStore

SECRET = b"the store's own secret"
PERSON = "me"
START = datetime(2026, 1, 1, tzinfo=UTC)


@cache
def yardstick() -> Yardstick:
    """The shipped wording, presets and calendars."""
    return Yardstick(
        wording=load_wording(),
        rules=(DEFAULT_RULE,),
        clocks=load().clocks,
        calendars=calendars(),
        calendar="england-and-wales",
    )


@cache
def around() -> Surroundings:
    """What a poll judges by."""
    calendar = yardstick().calendars["england-and-wales"]
    return Surroundings(watch=WATCH, wording=yardstick().wording, calendar=calendar)


def usual_slots() -> Slots:
    return slots(WEEKDAYS[:5], time(9, 0), calendar=yardstick().calendars["england-and-wales"])


_uids = itertools.count(1)


def _placed(entry: Entry) -> Entry:
    places = tuple(replace(one, uid=next(_uids)) for one in entry.message.locations)
    return replace(entry, message=replace(entry.message, locations=places))


@dataclass
class Household:
    """What happens to one person's mail. `now` is turned by the test."""

    now: datetime = START
    store: FakeStore = field(default_factory=FakeStore)
    notifiers: tuple[FakeNotifier, ...] = field(default_factory=lambda: (FakeNotifier(),))
    slots: Slots = field(default_factory=usual_slots)
    policy: ReminderPolicy = field(default_factory=ReminderPolicy)
    trusted: frozenset[str] = frozenset()
    even_empty: bool = False
    program: str = ""  # by what code it is judged

    def at(self, when: str) -> Household:
        """Turn the clock to a local time."""
        self.now = moment(when)
        return self

    def receive(self, *entries: Entry) -> None:
        """Store mail as a poll would, each copy in a place of its own."""
        with self.store.transaction() as tx:
            polled = [first_opinion(_placed(entry).message, around()) for entry in entries]
            tx.save_entries(PERSON, ((entry, keys(entry, WATCH)) for entry in polled))

    def decide(self, *overrides: Override) -> None:
        with self.store.transaction() as tx:
            for override in overrides:
                tx.add_override(PERSON, override)

    def review(self, *, as_of: datetime | None = None) -> Reviewed:
        return review(
            self.store,
            self.notifiers,
            PERSON,
            watch=WATCH,
            yardstick=replace(yardstick(), program=self.program),
            as_of=as_of or self.now,
            now=self.now,
            manner=self.manner,
            answering=Answering(secret=SECRET, trusted=self.trusted),
        )

    @property
    def manner(self) -> Manner:
        return Manner(
            policy=self.policy,
            slots=self.slots,
            calendar=yardstick().calendars["england-and-wales"],
            answers_by_reply=True,
            even_empty=self.even_empty,
        )

    def remind(self) -> RemindResult:
        with self.store.transaction(read_only=True) as tx:
            paused = is_paused(tx, local_day(self.now))
        gate = Gate(store=self.store, slots=self.slots, now=lambda: self.now, paused=paused)
        return remind(self.store, self.notifiers, now=lambda: self.now, secret=SECRET, paused=gate)

    def cycle(self, when: str) -> list[Digest]:
        """Review and remind at a local time; return the digests that went out."""
        before = len(self.sent)
        self.at(when).review()
        self.remind()
        return [read_digest(d.payload) for d in self.sent[before:]]

    @property
    def sent(self) -> list[Delivery]:
        """The digests that the first target got, oldest first."""
        return [d for d in self.notifiers[0].received if d.type == DIGEST]

    @property
    def overrides(self) -> tuple[Override, ...]:
        with self.store.transaction(read_only=True) as tx:
            return tx.overrides(PERSON)

    def picture(self) -> Picture:
        with self.store.transaction(read_only=True) as tx:
            return draw_all(
                tx,
                PERSON,
                watch=WATCH,
                yardstick=yardstick(),
                as_of=self.now,
                scanned=Scanned(),
            ).picture

    def verdict(self, about: Entry) -> Verdict:
        """The verdict on the thread that a message stands in."""
        return next(
            v
            for v in self.picture().verdicts
            if about.message_id in {p.entry.message_id for p in v.thread.placed}
        )

    def answer(
        self,
        text: str,
        *,
        to: Delivery | None = None,
        minutes: int = 30,
        roles: Iterable[FolderRole] = (FolderRole.SENT,),
        **changes: Any,
    ) -> Entry:
        """The user answers a digest, by default the last one, some minutes from now."""
        named = reminder_message_id(SECRET, (to or self.sent[-1]).id)
        given: dict[str, Any] = {
            "to": ME,
            "subject": "Re: Ask for a reply",
            "own_text": text,
            "in_reply_to": (named,),
            "references": (named,),
            "locations": tuple(folder(role) for role in roles),
        }
        reply = from_us(self.now + timedelta(minutes=minutes), **(given | changes))
        self.receive(reply)
        return reply

"""A year of two hundred questions: reminders stay few, true and by day."""

import random
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

from inboxwatch.application.draw import Read, draw
from inboxwatch.application.payload import read_digest
from inboxwatch.application.picture import Picture
from inboxwatch.application.telling import Findings, tell
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.london import local, local_day
from inboxwatch.domain.overrides import Decisions, Verb
from inboxwatch.domain.reminders import ReminderPolicy
from inboxwatch.domain.threads import Entry
from inboxwatch.domain.verdict import Status
from tests.builders import WATCH, a_bounce, from_council, from_us, said
from tests.household import START, Household, yardstick

THREADS = 200
SENTENCE = "Please tell me what happens next with number {} and by when we shall hear from you."
OUTAGE = (date(2026, 6, 2), date(2026, 6, 16))  # nothing runs on these days
TELLS = (Status.OVERDUE, Status.UNDELIVERED, Status.WAITING)
TOPICS = ("transport", "the draft plan", "a place at school", "the annual review", "therapy")


def a_year_of_mail(seed: int) -> list[Entry]:
    """Questions all over the year: some answered, some acknowledged, some lost, most chased."""
    dice = random.Random(seed)
    mail: list[Entry] = []
    for number in range(THREADS):
        at = START + timedelta(days=dice.uniform(0, 300), hours=9)
        subject = f"Question {number} about {dice.choice(TOPICS)}"
        asked = from_us(
            at, f"q{number}@example.org", subject=subject, own_text=SENTENCE.format(number)
        )
        mail.append(asked)
        if dice.random() < 0.08:
            mail.append(a_bounce(at + timedelta(minutes=2), asked))
            continue
        if dice.random() < 0.4:
            text = f"Thank you for your email {number}. We aim to respond within 10 working days."
            mail.append(
                from_council(
                    at + timedelta(minutes=1),
                    Kind.ACKNOWLEDGEMENT,
                    to=asked,
                    subject=f"Automatic reply: {subject}",
                    own_text=text,
                    headers=(("auto-submitted", "auto-replied"),),
                )
            )
        last = at
        for _ in range(dice.choice((0, 0, 1, 2, 3))):
            last += timedelta(days=dice.uniform(12, 40))
            mail.append(
                from_us(
                    last,
                    subject=f"Re: {subject}",
                    own_text=f"May I ask again about number {number}?",
                    in_reply_to=asked.message_id,
                )
            )
        if dice.random() < 0.55:
            mail.append(
                from_council(
                    last + timedelta(days=dice.uniform(1, 60)),
                    to=asked,
                    subject=f"Re: {subject}",
                    own_text=f"Dear parent, here is our answer to number {number}: yes, it is so.",
                )
            )
    return sorted(mail, key=lambda entry: entry.at)


def drawn(mail: list[Entry], home: Household) -> Picture:
    """The picture of mail whose kinds are known; reading all of it every day takes too long."""
    with home.store.transaction(read_only=True) as tx:
        decisions = Decisions.of(tx.overrides("me"))
    read = Read(watch=WATCH, decisions=decisions, entries=tuple(mail))
    return draw(read, yardstick(), as_of=home.now)


def test_a_year_of_two_hundred_threads_is_told_calmly() -> None:
    """Once a day at any hour it is judged; reminders are sent whenever they may be."""
    dice = random.Random(7)
    home = Household(policy=ReminderPolicy(remind_from=START))
    mail = a_year_of_mail(seed=11)
    questions = [e for e in mail if e.message_id.startswith("q")]
    snoozed: dict[str, date] = {}
    closed: set[str] = set()
    for day in (START.date() + timedelta(days=n) for n in range(365)):
        if OUTAGE[0] <= day < OUTAGE[1]:
            continue
        home.now = datetime.combine(day, time(dice.randrange(24), 17), UTC)
        known = [e for e in questions if e.at <= home.now]
        if known and dice.random() < 0.15:
            entry = dice.choice(known)
            if dice.random() < 0.5:
                until = day + timedelta(days=dice.randrange(3, 40))
                home.decide(said(Verb.SNOOZE, entry, until.isoformat(), at=home.now))
                snoozed[entry.message_id] = until
            else:
                home.decide(said(Verb.MARK, entry, "answered", at=home.now))
                closed.add(entry.message_id)
        picture = drawn([e for e in mail if e.at <= home.now], home)
        with home.store.transaction() as tx:
            tell(tx, home.notifiers, "me", Findings.of(picture), now=home.now, manner=home.manner)
        statuses = {i: v.status for v in picture.verdicts if v.wait for i in v.wait.message_ids}
        before = len(home.sent)
        midnight = datetime.combine(day + timedelta(days=1), time(0), UTC)
        while home.now < midnight:
            home.remind()
            home.now += timedelta(minutes=dice.randrange(10, 200))
        for delivery in home.sent[before:]:
            for reminder in read_digest(delivery.payload).reminders:
                about = reminder.key.unanswered
                assert statuses[about] in TELLS
                assert snoozed.get(about, date.min) <= day
                assert about not in closed

    sent = _settled(home)
    days = Counter(local_day(at) for at in sent)
    assert max(days.values()) == 1
    assert 40 < len(days) < 200
    calendar = yardstick().calendars["england-and-wales"]
    assert [day for day in days if not calendar.is_working_day(day)] == []
    assert all(time(9) <= local(at).time() < time(20) for at in sent)
    first = min(day for day in days if day >= OUTAGE[1])
    assert sum(first <= day < first + timedelta(days=1) for day in days) == 1
    keys = Counter(r.key for d in home.sent for r in read_digest(d.payload).reminders)
    assert max(keys.values()) == 1
    steps = Counter(key.step for key in keys)
    assert steps["overdue-1"] > 60
    assert steps["undelivered"] > 5
    assert steps["overdue-4"] > 5
    assert steps["own-deadline-9m"] > 3


def test_a_fortnight_without_power_gives_one_digest() -> None:
    """What became due meanwhile comes at once and together, none of it at night."""
    home = Household(policy=ReminderPolicy(remind_from=START))
    mail = [from_us(START + timedelta(days=day, hours=10), subject=f"Question {day}",
                    own_text=SENTENCE.format(day)) for day in range(12)]  # fmt: skip
    for now in (START + timedelta(days=13), START + timedelta(days=27, hours=2)):
        home.now = now
        with home.store.transaction() as tx:
            known = [e for e in mail if e.at <= now]
            picture = drawn(known, home)
            tell(tx, home.notifiers, "me", Findings.of(picture), now=now, manner=home.manner)
        home.remind()
    assert home.sent == []  # two in the night
    for _ in range(40):
        home.now += timedelta(minutes=15)
        home.remind()
    (digest,) = home.sent
    assert len(read_digest(digest.payload).reminders) == 12


def _settled(home: Household) -> list[datetime]:
    with home.store.transaction(read_only=True) as tx:
        known = {d.id: d for d in tx.deliveries("me")}
    return [at for d in home.sent if (at := known[d.id].sent_at) is not None]

"""A year of two hundred questions: reminders stay few, true and by day."""

import random
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

from inboxwatch.application.payload import read_digest
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.london import local, local_day
from inboxwatch.domain.overrides import Verb
from inboxwatch.domain.reminders import ReminderPolicy
from inboxwatch.domain.threads import Entry
from inboxwatch.domain.verdict import Status
from tests.builders import a_bounce, from_council, from_us, said
from tests.household import START, Household, yardstick

THREADS = 200
SENTENCE = "Please tell me what happens next with number {} and by when we shall hear from you."
OUTAGE = (date(2026, 6, 2), date(2026, 6, 16))  # nothing runs on these days
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


def test_a_year_of_two_hundred_threads_is_told_calmly() -> None:
    dice = random.Random(7)
    home = Household(policy=ReminderPolicy(remind_from=START))
    waiting = a_year_of_mail(seed=11)
    ours = [e for e in waiting if e.message_id.startswith("q")]
    snoozed: dict[str, date] = {}
    closed: set[str] = set()
    after_outage: list[datetime] = []
    for day in (START.date() + timedelta(days=n) for n in range(365)):
        if OUTAGE[0] <= day < OUTAGE[1]:
            continue
        # At any hour, nights included; mail only known up to then.
        home.now = datetime.combine(day, time(dice.randrange(24), 17), UTC)
        arrived = [e for e in waiting if e.at <= home.now]
        waiting = waiting[len(arrived) :]
        home.receive(*arrived)
        if dice.random() < 0.15:
            entry = dice.choice([e for e in ours if e.at <= home.now] or ours[:1])
            if dice.random() < 0.5:
                until = day + timedelta(days=dice.randrange(3, 40))
                home.decide(said(Verb.SNOOZE, entry, until.isoformat(), at=home.now))
                snoozed[entry.message_id] = until
            elif entry.at <= home.now:
                home.decide(said(Verb.MARK, entry, "answered", at=home.now))
                closed.add(entry.message_id)
        home.review()
        picture = {v.wait.unanswered.message_id: v for v in home.picture().verdicts if v.wait}
        for minute in (0, 20, 300, 700):
            before = len(home.sent)
            home.now = max(home.now, datetime.combine(day, time(0), UTC) + timedelta(hours=8))
            home.now += timedelta(minutes=minute)
            home.remind()
            for delivery in home.sent[before:]:
                if local_day(home.now) < OUTAGE[1] + timedelta(days=7) and day >= OUTAGE[1]:
                    after_outage.append(home.now)
                for reminder in read_digest(delivery.payload).reminders:
                    verdict = picture[reminder.key.unanswered]
                    assert verdict.status in (Status.OVERDUE, Status.UNDELIVERED, Status.WAITING)
                    assert snoozed.get(reminder.key.unanswered, date.min) <= day
                    assert reminder.key.unanswered not in closed

    sent_at = [d.sent_at for d in _final(home)]
    keys = Counter(r.key for d in home.sent for r in read_digest(d.payload).reminders)
    steps = Counter(key.step for key in keys)
    assert max(keys.values()) == 1
    assert steps["overdue-1"] > 60
    assert steps["undelivered"] > 5
    assert steps["overdue-4"] > 5
    assert steps["own-deadline-9m"] > 3
    days = Counter(local_day(at) for at in sent_at if at is not None)
    assert max(days.values()) == 1
    assert 40 < len(days) < 200
    calendar = yardstick().calendars["england-and-wales"]
    assert [day for day in days if not calendar.is_working_day(day)] == []
    assert all(time(9) <= local(at).time() < time(20) for at in sent_at if at is not None)


def _final(home: Household) -> list:  # type: ignore[type-arg]
    with home.store.transaction(read_only=True) as tx:
        known = {d.id: d for d in tx.deliveries("me")}
    return [known[d.id] for d in home.sent]

"""When what is told: regular days, silence by case, notes, own days, and what may leave now."""

from datetime import date, timedelta
from typing import Any

from inboxwatch.application.gate import Gate, last_digest_on
from inboxwatch.application.notes import add_notes, notes_to_tell
from inboxwatch.application.pausing import is_paused, pause, paused_cases, resume
from inboxwatch.application.payload import read_digest
from inboxwatch.application.records import Delivery
from inboxwatch.domain.errors import NotifierError
from inboxwatch.domain.message import FolderRole
from inboxwatch.domain.overrides import Verb
from inboxwatch.domain.reminders import Reminder
from inboxwatch.domain.threads import Entry
from tests.builders import a_bounce, folder, from_council, from_us, moment, said
from tests.fakes_outbox import FakeNotifier
from tests.household import Household


def ask(number: int = 2, **changes: Any) -> Entry:
    at = moment(f"2026-03-0{number} 09:00")
    given: dict[str, Any] = {
        "subject": f"Question {number} about transport",
        "own_text": f"Please tell me when the bus number {number} will come to our street.",
    }
    return from_us(at, f"q{number}@example.org", **(given | changes))


def steps(home: Household, when: str) -> list[str]:
    return [r.key.step for digest in home.cycle(when) for r in digest.reminders]


def test_what_becomes_overdue_comes_on_its_day_and_repeats_on_a_monday() -> None:
    home = Household()
    home.receive(ask())  # overdue from Tuesday 17 March
    assert steps(home, "2026-03-16 09:05") == []
    assert steps(home, "2026-03-17 09:05") == ["overdue-1"]
    assert steps(home, "2026-03-31 09:05") == []  # ten working days later, a Tuesday
    assert steps(home, "2026-04-06 10:05") == []  # Easter Monday
    assert steps(home, "2026-04-07 09:05") == ["overdue-2"]


def test_what_did_not_arrive_is_told_the_same_day_or_the_next() -> None:
    home = Household()
    asked = ask()
    home.receive(asked, a_bounce("2026-03-02 09:01", asked))
    assert steps(home, "2026-03-02 21:00") == []
    assert steps(home, "2026-03-03 09:00") == ["undelivered"]


def test_a_machine_that_slept_over_monday_makes_up_for_it_on_the_next_day() -> None:
    home = Household()
    home.receive(ask())
    assert steps(home, "2026-03-17 09:05") == ["overdue-1"]
    home.at("2026-03-31 12:00").review()  # the repeat is filed for the next regular day
    assert steps(home, "2026-04-08 23:00") == []
    assert steps(home, "2026-04-09 09:00") == ["overdue-2"]


def test_news_takes_along_what_waits_for_the_regular_day() -> None:
    home = Household()
    home.receive(ask())
    assert steps(home, "2026-03-17 09:05") == ["overdue-1"]
    home.at("2026-03-31 12:00").review()
    later = from_us("2026-03-18 09:00", "new@example.org", subject="Therapy", own_text="When?")
    home.receive(later)
    assert sorted(steps(home, "2026-04-02 09:05")) == ["overdue-1", "overdue-2"]


def test_a_snooze_takes_a_reminder_back_that_has_not_gone_out() -> None:
    home = Household()
    asked = ask()
    home.receive(asked)
    home.at("2026-03-17 06:00").review()
    home.decide(said(Verb.SNOOZE, asked, "2026-03-30"))
    assert home.cycle("2026-03-17 09:05") == []


def test_a_reminder_of_what_is_no_question_any_more_is_taken_back() -> None:
    """Also on the same day, when the thread is gone and nothing is left to be judged."""
    home = Household()
    asked = ask()
    home.receive(asked)
    home.at("2026-03-17 06:00").review()
    home.decide(said(Verb.CLASSIFY, asked, "own-reminder"))
    assert home.cycle("2026-03-17 09:05") == []


def test_a_silent_case_says_nothing_and_the_others_speak() -> None:
    home = Household()
    first, second = ask(2), ask(3)
    home.receive(first, second)
    home.decide(said(Verb.CASE, first, "Sam"), said(Verb.CASE, second, "Kim"))
    pause(home.store, until=None, case="Sam")
    (digest,) = home.cycle("2026-03-18 09:05")
    assert [r.case for r in digest.reminders] == ["Kim"]
    assert resume(home.store, case="Sam")
    assert not resume(home.store, case="Sam")
    (digest,) = home.cycle("2026-03-19 09:05")
    assert [r.case for r in digest.reminders] == ["Sam"]


def test_silence_ends_on_its_day() -> None:
    home = Household()
    pause(home.store, until=date(2026, 3, 20), case="Sam")
    pause(home.store, until=date(2026, 3, 20))
    with home.store.transaction(read_only=True) as tx:
        assert paused_cases(tx, date(2026, 3, 19)) == {"Sam": date(2026, 3, 20)}
        assert paused_cases(tx, date(2026, 3, 20)) == {}
        assert is_paused(tx, date(2026, 3, 19))
        assert not is_paused(tx, date(2026, 3, 20))
    assert resume(home.store)
    assert not resume(home.store)


def test_while_all_is_paused_nothing_goes_out_and_then_it_comes_once() -> None:
    home = Household()
    home.receive(ask(2), ask(3))
    pause(home.store, until=None)
    assert home.cycle("2026-03-18 09:05") == []
    assert home.cycle("2026-03-19 09:05") == []
    resume(home.store)
    (digest,) = home.cycle("2026-03-20 09:05")
    assert len(digest.reminders) == 2


def test_an_empty_digest_comes_only_when_asked_for_and_only_on_regular_days() -> None:
    home = Household()
    assert home.cycle("2026-03-02 09:05") == []
    home.even_empty = True
    assert home.cycle("2026-03-03 09:05") == []
    (digest,) = home.cycle("2026-03-09 09:05")
    assert digest.reminders == ()
    assert home.cycle("2026-03-09 12:00") == []
    assert len(home.cycle("2026-03-16 09:05")) == 1


def test_the_ombudsmans_limit_is_told_twice_long_after_the_last_repeat() -> None:
    home = Household()
    home.receive(ask())
    day = moment("2026-03-17 09:05")
    while day < moment("2027-03-10 00:00"):
        home.now = day
        home.review()
        home.remind()
        day += timedelta(days=7)
    told = [r.key.step for d in home.sent for r in _reminders(d)]
    assert told == [
        "overdue-1", "overdue-2", "overdue-3", "overdue-4", "own-deadline-9m", "own-deadline-11m",
    ]  # fmt: skip
    last = _reminders(home.sent[-1])[0]
    assert last.own_last_on == date(2027, 3, 1)


def _reminders(delivery: Delivery) -> tuple[Reminder, ...]:
    return read_digest(delivery.payload).reminders


def test_a_decision_opens_the_time_for_an_appeal_though_it_is_the_answer() -> None:
    home = Household()
    asked = ask()
    home.receive(asked, from_council("2026-03-05 09:00", to=asked, own_text="Dear parent, no."))
    assert steps(home, "2026-04-07 09:05") == []
    home.decide(said(Verb.EVENT, asked, "decision=2026-03-05"))
    assert steps(home, "2026-04-08 09:05") == ["own-deadline-appeal-2026-03-05-28d"]
    assert steps(home, "2026-04-28 09:05") == ["own-deadline-appeal-2026-03-05-7d"]
    assert steps(home, "2026-05-06 09:05") == []


def test_whoever_stops_watching_is_left_alone() -> None:
    home = Household()
    asked = ask()
    home.receive(asked, from_council("2026-03-05 09:00", to=asked, own_text="Dear parent, no."))
    home.decide(
        said(Verb.EVENT, asked, "decision=2026-03-05"), said(Verb.MARK, asked, "stop-watching")
    )
    assert steps(home, "2026-04-08 09:05") == []


def test_a_suggestion_is_a_hint_in_the_digest() -> None:
    home = Household()
    home.receive(ask(subject="Subject access request", own_text="Please send my personal data."))
    (digest,) = home.cycle("2026-03-17 09:05")
    assert digest.reminders[0].suggested_clock == "sar"
    assert digest.reminders[0].rung == "chaser"


def test_a_note_stays_until_a_digest_with_it_has_gone_out() -> None:
    home = Household()
    with home.store.transaction() as tx:
        add_notes(tx, "me", ["kept"], at=moment("2026-03-03 12:00"))
        add_notes(tx, "me", (), at=moment("2026-03-03 12:00"))
    assert home.cycle("2026-03-04 09:05") == []
    home.notifiers[0].faults = [NotifierError("no", remedy="wait", permanent=False)]
    assert home.cycle("2026-03-09 09:05") == []
    (digest,) = home.cycle("2026-03-10 09:05")
    assert digest.situation.notes == ("kept",)
    with home.store.transaction() as tx:
        assert notes_to_tell(tx, "me") == ()
        assert notes_to_tell(tx, "you") == ()
    assert home.cycle("2026-03-16 09:05") == []


def a_delivery(type: str, target: str = "home") -> Delivery:
    return Delivery(
        id=f"{type}|1", person="me", target=target, type=type, payload="{}",
        created_at=moment("2026-03-02 09:00"),
    )  # fmt: skip


def test_alerts_keep_the_night_except_to_machines_and_events_never_do() -> None:
    home = Household(now=moment("2026-03-02 23:00"))
    gate = Gate(
        store=home.store, slots=home.slots, now=lambda: home.now, at_once=frozenset({"hook"})
    )
    assert gate(a_delivery("health"))
    assert not gate(a_delivery("health", "hook"))
    assert not gate(a_delivery("thread.overdue", "hook"))
    assert gate(a_delivery("digest"))
    home.now = moment("2026-03-02 12:00")
    assert not gate(a_delivery("health"))
    assert not gate(a_delivery("digest"))


def test_a_pause_holds_digests_and_events_and_not_alerts() -> None:
    home = Household(now=moment("2026-03-02 12:00"))
    gate = Gate(store=home.store, slots=home.slots, now=lambda: home.now, paused=True)
    assert gate(a_delivery("digest"))
    assert gate(a_delivery("thread.overdue"))
    assert not gate(a_delivery("health"))


def test_a_second_digest_waits_for_another_day_at_each_target_of_its_own() -> None:
    home = Household(notifiers=(FakeNotifier(), FakeNotifier(name="phone")))
    home.receive(ask(2))
    home.notifiers[1].faults = [NotifierError("no", remedy="wait", permanent=False)]
    home.cycle("2026-03-17 09:05")
    with home.store.transaction(read_only=True) as tx:
        assert last_digest_on(tx, "me", "home") == date(2026, 3, 17)
        assert last_digest_on(tx, "me", "phone") is None
    lost = ask(3)
    home.receive(lost, a_bounce("2026-03-17 09:30", lost, locations=(folder(FolderRole.USER),)))
    assert home.cycle("2026-03-17 12:00") == []
    assert len(home.notifiers[1].received) == 1
    assert len(home.cycle("2026-03-18 09:05")) == 1


def test_an_own_day_that_is_over_is_taken_out_of_what_waits() -> None:
    home = Household()
    asked = ask()
    home.receive(asked, from_council("2026-03-05 09:00", to=asked, own_text="Dear parent, no."))
    home.decide(said(Verb.EVENT, asked, "decision=2026-03-05"))
    pause(home.store, until=None)
    home.at("2026-05-01 09:05").review()
    home.at("2026-05-02 09:05").review()
    resume(home.store)
    assert steps(home, "2026-05-06 09:05") == []

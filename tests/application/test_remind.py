"""Sending: at least once, never twice in effect, and nothing lost by a fault."""

import contextlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxwatch.application.digest import reminder_message_id
from inboxwatch.application.outbox import (
    Backoff,
    delivery_troubles,
    disable_target,
    enable_target,
    is_unsent,
    local_secret,
    surely_not_arrived,
    why_disabled,
)
from inboxwatch.application.ports import Notifier, Store, Transaction
from inboxwatch.application.records import Delivery, DeliveryState
from inboxwatch.application.remind import RemindResult, remind
from inboxwatch.domain.errors import NotifierError
from tests.builders_reminders import AS_OF, a_digest, a_reminder, an_alert
from tests.fakes_outbox import FakeNotifier, MemoryOutbox, MemoryOutboxStore

SECRET = b"local"


def _store(*deliveries: Delivery) -> MemoryOutboxStore:
    store = MemoryOutboxStore()
    for delivery in deliveries:
        store.outbox.add_delivery(delivery)
    return store


def _remind(
    store: MemoryOutboxStore, *notifiers: FakeNotifier, at: datetime = AS_OF, **options: Any
) -> RemindResult:
    return remind(cast(Store, store), notifiers, now=lambda: at, secret=SECRET, **options)


def _fault(**options: Any) -> NotifierError:
    return NotifierError(
        "home: it did not work", remedy="Look at it.", **({"permanent": False} | options)
    )


def test_what_is_due_is_sent_and_marked() -> None:
    digest = a_digest(a_reminder())
    store, home = _store(digest), FakeNotifier()

    result = _remind(store, home)

    assert result == RemindResult(sent=(digest.id,))
    kept = store.outbox.kept[digest.id]
    assert (kept.state, kept.attempts, kept.sent_at) == (DeliveryState.SENT, 1, AS_OF)


def test_what_was_sent_is_never_sent_again() -> None:
    store, home = _store(a_digest(a_reminder())), FakeNotifier()
    _remind(store, home)

    assert _remind(store, home) == RemindResult()
    assert len(home.tried) == 1


def test_the_attempt_and_the_message_id_are_committed_before_the_send() -> None:
    """Killed in the middle, the store knows that something may be out there."""
    digest = a_digest(a_reminder())
    store = _store(digest)
    seen: list[tuple[int, set[tuple[str, str]]]] = []
    home = FakeNotifier(
        on_send=lambda d: seen.append((store.outbox.kept[d.id].attempts, store.outbox.sent_ids))
    )

    _remind(store, home)

    assert seen == [(1, {("me", reminder_message_id(SECRET, digest.id))})]


def test_an_alert_is_no_reminder_that_one_could_answer() -> None:
    store = _store(an_alert("Archive cannot be read"))

    _remind(store, FakeNotifier())

    assert store.outbox.sent_ids == set()


@pytest.mark.parametrize("step", ["read", "claimed", "sent"])
def test_killed_at_any_step_it_is_sent_after_the_restart_with_the_same_id(step: str) -> None:
    digest = a_digest(a_reminder())
    store, home = _store(digest), FakeNotifier()

    def die(name: str) -> None:
        if name == step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _remind(store, home, between=die)
    _remind(store, home)

    assert {d.id for d in home.received} == {digest.id}
    assert {d.payload for d in home.received} == {digest.payload}
    assert store.outbox.kept[digest.id].state is DeliveryState.SENT


def test_a_passing_fault_is_tried_again_later() -> None:
    digest = a_digest(a_reminder())
    store, home = _store(digest), FakeNotifier(faults=[_fault()])

    first = _remind(store, home)
    at_once = _remind(store, home)
    later = _remind(store, home, at=AS_OF + timedelta(minutes=2))

    assert (first.postponed, first.problems) == (1, ("home: it did not work",))
    assert at_once == RemindResult()
    assert later.sent == (digest.id,)


def test_a_target_that_failed_is_left_alone_for_the_rest_of_the_pass() -> None:
    """A dead server is not knocked at once for each of forty events."""
    store = _store(a_digest(a_reminder("a")), a_digest(a_reminder("b")))
    home = FakeNotifier(faults=[_fault()])
    other = FakeNotifier(name="work")
    third = a_digest(a_reminder("c"), target="work")
    store.outbox.add_delivery(third)

    result = _remind(store, home, other)

    assert len(home.tried) == 1
    assert (result.sent, result.postponed, result.held) == ((third.id,), 1, 1)


def test_a_server_that_names_a_wait_gets_it() -> None:
    digest = a_digest(a_reminder())
    store, home = _store(digest), FakeNotifier(faults=[_fault(retry_after_seconds=900)])

    _remind(store, home)

    assert store.outbox.kept[digest.id].not_before == AS_OF + timedelta(minutes=15)


def test_a_final_fault_gives_the_delivery_up_and_says_so() -> None:
    digest = a_digest(a_reminder())
    store, home = _store(digest), FakeNotifier(faults=[_fault(permanent=True)])

    result = _remind(store, home)

    assert result.given_up == (digest.id,)
    kept = store.outbox.kept[digest.id]
    assert (kept.state, kept.problem) == (DeliveryState.FAILED, "home: it did not work")
    assert why_disabled(cast(Transaction, store.outbox), "home") is None


def test_a_target_at_fault_is_disabled_and_nothing_is_lost_when_it_is_enabled() -> None:
    first, second = a_digest(a_reminder("a")), a_digest(a_reminder("b"))
    store = _store(first, second)
    home = FakeNotifier(faults=[_fault(permanent=True, disables_target=True)])
    _remind(store, home)

    assert _remind(store, home, at=AS_OF + timedelta(days=1)).held == 1
    assert len(home.tried) == 1
    tx = cast(Transaction, store.outbox)
    trouble = why_disabled(tx, "home")
    assert trouble is not None
    assert trouble.what == "home: it did not work"
    assert trouble.remedy == "Look at it.\nWhen that is put right, run: inboxwatch resume"

    assert enable_target(tx, "home", people=("me",)) == 1
    assert set(_remind(store, home).sent) == {first.id, second.id}


def test_enabling_never_repeats_what_may_have_arrived() -> None:
    store = _store(a_digest(a_reminder()))
    home = FakeNotifier(faults=[_fault(permanent=True, may_have_arrived=True)])
    _remind(store, home)

    assert enable_target(cast(Transaction, store.outbox), "home", people=("me",)) == 0


@pytest.mark.parametrize("permanent", [True, False])
@pytest.mark.parametrize("killed", [True, False])
def test_only_a_refusal_for_good_takes_back_that_it_may_have_arrived(
    killed: bool, permanent: bool
) -> None:
    """Else its reminders would go into another digest, and come twice; that beats never."""
    digest = a_digest(a_reminder())
    store, home = _store(digest), FakeNotifier()

    def die(name: str) -> None:
        if killed and name == "sent":
            raise KeyboardInterrupt

    home.faults += [] if killed else [_fault(may_have_arrived=True)]
    with contextlib.suppress(KeyboardInterrupt):
        _remind(store, home, between=die)
    home.faults.append(_fault(permanent=permanent))
    _remind(store, home, at=AS_OF + timedelta(hours=1))

    assert store.outbox.kept[digest.id].attempts == 2
    assert surely_not_arrived(store.outbox.kept[digest.id]) is permanent


def test_it_is_given_up_after_days_and_many_attempts_not_after_either_alone() -> None:
    digest = a_digest(a_reminder())
    old = replace(digest, created_at=AS_OF - timedelta(days=30))
    tried = replace(digest, id="tried", attempts=30)
    both = replace(old, id="both", attempts=30)
    for delivery, is_over in ((old, False), (tried, False), (both, True)):
        result = _remind(_store(delivery), FakeNotifier(faults=[_fault()]))
        assert bool(result.given_up) is is_over
        assert result.postponed == (not is_over)


def test_nothing_paused_of_another_person_or_without_a_target_is_sent() -> None:
    store = _store(a_digest(a_reminder()), a_digest(a_reminder("b"), target="gone"))
    home = FakeNotifier()

    assert _remind(store, home, paused=lambda _delivery: True).held == 2
    assert _remind(store, home, person="you") == RemindResult()
    assert home.tried == []
    assert _remind(store, home, person="me").held == 1
    assert len(home.received) == 1


def test_the_least_tried_goes_first() -> None:
    """A delivery that brings the program down must not hold up all the others for ever."""
    poison = replace(a_digest(a_reminder("a")), attempts=3)
    young = replace(a_digest(a_reminder("b")), created_at=AS_OF + timedelta(hours=1))
    home = FakeNotifier()

    _remind(_store(poison, young), home)

    assert [d.id for d in home.received] == [young.id, poison.id]


def test_what_was_withdrawn_since_the_pass_began_is_not_sent() -> None:
    digest = a_digest(a_reminder())
    store, home = _store(digest), FakeNotifier()

    def withdraw(step: str) -> None:
        if step == "read":
            store.outbox.update_delivery(replace(digest, state=DeliveryState.FAILED))

    assert _remind(store, home, between=withdraw) == RemindResult()
    assert home.tried == []


@given(attempts=st.integers(1, 10_000), jitter=st.floats(0, 1))
def test_the_wait_grows_and_stays_within_its_bounds(attempts: int, jitter: float) -> None:
    backoff = Backoff()

    wait = backoff.wait(attempts, jitter=jitter, asked_seconds=None)

    assert backoff.first / 2 <= wait <= backoff.longest
    assert wait <= backoff.wait(attempts + 1, jitter=1, asked_seconds=None)


@pytest.mark.parametrize(
    ("asked", "seconds"), [(30, 60), (7200, 7200), (1e12, 86_400), (-5, 60), (None, 60)]
)
def test_a_servers_wish_lengthens_the_wait_up_to_a_day(asked: float | None, seconds: int) -> None:
    wait = Backoff().wait(1, jitter=1, asked_seconds=asked)

    assert wait == timedelta(seconds=seconds)


def test_the_user_is_told_of_what_does_not_reach_them() -> None:
    digest = a_digest(a_reminder())
    lost = replace(digest, state=DeliveryState.FAILED, attempts=1, problem="the server said no")
    store = _store(lost)
    tx = cast(Transaction, store.outbox)
    home, work = cast(Notifier, FakeNotifier()), cast(Notifier, FakeNotifier(name="work"))
    disable_target(tx, "work", problem="work refused the log-in", remedy="Check it.")

    told = delivery_troubles(tx, (home, work), person="me", since=AS_OF)

    assert [t.what for t in told] == [
        "home: 1 could not be sent (the server said no)",
        "work refused the log-in",
    ]
    assert delivery_troubles(tx, (home,), person="me", since=AS_OF + timedelta(days=1)) == ()


def test_the_local_secret_is_made_once() -> None:
    tx = cast(Transaction, MemoryOutbox())

    first = local_secret(tx)

    assert len(first) == 64
    assert local_secret(tx) == first
    assert local_secret(cast(Transaction, MemoryOutbox())) != first


def test_a_sent_delivery_has_nothing_more_to_say() -> None:
    assert not is_unsent(replace(a_digest(a_reminder()), state=DeliveryState.SENT))

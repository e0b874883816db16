"""Filing: new reminders and their deliveries together, one digest to come per target."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast

from inboxwatch.application.digest import Answered, Trouble
from inboxwatch.application.filing import Filed, file, file_alert
from inboxwatch.application.outbox import SETTLED, TAKEN_OVER, enable_target, failed
from inboxwatch.application.payload import read_digest
from inboxwatch.application.ports import Transaction
from inboxwatch.application.records import Delivery, DeliveryState
from inboxwatch.domain.reminders import Reminder
from tests.builders_reminders import AS_OF, SITUATION, a_reminder, an_undelivered
from tests.fakes_outbox import FakeNotifier, MemoryOutbox

HOOK = FakeNotifier(
    name="hook",
    types=frozenset({"thread.overdue", "thread.undelivered", "thread.answered", "health"}),
)


def _file(outbox: MemoryOutbox, *reminders: Reminder, **options: Any) -> Filed:
    arguments: dict[str, Any] = {
        "person": "me",
        "reminders": reminders,
        "situation": SITUATION,
        "at": AS_OF,
    }
    notifiers = options.pop("notifiers", [FakeNotifier()])
    return file(cast(Transaction, outbox), notifiers, **(arguments | options))


def _pending(outbox: MemoryOutbox) -> list[Delivery]:
    return [d for d in outbox.deliveries("me") if d.state is DeliveryState.PENDING]


def _keys(delivery: Delivery) -> list[str]:
    return [r.key.unanswered.partition("@")[0] for r in read_digest(delivery.payload).reminders]


def test_several_reminders_make_one_digest_and_an_event_each() -> None:
    outbox = MemoryOutbox()

    filed = _file(outbox, a_reminder(), an_undelivered(), notifiers=[FakeNotifier(), HOOK])

    assert [(d.target, d.type) for d in filed.deliveries] == [
        ("home", "digest"),
        ("hook", "thread.overdue"),
        ("hook", "thread.undelivered"),
    ]
    assert _keys(filed.deliveries[0]) == ["lost", "a"]


def test_filing_twice_changes_nothing() -> None:
    outbox = MemoryOutbox()
    _file(outbox, a_reminder(), notifiers=[FakeNotifier(), HOOK])
    before = dict(outbox.kept)

    again = _file(outbox, a_reminder(), notifiers=[FakeNotifier(), HOOK])

    assert again == Filed(waiting=tuple(before.values()))
    assert outbox.kept == before


def test_nothing_new_makes_no_digest() -> None:
    assert _file(MemoryOutbox()) == Filed()


def test_a_digest_that_has_not_gone_out_takes_in_what_is_new() -> None:
    """Two weeks without a mail server still give one digest, not one for each review."""
    outbox = MemoryOutbox()
    for day, name in enumerate("abc"):
        _file(outbox, a_reminder(name), at=AS_OF + timedelta(days=day))

    (digest,) = _pending(outbox)
    assert sorted(_keys(digest)) == ["a", "b", "c"]
    assert {d.problem for d in outbox.kept.values() if d != digest} == {TAKEN_OVER}


def test_a_digest_that_may_have_arrived_is_left_alone() -> None:
    """Its reminders must not come a second time under another Message-ID."""
    outbox = MemoryOutbox()
    (first,) = _file(outbox, a_reminder("a")).deliveries
    outbox.update_delivery(replace(first, attempts=1))  # killed while sending

    _file(outbox, a_reminder("b"))

    assert [_keys(d) for d in _pending(outbox)] == [["a"], ["b"]]


def test_a_digest_that_surely_failed_is_taken_in_and_one_in_doubt_is_not() -> None:
    for in_doubt in (False, True):
        outbox = MemoryOutbox()
        (first,) = _file(outbox, a_reminder("a")).deliveries
        tried = replace(first, attempts=1)
        outbox.update_delivery(failed(tried, "no network", may_have_arrived=in_doubt))

        _file(outbox, a_reminder("b"))

        assert len(_pending(outbox)) == (2 if in_doubt else 1)


def test_what_was_given_up_comes_with_the_next_digest() -> None:
    outbox = MemoryOutbox()
    (first,) = _file(outbox, a_reminder("a")).deliveries
    refused = failed(replace(first, attempts=1), "refused", may_have_arrived=False)
    outbox.update_delivery(replace(refused, state=DeliveryState.FAILED))

    assert _file(outbox).deliveries == ()  # but not by itself
    _file(outbox, a_reminder("b"))

    (digest,) = _pending(outbox)
    assert sorted(_keys(digest)) == ["a", "b"]


def test_what_was_sent_does_not_come_again() -> None:
    outbox = MemoryOutbox()
    (first,) = _file(outbox, a_reminder("a")).deliveries
    outbox.update_delivery(replace(first, state=DeliveryState.SENT, attempts=1))

    _file(outbox, a_reminder("b"))

    assert [_keys(d) for d in _pending(outbox)] == [["b"]]


def test_an_answer_withdraws_what_was_not_sent_yet() -> None:
    """Nobody is reminded of what has been answered while the reminder waited."""
    outbox = MemoryOutbox()
    notifiers = [FakeNotifier(), HOOK]
    _file(outbox, a_reminder("a"), a_reminder("b"), notifiers=notifiers)

    _file(
        outbox,
        notifiers=notifiers,
        refresh=lambda r: None if r.key.unanswered == "a@example.org" else r,
    )

    event, digest = sorted(_pending(outbox), key=lambda d: d.type, reverse=True)
    assert _keys(digest) == ["b"]
    assert "b@example.org" in event.id
    assert SETTLED in {d.problem for d in outbox.kept.values()}


def test_a_digest_of_settled_reminders_alone_goes_away() -> None:
    outbox = MemoryOutbox()
    _file(outbox, a_reminder("a"))

    _file(outbox, refresh=lambda _reminder: None)

    assert _pending(outbox) == []


def test_a_digest_that_grew_and_shrank_again_is_still_sent() -> None:
    """The same single key three times over must not collide with the digest given up first."""
    outbox = MemoryOutbox()
    _file(outbox, a_reminder("a"))
    _file(outbox, a_reminder("b"))

    _file(outbox, refresh=lambda r: None if r.key.unanswered == "b@example.org" else r)

    assert [_keys(d) for d in _pending(outbox)] == [["a"]]


def test_a_waiting_digest_gets_todays_facts() -> None:
    outbox = MemoryOutbox()
    _file(outbox, a_reminder("a"))

    _file(outbox, refresh=lambda r: replace(r, waiting_working_days=25))

    (digest,) = _pending(outbox)
    assert read_digest(digest.payload).reminders[0].waiting_working_days == 25


def test_a_digest_waits_for_its_hour_and_an_event_does_not() -> None:
    outbox = MemoryOutbox()
    evening = AS_OF + timedelta(hours=9)

    _file(outbox, a_reminder(), notifiers=[FakeNotifier(), HOOK], not_before=evening)

    assert [d.type for d in outbox.pending_deliveries(AS_OF)] == ["thread.overdue"]
    assert len(outbox.pending_deliveries(evening)) == 2


def test_an_answer_is_told_once() -> None:
    outbox = MemoryOutbox()
    reminder = a_reminder()
    answer = Answered(
        key=replace(reminder.key, step="answered"), reminder=reminder, answered_at=AS_OF
    )

    first = _file(outbox, notifiers=[FakeNotifier(), HOOK], answered=[answer])
    second = _file(outbox, notifiers=[FakeNotifier(), HOOK], answered=[answer])

    assert [d.type for d in first.deliveries] == ["thread.answered"]
    assert second.deliveries == ()


def test_two_people_with_one_message_are_both_told() -> None:
    """Parents who share a thread each have their own digest and event."""
    outbox = MemoryOutbox()
    for person in ("me", "you"):
        filed = _file(outbox, a_reminder(), person=person, notifiers=[FakeNotifier(), HOOK])
        assert len(filed.deliveries) == 2


def test_an_alert_goes_out_once_a_day_to_who_wants_it() -> None:
    outbox = MemoryOutbox()
    deaf = FakeNotifier(name="deaf", types=frozenset({"digest"}))

    def alert(day: int) -> tuple[Delivery, ...]:
        return file_alert(
            cast(Transaction, outbox),
            [FakeNotifier(), HOOK, deaf],
            person="me",
            troubles=(Trouble(what="Archive cannot be read"),),
            as_of=None,
            at=AS_OF,
            on=date(2026, 6, day),
        )

    assert [d.target for d in alert(1)] == ["home", "hook"]
    assert alert(1) == ()
    assert len(alert(2)) == 2


def test_no_trouble_makes_no_alert() -> None:
    made = file_alert(
        cast(Transaction, MemoryOutbox()),
        [FakeNotifier()],
        person="me",
        troubles=(),
        as_of=AS_OF,
        at=AS_OF,
        on=date(2026, 6, 1),
    )

    assert made == ()


def test_what_was_refused_and_then_answered_is_not_revived() -> None:
    """The target is put right after the answer came; only what is still open goes out."""
    outbox = MemoryOutbox()
    tx = cast(Transaction, outbox)
    (first,) = _file(outbox, a_reminder("a"), a_reminder("b")).deliveries
    refused = failed(replace(first, attempts=1), "refused", may_have_arrived=False)
    outbox.update_delivery(replace(refused, state=DeliveryState.FAILED))

    _file(outbox, refresh=lambda r: None if r.key.unanswered == "a@example.org" else r)
    enable_target(tx, "home", people=("me",))

    assert [_keys(d) for d in _pending(outbox)] == [["b"]]

"""What every store promises of threads, decisions, the outbox and of purging."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given

from inboxwatch.application.ports import Store, Transaction
from inboxwatch.application.records import Delivery, DeliveryState
from inboxwatch.domain.overrides import Override, Verb
from inboxwatch.domain.reminders import Reminder
from tests.builders_store import (
    COUNCIL,
    NINE,
    a_delivery,
    a_place,
    a_placement,
    a_reminder,
    an_entry,
    an_override,
    an_unreadable,
    at,
)
from tests.contracts.test_store_contract import A_FIXTURE_IS_SHARED, NONE
from tests.strategies_store import values_of


def test_placements_of_the_messages_named_are_replaced(tx: Transaction) -> None:
    for name in ("a@x", "b@x", "c@x"):
        tx.save_entry("anna", an_entry(name), NONE)
    two = (a_placement("a@x", "t1"), a_placement("a@x", "t2", "other@kent.gov.uk"))
    tx.save_placements("anna", [*two, a_placement("b@x", "t1")])
    assert tx.placements("anna") == (*two, a_placement("b@x", "t1"))

    tx.save_placements("anna", [a_placement("a@x", "t3")])
    assert tx.placements("anna") == (a_placement("b@x", "t1"), a_placement("a@x", "t3"))
    assert tx.placements("anna", "t3") == (a_placement("a@x", "t3"),)
    assert tx.placements("anna", "none") == ()
    assert tx.placements("bob") == ()
    tx.drop_placements("anna", ["a@x", "never@x"])
    tx.drop_placements("bob", ["b@x"])
    assert tx.placements("anna") == (a_placement("b@x", "t1"),)


def test_a_message_purged_meanwhile_gets_no_place(tx: Transaction) -> None:
    tx.save_placements("anna", [a_placement("gone@x", "t1")])
    assert tx.placements("anna") == ()


@A_FIXTURE_IS_SHARED
@given(drawn=values_of(Override))
def test_any_decision_comes_back_as_it_was(tx: Transaction, drawn: Override) -> None:
    stored = tx.add_override("anna", drawn)
    assert stored == replace(drawn, id=stored.id)
    assert tx.overrides("anna")[-1] == stored


def test_a_decision_gets_a_rising_id_and_is_undone_once(tx: Transaction) -> None:
    first = tx.add_override("anna", an_override(Verb.MARK, "a@x", value="answered", note="said"))
    second = tx.add_override("anna", an_override(Verb.SNOOZE, "b@x", council_mailbox=COUNCIL))
    third = tx.add_override("bob", an_override(Verb.UNLINK, "b@x"))
    assert first.id < second.id < third.id
    assert tx.overrides("anna") == (first, second)

    assert tx.undo_override("bob", first.id, at(5)) is None
    assert tx.undo_override("anna", first.id, at(5)) == replace(first, undone_at=at(5))
    assert tx.undo_override("anna", first.id, at(6)) is None
    assert tx.undo_override("anna", 999_999, at(6)) is None
    assert tx.overrides("anna") == (replace(first, undone_at=at(5)), second)


@A_FIXTURE_IS_SHARED
@given(drawn=values_of(Reminder))
def test_any_reminder_is_filed_once_and_comes_back_as_it_was(
    tx: Transaction, drawn: Reminder
) -> None:
    filed = tx.file_reminders("anna", [drawn], NINE)
    assert filed in ((drawn,), ())  # another example may have filed this key
    assert tx.file_reminders("anna", [drawn], at(1)) == ()
    if filed:
        assert drawn in [f.reminder for f in tx.filed_reminders("anna")]


def test_a_reminder_is_filed_once_for_its_key_whatever_else_it_says(tx: Transaction) -> None:
    first, second = a_reminder("a@x"), a_reminder("b@x", due_on=date(2026, 3, 16))
    assert tx.file_reminders("anna", [first, second, first], at(9)) == (first, second)
    changed = replace(first, subject="another", covers=("a@x", "z@x"))
    later = a_reminder("a@x", "overdue-2")
    assert tx.file_reminders("anna", [changed, later], at(3)) == (later,)
    assert tx.file_reminders("bob", [first], at(9)) == (first,)

    filed = tx.filed_reminders("anna")
    assert [(f.reminder, f.filed_at) for f in filed] == [
        (later, at(3)),
        (first, at(9)),
        (second, at(9)),
    ]
    assert [f.reminder for f in tx.reminders_about("anna", ["a@x"])] == [later, first]
    assert [f.reminder for f in tx.reminders_about("anna", ["b@x", "z@x"])] == [second]
    assert tx.reminders_about("carol", ["a@x"]) == ()
    assert [f.reminder.covers for f in filed] == [("a@x",), ("a@x",), ("b@x",)]


def test_keys_whose_parts_only_look_alike_are_two(tx: Transaction) -> None:
    one = a_reminder("a@x")
    two = replace(one, key=replace(one.key, rule="ordinary", unanswered="-emaila@x"))
    assert tx.file_reminders("anna", [one, two], NINE) == (one, two)


@A_FIXTURE_IS_SHARED
@given(drawn=values_of(Delivery))
def test_any_delivery_comes_back_as_it_was(tx: Transaction, drawn: Delivery) -> None:
    drawn = replace(drawn, attempts=drawn.attempts % 1_000)
    if tx.add_delivery(drawn):
        assert drawn in tx.deliveries(drawn.person)
    assert tx.add_delivery(drawn) is False


def test_a_delivery_is_added_once_for_its_id(tx: Transaction) -> None:
    assert tx.add_delivery(a_delivery("d1")) is True
    assert tx.add_delivery(a_delivery("d1", payload="other", person="bob")) is False
    assert tx.deliveries("anna") == (a_delivery("d1"),)
    assert tx.deliveries("bob") == ()


def test_pending_deliveries_are_those_whose_time_has_come_oldest_first(tx: Transaction) -> None:
    made = (
        a_delivery("late", created_at=at(9)),
        a_delivery("early", created_at=at(1), person="bob"),
        a_delivery("same-1", created_at=at(5)),
        a_delivery("same-2", created_at=at(5)),
        a_delivery("held", created_at=at(0), not_before=at(30)),
        a_delivery("sent", state=DeliveryState.SENT),
        a_delivery("failed", state=DeliveryState.FAILED),
    )
    for delivery in made:
        tx.add_delivery(delivery)
    names = [d.id for d in tx.pending_deliveries(at(29))]
    assert names == ["early", "same-1", "same-2", "late"]
    assert [d.id for d in tx.pending_deliveries(at(30))] == ["held", *names]
    assert tx.count_pending() == 5  # whatever the moment
    assert [d.id for d in tx.deliveries("anna")][:4] == ["held", "sent", "failed", "same-1"]


def test_an_update_changes_how_a_delivery_stands_and_nothing_else(tx: Transaction) -> None:
    tx.add_delivery(a_delivery("d1"))
    sent = a_delivery(
        "d1",
        state=DeliveryState.SENT,
        attempts=3,
        not_before=at(2),
        sent_at=at(4),
        problem="the server was slow\x00",
    )
    tx.update_delivery(replace(sent, payload="changed", person="bob", target="other"))
    tx.update_delivery(a_delivery("never added"))

    assert tx.deliveries("anna") == (sent,)
    assert tx.deliveries("bob") == ()
    assert tx.pending_deliveries(at(99)) == ()


def test_a_purge_takes_all_that_hangs_on_a_message(tx: Transaction) -> None:
    shared, own = tx.save_original(b"shared"), tx.save_original(b"own")
    for name, sha256, uid in (("a@x", shared, 1), ("b@x", own, 2), ("c@x", shared, 3)):
        entry = an_entry(name, locations=(a_place(uid),), original_sha256=sha256, fingerprint="f")
        tx.save_entry("anna", entry, frozenset({"k"}))
    tx.save_placements("anna", [a_placement(name, "t1") for name in ("a@x", "b@x", "c@x")])
    tx.save_unreadable("anna", an_unreadable(8))

    assert tx.purge("anna", ["a@x", "b@x", "never@x", "a@x"]) == 2

    assert [e.message_id for e in tx.entries("anna")] == ["c@x"]
    assert [e.message_id for e in tx.entries_sharing("anna", frozenset({"k"}))] == ["c@x"]
    assert tx.placements("anna") == (a_placement("c@x", "t1"),)
    assert tx.known_uids("home", "INBOX", 7) == frozenset({3})
    assert tx.texts_around("anna", COUNCIL, "f", NINE, "")[1] == ("c@x",)
    assert (tx.original(shared), tx.original(own)) == (b"shared", None)
    assert tx.counts("anna").unreadable == 1
    assert tx.purge("anna", ["c@x"]) == 1
    assert tx.original(shared) is None
    assert tx.people() == ()


def test_a_purge_keeps_what_keeps_silent_without_its_words(tx: Transaction) -> None:
    tx.save_entry("anna", an_entry("a@x"), NONE)
    told = a_reminder("a@x", action="use the form", case="Sam", covers=("a@x", "b@x"))
    other = a_reminder("c@x")
    tx.file_reminders("anna", [told, other], NINE)
    tx.file_reminders("bob", [told], NINE)
    mark = tx.add_override("anna", an_override(Verb.MARK, "a@x", value="answered", note="phone"))
    kept = tx.add_override("anna", an_override(Verb.LOG, "c@x", value="phone", note="Friday"))
    tx.add_override("anna", an_override(Verb.LOG, "a@x", value="phone", note="Friday"))
    tx.add_override("anna", an_override(Verb.CASE, "a@x", value="Sam"))
    bobs = tx.add_override("bob", an_override(Verb.CASE, "a@x", value="Ali"))

    tx.purge("anna", ["a@x"])

    bare = replace(told, subject="", action=None, case=None)
    assert [f.reminder for f in tx.filed_reminders("anna")] == [bare, other]
    assert [f.reminder for f in tx.filed_reminders("bob")] == [told]
    assert tx.overrides("anna") == (replace(mark, note=""), kept)
    assert tx.overrides("bob") == (bobs,)
    assert tx.file_reminders("anna", [told], NINE) == ()


def test_a_purge_empties_what_was_sent_and_nothing_that_may_yet_be(tx: Transaction) -> None:
    tx.save_entry("anna", an_entry("a@x"), NONE)
    states = {"p": DeliveryState.PENDING, "s": DeliveryState.SENT, "f": DeliveryState.FAILED}
    for name, state in states.items():
        tx.add_delivery(a_delivery(name, state=state))
    tx.add_delivery(a_delivery("bob's", state=DeliveryState.SENT, person="bob"))

    assert tx.purge("anna", []) == 0
    assert all(d.payload for d in tx.deliveries("anna"))
    tx.purge("anna", ["a@x"])
    assert [d.payload != "" for d in tx.deliveries("anna")] == [True, False, True]
    assert tx.deliveries("bob")[0].payload


def test_ids_of_undone_transactions_are_no_decisions(store: Store) -> None:
    with store.transaction() as tx:
        first = tx.add_override("anna", an_override(Verb.UNLINK, "a@x"))
    try:
        with store.transaction() as tx:
            tx.add_override("anna", an_override(Verb.UNLINK, "b@x"))
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        pass
    with store.transaction() as tx:
        last = tx.add_override("anna", an_override(Verb.UNLINK, "c@x"))
        assert tx.overrides("anna") == (first, last)
        assert last.id > first.id


def test_the_revision_changes_with_mail_decisions_and_the_outbox(tx: Transaction) -> None:
    seen = [tx.revision("anna", NINE)]

    def is_new() -> bool:
        seen.append(tx.revision("anna", NINE))
        return seen[-1] not in seen[:-1]

    tx.save_entry("anna", an_entry("a@x"), NONE)
    assert is_new()
    made = tx.add_override("anna", an_override(Verb.MARK, "a@x"))
    assert is_new()
    tx.undo_override("anna", made.id, NINE)
    assert is_new()
    tx.file_reminders("anna", [a_reminder("a@x")], NINE)
    assert is_new()
    tx.add_delivery(replace(a_delivery("d1"), person="anna"))
    assert is_new()
    sent = replace(a_delivery("d1"), person="anna", state=DeliveryState.SENT)
    tx.update_delivery(sent)
    assert is_new()
    tx.save_unreadable("anna", an_unreadable(7))
    assert is_new()
    tx.save_entry("bob", an_entry("b@x"), NONE)
    assert not is_new()


def test_mail_dated_later_counts_apart_until_its_time(tx: Transaction) -> None:
    entry = an_entry("a@x")
    tx.save_entry("anna", entry, NONE)
    before = tx.revision("anna", entry.at - timedelta(seconds=1))
    assert tx.revision("anna", entry.at) != before
    assert tx.revision("anna", entry.at) == tx.revision("anna", entry.at + timedelta(days=1))

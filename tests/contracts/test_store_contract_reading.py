"""What every store promises of places, folders, polls, the quarantine and originals."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from inboxwatch.application.ports import Transaction
from inboxwatch.application.records import FolderState, StoreCounts
from inboxwatch.domain.message import FolderRole
from tests.builders_store import (
    a_place,
    a_placement,
    a_poll,
    an_entry,
    an_unreadable,
    at,
)
from tests.contracts.test_store_contract import A_FIXTURE_IS_SHARED, NONE
from tests.strategies_store import values_of


def places(tx: Transaction, message_id: str) -> tuple[tuple[str, int], ...]:
    entry = tx.entry("anna", message_id)
    assert entry is not None
    return tuple((at.folder, at.uid) for at in entry.message.locations)


def test_places_are_added_and_dropped_and_messages_stay(tx: Transaction) -> None:
    tx.save_entry("anna", an_entry("a@x", locations=(a_place(1),)), NONE)
    tx.add_locations("anna", "a@x", [a_place(1), a_place(2), a_place(3, "Sent")])
    tx.add_locations("anna", "purged@x", [a_place(77)])
    assert places(tx, "a@x") == (("INBOX", 1), ("INBOX", 2), ("Sent", 3))
    assert tx.known_uids("home", "INBOX", 7) == frozenset({1, 2})

    tx.drop_locations("anna", [a_place(1), a_place(99)])
    assert places(tx, "a@x") == (("INBOX", 2), ("Sent", 3))
    tx.drop_locations("bob", [a_place(2)])
    tx.drop_locations("anna", [a_place(2, uidvalidity=8)])
    assert places(tx, "a@x") == (("INBOX", 2), ("Sent", 3))
    tx.drop_locations("anna", [a_place(2), a_place(3, "Sent")])
    assert places(tx, "a@x") == ()


def test_a_place_holds_the_message_last_seen_there(tx: Transaction) -> None:
    tx.save_entry("anna", an_entry("a@x", locations=(a_place(1),)), NONE)
    moved = a_place(1, role=FolderRole.ARCHIVE)
    tx.save_entry("anna", an_entry("b@x", locations=(moved,)), NONE)

    assert places(tx, "a@x") == ()
    entry = tx.entry("anna", "b@x")
    assert entry is not None
    assert entry.message.locations == (moved,)


def test_a_folder_is_forgotten_with_its_quarantine_when_its_numbers_changed(
    tx: Transaction,
) -> None:
    tx.save_entry("anna", an_entry("a@x", locations=(a_place(1), a_place(1, "Sent"))), NONE)
    tx.save_entry("bob", an_entry("a@x", locations=(a_place(1, account="bobs"),)), NONE)
    tx.save_unreadable("anna", an_unreadable(5))
    tx.drop_folder_locations("anna", "home", "INBOX")

    assert places(tx, "a@x") == (("Sent", 1),)
    assert tx.unreadables("anna") == ()
    assert tx.known_uids("home", "INBOX", 7) == frozenset()
    assert tx.known_uids("bobs", "INBOX", 7) == frozenset({1})
    tx.drop_folder_locations("bob", "home", "Sent")
    assert places(tx, "a@x") == (("Sent", 1),)


def test_known_uids_are_those_of_one_numbering_of_one_folder(tx: Transaction) -> None:
    highest = 2**32 - 1
    found = (a_place(1), a_place(highest), a_place(2, uidvalidity=8), a_place(3, "Sent"))
    tx.save_entry("anna", an_entry("a@x", locations=found), NONE)
    assert tx.known_uids("home", "INBOX", 7) == frozenset({1, highest})
    assert tx.known_uids("home", "INBOX", 8) == frozenset({2})
    assert tx.known_uids("work", "INBOX", 7) == frozenset()


@A_FIXTURE_IS_SHARED
@given(state=values_of(FolderState))
def test_any_folder_state_comes_back_as_it_was(tx: Transaction, state: FolderState) -> None:
    tx.save_folder_state(state)
    assert tx.folder_states(state.account)[state.folder] == state


def test_a_folder_state_is_replaced_and_belongs_to_its_account(tx: Transaction) -> None:
    first = FolderState(account="home", folder="Sent", role=FolderRole.SENT, uidnext=5)
    tx.save_folder_state(first)
    tx.save_folder_state(replace(first, account="work", uidnext=6))
    tx.save_folder_state(replace(first, folder="INBOX"))
    tx.save_folder_state(replace(first, uidnext=9, polled_at=at(3)))

    states = tx.folder_states("home")
    assert list(states) == ["INBOX", "Sent"]
    assert states["Sent"] == replace(first, uidnext=9, polled_at=at(3))
    assert tx.folder_states("other") == {}


def test_the_last_poll_and_the_last_complete_one_are_told_apart(tx: Transaction) -> None:
    assert tx.last_poll("home") is None
    assert tx.last_complete_poll("home") is None
    for record in (
        a_poll(10),
        a_poll(30, complete=False),
        a_poll(20),
        a_poll(40, account="work"),
    ):
        tx.save_poll(record)
    assert tx.last_poll("home") == a_poll(30, complete=False)
    assert tx.last_complete_poll("home") == a_poll(20)
    again = replace(a_poll(30), found=7)
    tx.save_poll(again)
    assert tx.last_poll("home") == again


def test_the_last_complete_poll_is_remembered_however_long_ago(tx: Transaction) -> None:
    tx.save_poll(a_poll(10))
    for day in range(100, 105):
        tx.save_poll(a_poll(day * 24 * 60, complete=False))
    assert tx.last_complete_poll("home") == a_poll(10)


def test_a_poll_from_a_future_that_was_a_wrong_clock_is_forgotten(tx: Transaction) -> None:
    """Else nothing read since would count until that moment has come."""
    tx.save_poll(a_poll(10))
    tx.save_poll(a_poll(3 * 24 * 60))
    tx.save_poll(a_poll(3 * 24 * 60, account="work"))
    tx.save_poll(a_poll(20))
    assert tx.last_poll("home") == a_poll(20)
    assert tx.last_complete_poll("home") == a_poll(20)
    assert tx.last_complete_poll("work") == a_poll(3 * 24 * 60, account="work")


def test_the_quarantine_counts_a_place_once(tx: Transaction) -> None:
    tx.save_unreadable("anna", an_unreadable(2))
    tx.save_unreadable("anna", an_unreadable(1))
    tx.save_unreadable("anna", an_unreadable(2, reason="cut off\x00"))
    tx.save_unreadable("bob", an_unreadable(2))

    assert tx.unreadables("anna") == (an_unreadable(2, reason="cut off\x00"), an_unreadable(1))
    assert tx.counts("anna").unreadable == 2
    assert tx.counts().unreadable == 3


def test_an_original_is_kept_once_and_comes_back_to_the_byte(tx: Transaction) -> None:
    raw = b"Subject: \xff\x00 \r\n\r\n" + bytes(range(256)) * 400
    sha256 = tx.save_original(raw)
    assert tx.save_original(raw) == sha256
    assert tx.original(sha256) == raw
    assert tx.original(tx.save_original(b"")) == b""
    assert tx.original("00" * 32) is None
    assert tx.counts().originals == 2


def test_a_message_says_which_original_it_has_and_which_have_none(tx: Transaction) -> None:
    for name, account in (("a@x", "home"), ("b@x", "home"), ("c@x", "work")):
        place = a_place(ord(name[0]), account=account)
        tx.save_entry("anna", an_entry(name, locations=(place,)), NONE)
    tx.save_entry("anna", an_entry("d@x"), NONE)
    sha256 = tx.save_original(b"raw")
    tx.set_original("anna", "a@x", sha256)
    tx.set_original("anna", "purged@x", sha256)

    entry = tx.entry("anna", "a@x")
    assert entry is not None
    assert entry.message.original_sha256 == sha256
    assert [e.message_id for e in tx.without_original("anna", "home")] == ["b@x"]
    assert tx.without_original("bob", "home") == ()


def test_the_first_original_of_a_message_stays_and_no_other_is_left_over(tx: Transaction) -> None:
    tx.save_entry("anna", an_entry("a@x"), NONE)
    tx.save_entry("anna", an_entry("b@x"), NONE)
    first, second, third = (tx.save_original(raw) for raw in (b"first", b"second", b"third"))
    tx.set_original("anna", "a@x", first)
    tx.set_original("anna", "b@x", second)
    for again in (first, second, third):
        tx.set_original("anna", "a@x", again)
    tx.set_original("anna", "purged@x", tx.save_original(b"of no message"))

    assert [e.message.original_sha256 for e in tx.entries("anna")] == [first, second]
    assert (tx.original(first), tx.original(second), tx.original(third)) == (
        b"first",
        b"second",
        None,
    )
    assert tx.counts().originals == 2


def test_everything_is_counted_for_one_and_for_all(tx: Transaction) -> None:
    tx.save_entry("anna", an_entry("a@x", locations=(a_place(1), a_place(2, "Sent"))), NONE)
    tx.save_entry("anna", an_entry("b@x", locations=(a_place(3),)), NONE)
    tx.save_entry("bob", an_entry("a@x", locations=(a_place(1, account="work"),)), NONE)
    tx.save_placements("anna", [a_placement("a@x", "t1"), a_placement("a@x", "t2")])
    tx.save_placements("anna", [a_placement("b@x", "t1")])
    tx.save_placements("bob", [a_placement("a@x", "t1")])
    tx.set_original("anna", "a@x", tx.save_original(b"1"))
    tx.save_original(b"2")

    assert tx.counts("anna") == StoreCounts(
        messages=2, threads=2, originals=1, by_account=(("home", 2),)
    )
    assert tx.counts() == StoreCounts(
        messages=3,
        threads=3,
        originals=2,
        by_account=(("home", 2), ("work", 1)),
    )
    assert tx.counts("nobody") == StoreCounts()


def test_a_remembered_value_is_replaced(tx: Transaction) -> None:
    assert tx.settings(("local-secret", "other")) == {"local-secret": None, "other": None}
    assert tx.setting("local-secret") is None
    tx.set_setting("local-secret", "one\x00")
    tx.set_setting("other", "")
    tx.set_setting("local-secret", "two\ud800")
    assert tx.setting("local-secret") == "two\ud800"
    assert tx.setting("other") == ""

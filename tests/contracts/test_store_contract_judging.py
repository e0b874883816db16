"""What every store promises of changes, texts, strays and answers."""

from __future__ import annotations

from inboxwatch.application.ports import Transaction
from inboxwatch.application.records import Answer, DeliveryState, Stray
from inboxwatch.domain.overrides import Verb
from inboxwatch.domain.threads import Direction
from tests.builders_store import (
    COUNCIL,
    a_delivery,
    a_place,
    a_placement,
    a_reminder,
    an_entry,
    an_override,
    at,
)
from tests.contracts.test_store_contract import NONE
from tests.contracts.test_store_contract_pages import BODY, a_page, kept


def changed(tx: Transaction) -> tuple[tuple[str, ...], bool]:
    """What changed since this was last asked."""
    found = tx.changes("anna")
    tx.forget_changes("anna", found.last)
    return found.message_ids, found.everything


def test_mail_its_places_and_a_persons_word_are_changes(tx: Transaction) -> None:
    assert changed(tx) == ((), False)
    tx.save_entry("anna", an_entry("a@x", locations=(a_place(1),)), NONE)
    tx.save_entry("bob", an_entry("b@x"), NONE)
    assert changed(tx) == (("a@x",), False)
    assert changed(tx) == ((), False)

    tx.save_entry("anna", an_entry("a@x", locations=(a_place(2),)), NONE)
    assert changed(tx) == (("a@x",), False)
    tx.add_locations("anna", "a@x", [a_place(3)])
    assert changed(tx) == (("a@x",), False)
    tx.drop_locations("anna", [a_place(1), a_place(77)])
    assert changed(tx) == (("a@x",), False)
    said = tx.add_override("anna", an_override(Verb.MARK, "a@x", value="watch"))
    assert changed(tx) == (("a@x",), False)
    tx.undo_override("anna", said.id, at(1))
    assert changed(tx) == (("a@x",), False)
    tx.mark_changed("anna", ["a@x"])
    assert changed(tx) == (("a@x",), False)
    tx.save_entry("anna", an_entry("c@x", locations=(a_place(2),)), NONE)
    ids, everything = changed(tx)
    assert set(ids) == {"a@x", "c@x"}  # its place was taken
    assert not everything


def test_what_cannot_be_told_by_message_changes_everything(tx: Transaction) -> None:
    tx.save_entry("anna", an_entry("a@x", locations=(a_place(1),)), NONE)
    changed(tx)
    tx.drop_folder_locations("anna", "home", "INBOX")
    assert changed(tx) == ((), True)
    tx.mark_all_changed("anna")
    assert changed(tx) == ((), True)
    tx.add_override("anna", an_override(Verb.CONFIRM_BODY, "nhs.example", value=BODY))
    assert changed(tx) == ((), True)
    assert tx.purge("anna", ["never@x"]) == 0
    assert changed(tx) == ((), False)
    tx.purge("anna", ["a@x"])
    assert changed(tx) == ((), True)


def test_changes_are_forgotten_up_to_a_number_and_of_one_person(tx: Transaction) -> None:
    tx.save_entry("anna", an_entry("a@x"), NONE)
    tx.save_entry("bob", an_entry("a@x"), NONE)
    last = tx.changes("anna").last
    tx.save_entry("anna", an_entry("b@x"), NONE)
    tx.forget_changes("anna", last)
    assert tx.changes("anna").message_ids == ("b@x",)
    assert tx.changes("bob").message_ids == ("a@x",)
    tx.forget_changes("anna", tx.changes("anna").last)
    tx.save_entry("anna", an_entry("c@x"), NONE)
    assert tx.changes("anna").last > last + 1  # a number never comes again


def test_texts_are_counted_before_and_named_after(tx: Transaction) -> None:
    for name, minutes in (("a@x", 0), ("b@x", 5), ("c@x", 5), ("d@x", 5), ("e@x", 9), ("f@x", 10)):
        tx.save_entry("anna", an_entry(name, minutes=minutes, fingerprint="f"), NONE)
    tx.save_entry("anna", an_entry("g@x", minutes=5, fingerprint="other"), NONE)

    def around(name: str, minutes: int, at_most: int | None = None) -> tuple[int, tuple[str, ...]]:
        return tx.texts_around("anna", COUNCIL, "f", at(minutes), name, at_most=at_most)

    assert around("c@x", 5) == (2, ("d@x", "e@x", "f@x"))
    assert around("a@x", 0) == (0, ("b@x", "c@x", "d@x", "e@x", "f@x"))
    assert around("a@x", 0, 1) == (0, ("b@x",))
    assert around("f@x", 10, 3) == (3, ())
    assert around("bb@x", 5, 2) == (2, ("c@x", "d@x"))  # not stored itself
    assert tx.texts_around("anna", "other@x", "f", at(0), "") == (0, ())


def test_texts_without_a_sender_are_told_apart(tx: Transaction) -> None:
    tx.save_entry("anna", an_entry("a@x", fingerprint="f", sender=None), NONE)
    tx.save_entry("bob", an_entry("b@x", fingerprint="f", sender=None), NONE)
    assert tx.texts_around("anna", "", "f", at(9), "c@x") == (1, ())


def test_known_ids_are_those_of_stored_messages(tx: Transaction) -> None:
    tx.save_entry("anna", an_entry("a@x"), NONE)
    tx.remember_sent_id("anna", "r@x")
    assert tx.known_ids("anna", ["a@x", "r@x", "b@x"]) == frozenset({"a@x"})


def test_known_messages_are_not_read_again(tx: Transaction) -> None:
    for name in ("a@x", "b@x"):
        tx.save_entry("anna", an_entry(name), frozenset({"k"}))
    mine = an_entry("a@x", subject="in hand")
    found = tx.entries_sharing("anna", frozenset({"k"}), {"a@x": mine, "z@x": mine})
    assert [entry.message.subject for entry in found] == ["in hand", "Your enquiry"]


def test_all_places_of_a_thread_are_found_by_one_message(tx: Transaction) -> None:
    for name in ("a@x", "b@x", "c@x"):
        tx.save_entry("anna", an_entry(name), NONE)
    placed = [a_placement("a@x", "t1"), a_placement("b@x", "t1"), a_placement("c@x", "t2")]
    tx.save_placements("anna", placed)
    assert tx.placements_around("anna", ["b@x", "z@x"]) == tuple(placed[:2])
    assert tx.placements_around("anna", []) == ()


def test_answers_are_found_by_time_and_by_the_names_they_say(tx: Transaction) -> None:
    for name in ("a@x", "b@x"):
        tx.save_entry("anna", an_entry(name), NONE)
    said = " the bus pass for school and the annual review "
    answers = [
        Answer(message_id="a@x", body=BODY, at=at(5), said=said),
        Answer(message_id="a@x", body="other.gov.uk", at=at(5), said=said),
        Answer(message_id="b@x", body=BODY, at=at(6), said=" nothing "),
        Answer(message_id="purged@x", body=BODY, at=at(5), said=said),
    ]
    tx.save_answers("anna", answers)
    tx.save_answers("anna", answers[:1])
    pairs = {(a.message_id, a.body) for a in answers[:3]}
    assert tx.answers("anna") == pairs
    assert tx.answers("anna", ["b@x", "z@x"]) == {("b@x", BODY)}
    assert tx.answers("bob") == frozenset()

    def saying(*names: str, first: int = 0, until: int = 9, body: str = BODY) -> frozenset[str]:
        return tx.answers_saying("anna", body, at(first), at(until), names)

    assert saying(" never said ", " annual review ") == {"a@x"}
    assert saying(" annual review ", body="other.gov.uk") == {"a@x"}
    assert saying(" annual review ", first=5, until=6) == {"a@x"}
    assert saying(" annual review ", until=5) == saying(" annual review ", first=6) == frozenset()
    assert saying(" annual bus route ") == saying() == frozenset()
    tx.drop_answers("anna", [("a@x", BODY), ("never@x", BODY)])
    assert tx.answers("anna") == pairs - {("a@x", BODY)}
    tx.purge("anna", ["a@x"])
    assert tx.answers("anna") == {("b@x", BODY)}


def test_strays_are_found_by_time_and_by_what_they_quote(tx: Transaction) -> None:
    for name in ("a@x", "b@x"):
        tx.save_entry("anna", an_entry(name), NONE)
    strays = [
        Stray(message_id="a@x", body=BODY, at=at(0), lines=("line1", "line2")),
        Stray(message_id="b@x", body="other.gov.uk", at=at(0)),
        Stray(message_id="purged@x", body=BODY, at=at(0), lines=("line1",)),
    ]
    tx.save_strays("anna", strays)
    tx.save_strays("anna", strays[:1])
    assert tx.strays("anna") == frozenset({"a@x", "b@x"})
    assert tx.strays("anna", ["a@x", "z@x"]) == frozenset({"a@x"})
    early, now = (at(-1), at(0)), (at(0), at(1))
    assert tx.strays_near("anna", BODY, now, [], None) == frozenset({"a@x"})
    assert tx.strays_near("anna", BODY, early, ["b@x"], now) == frozenset()
    assert tx.strays_near("anna", BODY, None, [COUNCIL, "b@x"], now) == frozenset({"a@x"})
    assert tx.strays_near("anna", BODY, None, [COUNCIL], early) == frozenset()
    assert tx.strays_near("anna", BODY, None, [COUNCIL], None) == frozenset()
    assert tx.strays_near("bob", BODY, now, [COUNCIL], now) == frozenset()
    assert tx.strays_quoting("anna", BODY, ["line2"]) == frozenset({"a@x"})
    assert tx.strays_quoting("anna", BODY, ["line3"]) == frozenset()
    tx.drop_strays("anna", ["a@x"])
    assert tx.strays("anna") == frozenset({"b@x"})
    assert tx.strays_quoting("anna", BODY, ["line1"]) == frozenset()


def test_a_purge_takes_pages_and_strays_along(tx: Transaction) -> None:
    tx.save_entry("anna", an_entry("a@x"), NONE)
    tx.save_placements("anna", [a_placement("a@x", "t1")])
    tx.save_pages("anna", [kept(a_page("t1")), kept(a_page("t2"))])
    tx.save_strays("anna", [Stray(message_id="a@x", body=BODY, at=at(0))])
    tx.purge("anna", ["a@x"])
    assert tx.pages("anna") == (kept(a_page("t2")),)
    assert tx.strays("anna") == frozenset()


def test_reminders_are_found_by_every_message_they_are_about(tx: Transaction) -> None:
    first = a_reminder("a@x", covers=("a@x", "chaser@x"))
    tx.file_reminders("anna", [first, a_reminder("b@x")], at(0))
    for about in (["a@x"], ["chaser@x"], ["chaser@x", "a@x"]):
        assert [f.reminder for f in tx.reminders_about("anna", about)] == [first]
    assert tx.reminders_about("bob", ["a@x"]) == ()


def test_deliveries_are_chosen_by_state_and_problem(tx: Transaction) -> None:
    pending, failed = a_delivery("p"), a_delivery("f", state=DeliveryState.FAILED, problem="gone")
    sent = a_delivery("s", state=DeliveryState.SENT, sent_at=at(5))
    for delivery in (pending, failed, sent):
        tx.add_delivery(delivery)
    both = (DeliveryState.PENDING, DeliveryState.FAILED)
    assert set(tx.deliveries("anna", states=both)) == {pending, failed}
    assert tx.deliveries("anna", states=both, besides=("gone",)) == (pending,)
    assert tx.last_sent_at("anna", "email", "digest") == at(5)
    assert tx.last_sent_at("anna", "email", "health") is None


def test_mail_of_ours_is_found_by_key_with_its_time(tx: Transaction) -> None:
    key = frozenset({"subject:x"})
    for name, minutes in (("a@x", 0), ("b@x", 5)):
        sent = an_entry(name, minutes=minutes, direction=Direction.SENT)
        tx.save_entry("anna", sent, key | {"other"})
    tx.save_entry("anna", an_entry("theirs@x"), key)
    tx.save_entry("bob", an_entry("c@x", direction=Direction.SENT), key)
    found = tx.sent_with("anna", key | {"unknown"})
    assert {one: sorted(sent) for one, sent in found.items()} == {
        "subject:x": [(at(0), "a@x"), (at(5), "b@x")]
    }

"""What every store promises of changes, texts, pages of threads and strays."""

from __future__ import annotations

from dataclasses import replace

from inboxwatch.application.ports import Transaction
from inboxwatch.application.records import DeliveryState, Stray, ThreadPage
from inboxwatch.domain.keys import said_key
from inboxwatch.domain.overrides import Verb
from inboxwatch.domain.pages import Page, Spell
from inboxwatch.domain.threads import Direction
from inboxwatch.domain.verdict import Status
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

BODY = "kent.gov.uk"


def changed(tx: Transaction) -> tuple[tuple[str, ...], bool]:
    """What changed since this was last asked."""
    found = tx.changes("anna")
    tx.forget_changes("anna", found.last)
    return found.message_ids, found.everything


def a_page(thread_id: str, begun: int = 0, ended: int = 60, body: str = BODY) -> Page:
    spell = Spell(begun=at(begun), ended=at(ended), names=(" annual review ",), days=("2 march",))
    return Page(
        thread_id=thread_id,
        body=body,
        ids=(f"{thread_id}@x",),
        writers=(COUNCIL,),
        references=("kcc-12345",),
        spells=(spell,),
    )


def kept(page: Page, status: Status = Status.WAITING) -> ThreadPage:
    return ThreadPage(page=page, status=status)


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


def test_pages_are_replaced_counted_and_dropped(tx: Transaction) -> None:
    first, second = a_page("t1"), a_page("t2", 30)
    tx.save_pages("anna", [kept(first), kept(second, Status.REVIEW)])
    tx.save_pages("bob", [kept(first, Status.REVIEW)])
    assert set(tx.pages("anna")) == {kept(first), kept(second, Status.REVIEW)}
    assert tx.pages("anna", ["t1", "t9"]) == (kept(first),)
    assert tx.count_status("anna", Status.REVIEW) == 1
    tx.save_pages("anna", [kept(second, Status.OVERDUE)])
    assert tx.count_status("anna", Status.REVIEW) == 0
    tx.drop_pages("anna", ["t1", "t9"])
    assert tx.pages("anna") == (kept(second, Status.OVERDUE),)
    assert tx.pages("bob") == (kept(first, Status.REVIEW),)


def test_pages_are_found_by_the_time_they_were_open(tx: Transaction) -> None:
    tx.save_pages(
        "anna", [kept(a_page("t1")), kept(a_page("t2", 30)), kept(a_page("t3", body="b"))]
    )
    bare = Page(thread_id="t4", body=BODY, ids=(), writers=(), references=(), spells=())
    tx.save_pages("anna", [kept(bare)])

    def open_at(minutes: int) -> set[str]:
        return {page.thread_id for page in tx.pages_open_at("anna", BODY, at(minutes))}

    assert [open_at(n) for n in (-1, 0, 30, 59)] == [set(), {"t1"}, {"t1", "t2"}, {"t1", "t2"}]
    assert open_at(60) == set()
    assert tx.pages_open_at("bob", BODY, at(0)) == ()


def test_open_pages_are_found_by_the_names_that_words_say(tx: Transaction) -> None:
    called = replace(
        a_page("t1").spells[0], names=(" letter from the panel ", " bus pass for school ")
    )
    named = replace(a_page("t1"), spells=(called,))
    tx.save_pages("anna", [kept(named), kept(a_page("t2"))])

    def found(said: str, minutes: int = 0) -> tuple[Page, ...]:
        return tx.pages_named("anna", BODY, at(minutes), said)

    assert found(" about your bus pass for school and more ") == (named,)
    assert found(" letter from the panel ", 59) == (named,)
    assert found(" letter from the panel ", 60) == ()
    assert found(" your bus pass ") == ()
    assert tx.pages_named("bob", BODY, at(0), " letter from the panel ") == ()
    assert tx.pages_named("anna", "other.gov.uk", at(0), " letter from the panel ") == ()


def test_received_mail_is_found_by_its_time(tx: Transaction) -> None:
    tx.save_entry("anna", an_entry("a@x", minutes=0), NONE)
    tx.save_entry("anna", an_entry("b@x", minutes=5), NONE)
    tx.save_entry("anna", an_entry("s@x", minutes=5, direction=Direction.SENT), NONE)
    assert tx.received_between("anna", at(0), at(6), at_most=9) == {"a@x", "b@x"}
    assert tx.received_between("anna", at(0), at(5), at_most=9) == {"a@x"}
    assert len(tx.received_between("anna", at(0), at(6), at_most=1)) == 1
    assert tx.received_between("bob", at(0), at(6), at_most=9) == frozenset()


def test_pages_are_found_by_what_we_wrote(tx: Transaction) -> None:
    tx.save_entry("anna", an_entry("a@x"), frozenset({said_key(BODY, "line1")}))
    tx.save_placements("anna", [a_placement("a@x", "t1"), a_placement("a@x", "t2")])
    tx.save_pages("anna", [kept(a_page("t1")), kept(a_page("t2", body="other.gov.uk"))])
    assert tx.pages_saying("anna", BODY, ["line1", "line2"]) == {"line1": (a_page("t1"),)}
    assert tx.pages_saying("bob", BODY, ["line1"]) == {}


def test_strays_are_found_by_time_and_by_what_they_quote(tx: Transaction) -> None:
    for name in ("a@x", "b@x"):
        tx.save_entry("anna", an_entry(name), NONE)
    assert not tx.has_strays("anna", BODY)
    strays = [
        Stray(message_id="a@x", body=BODY, at=at(0), lines=("line1", "line2")),
        Stray(message_id="b@x", body="other.gov.uk", at=at(0)),
        Stray(message_id="purged@x", body=BODY, at=at(0), lines=("line1",)),
    ]
    tx.save_strays("anna", strays)
    tx.save_strays("anna", strays[:1])
    assert tx.has_strays("anna", BODY)
    assert not tx.has_strays("bob", BODY)
    assert tx.strays("anna") == frozenset({"a@x", "b@x"})
    assert tx.strays("anna", ["a@x", "z@x"]) == frozenset({"a@x"})
    assert tx.strays_between("anna", BODY, at(0), at(1)) == frozenset({"a@x"})
    assert tx.strays_between("anna", BODY, at(-1), at(0)) == frozenset()
    assert tx.strays_between("anna", BODY, at(0), at(1), [COUNCIL]) == frozenset({"a@x"})
    assert tx.strays_between("anna", BODY, at(0), at(1), ["b@x"]) == frozenset()
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

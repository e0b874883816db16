"""What every store promises of messages: in memory, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inboxwatch.application.ports import Store, Transaction
from inboxwatch.domain.errors import StoreError
from inboxwatch.domain.kinds import Classification, Evidence, Kind
from inboxwatch.domain.message import (
    Address,
    Attachment,
    FolderRole,
    Message,
    Report,
    ReportedRecipient,
    ReportType,
)
from inboxwatch.domain.threads import Direction, Entry
from tests.builders_store import COUNCIL, a_place, an_entry, at
from tests.strategies_store import TEXT, values_of

NONE: frozenset[str] = frozenset()
A_FIXTURE_IS_SHARED = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

FULL = Entry(
    message=Message(
        message_id="full@example.org",
        at=at(1),
        date=at(0),
        received_at=at(1),
        sender=Address(address="officer@kent.gov.uk", name="Zoë O'Neill"),
        to=(Address(address="parent@example.org", name="😀"), Address(address="b@example.org")),
        cc=(Address(address="cc@example.org"),),
        bcc=(Address(address="bcc@example.org"),),
        reply_to=(Address(address=COUNCIL),),
        subject="RE: Transport \x00\x10 \ud800",
        in_reply_to=("a@example.org",),
        references=("a@example.org", "b@example.org"),
        related_ids=("c@example.org",),
        thread_keys=("gmail:17", "thread-index:AdX"),
        headers=(("auto-submitted", "no"), ("received", "one"), ("received", "two")),
        own_text='Dear "parent"\n\\u0000 it is done.',
        quoted_text="> when?",
        content_types=("multipart/mixed", "text/plain"),
        calendar_method="REQUEST",
        attachments=(Attachment(name="plan.pdf", content_type="application/pdf", size=9),),
        report=Report(
            type=ReportType.DELIVERY,
            recipients=(ReportedRecipient(address="x@kent.gov.uk", action="failed"),),
            disposition_modifiers=("expired",),
            original_message_id="a@example.org",
        ),
        size=12_345,
        locations=(a_place(4), a_place(9, "Archive/2026", role=FolderRole.ARCHIVE)),
        defects=("the charset x-odd is unknown",),
        original_sha256="ab" * 32,
    ),
    classification=Classification(
        kind=Kind.UNSURE,
        evidence=(Evidence(text="it says", towards=Kind.HUMAN, weight=-1.5, source="wording"),),
        confidence=0.25,
        holding=True,
        promised_on=date(2026, 4, 1),
        machine_promise="within 20 working days",
        action="write elsewhere",
        needs_no_reply=True,
        case_references=("KCC-1234567",),
        fingerprint="f1",
        by_hand=True,
    ),
    direction=Direction.RECEIVED,
)


def test_what_was_stored_comes_back_as_it_was(tx: Transaction) -> None:
    assert tx.save_entry("anna", FULL, NONE) is True

    assert tx.entry("anna", FULL.message_id) == FULL
    found = tx.entries("anna")[0].message
    assert (found.at.tzinfo, found.date.tzinfo if found.date else None) == (UTC, UTC)


class _UndoneError(Exception):
    """Ends an example without leaving anything."""


@A_FIXTURE_IS_SHARED
@given(drawn=values_of(Entry), person=TEXT, keys=st.frozensets(TEXT, max_size=3))
def test_any_entry_comes_back_as_it_was(
    store: Store, drawn: Entry, person: str, keys: frozenset[str]
) -> None:
    spots = {(at.account, at.folder, at.uidvalidity, at.uid): at for at in drawn.message.locations}
    drawn = replace(drawn, message=replace(drawn.message, locations=tuple(spots.values())))
    with store.transaction() as tx:
        tx.save_entry(person, drawn, keys)
        assert tx.entries(person) == (drawn,)
        assert tx.entry(person, drawn.message_id) == drawn
        assert tx.entries_sharing(person, keys) == ((drawn,) if keys else ())
        assert tx.people() == (person,)
        tx.purge(person, [drawn.message_id])


def fail_after_writing(store: Store) -> None:
    with store.transaction() as tx:
        tx.save_entry("anna", an_entry("lost@x"), frozenset({"k"}))
        tx.set_setting("name", "value")
        tx.purge("anna", ["kept@x"])
        raise ZeroDivisionError


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    with store.transaction() as tx:
        tx.save_entry("anna", an_entry("kept@x"), NONE)
    with pytest.raises(ZeroDivisionError):
        fail_after_writing(store)

    with store.transaction() as tx:
        assert [e.message_id for e in tx.entries("anna")] == ["kept@x"]
        assert tx.setting("name") is None
        assert tx.entries_sharing("anna", frozenset({"k"})) == ()


def test_what_is_committed_is_seen_by_the_next_transaction(store: Store) -> None:
    with store.transaction() as tx:
        tx.save_entry("anna", FULL, NONE)
    with store.transaction(read_only=True) as tx:
        assert tx.entries("anna") == (FULL,)


def test_a_read_only_transaction_sees_one_moment_and_waits_for_no_writer(store: Store) -> None:
    with store.transaction(read_only=True) as reader:
        assert reader.entries("anna") == ()
        with store.transaction() as writer:
            writer.save_entry("anna", FULL, NONE)
        assert reader.entries("anna") == ()
    with store.transaction() as writer:
        writer.save_entry("anna", an_entry("b@x"), NONE)
        with store.transaction(read_only=True) as reader:
            assert reader.entries("anna") == (FULL,)


def test_a_read_only_transaction_writes_nothing(store: Store) -> None:
    with pytest.raises(StoreError), store.transaction(read_only=True) as tx:
        tx.set_setting("name", "value")
    with store.transaction() as tx:
        assert tx.setting("name") is None
        tx.set_setting("name", "now")
        assert tx.setting("name") == "now"


def test_the_same_message_again_is_not_new_and_gains_places_and_keys(tx: Transaction) -> None:
    first = an_entry("a@x", locations=(a_place(1),), subject="first")
    copy = an_entry("a@x", locations=(a_place(1), a_place(5, "Trash")), kind=Kind.BULK, minutes=9)
    assert tx.save_entry("anna", first, frozenset({"k1"})) is True
    assert tx.save_entry("anna", copy, frozenset({"k2"})) is False

    stored = tx.entries("anna")
    assert len(stored) == 1
    assert (stored[0].message.subject, stored[0].at) == ("first", at(0))
    assert stored[0].message.locations == (a_place(1), a_place(5, "Trash"))
    assert stored[0].classification.kind is Kind.HUMAN  # a review judges, and not a copy
    assert tx.entries_sharing("anna", frozenset({"k1"})) == stored
    assert tx.entries_sharing("anna", frozenset({"k2"})) == stored


def test_a_copy_brings_an_original_but_never_replaces_one(tx: Transaction) -> None:
    for sha256, expected in ((None, None), ("aa", "aa"), ("bb", "aa"), (None, "aa")):
        tx.save_entry("anna", an_entry("a@x", original_sha256=sha256), NONE)
        entry = tx.entry("anna", "a@x")
        assert entry is not None
        assert entry.message.original_sha256 == expected


def test_many_entries_are_stored_as_one_by_one(store: Store) -> None:
    batch = [
        (an_entry(f"{n % 900}@x", minutes=n, locations=(a_place(n),)), frozenset({f"k{n}"}))
        for n in range(1_200)
    ]
    with store.transaction() as tx:
        assert tx.save_entries("anna", batch[:3]) == ("0@x", "1@x", "2@x")
        assert tx.save_entries("anna", batch) == tuple(f"{n}@x" for n in range(3, 900))
        assert tx.save_entries("anna", batch) == ()
        assert len(tx.entries("anna")) == 900
        assert [e.message_id for e in tx.entries_sharing("anna", frozenset({"k905"}))] == ["5@x"]
        twice = tx.entry("anna", "5@x")
        assert twice is not None
        assert twice.message.locations == (a_place(5), a_place(905))
        assert tx.entries("anna", [f"{n}@x" for n in range(2_000)]) == tx.entries("anna")


def test_entries_come_in_order_of_time_whenever_they_arrived(tx: Transaction) -> None:
    for name, minutes in (("c@x", 5), ("é@x", 1), ("a@x", 1), ("Z@x", 1), ("b@x", -9)):
        tx.save_entry("anna", an_entry(name, minutes=minutes), frozenset({"k"}))

    ordered = ["b@x", "Z@x", "a@x", "é@x", "c@x"]
    assert [e.message_id for e in tx.entries("anna")] == ordered
    assert [e.message_id for e in tx.entries_sharing("anna", frozenset({"k"}))] == ordered
    assert [e.message_id for e in tx.entries("anna", ["c@x", "b@x", "no@x", "b@x"])] == [
        "b@x",
        "c@x",
    ]
    assert tx.entries("anna", []) == ()


def test_keys_find_each_message_once(tx: Transaction) -> None:
    tx.save_entry("anna", an_entry("a@x"), frozenset({"k1", "k2"}))
    tx.save_entry("anna", an_entry("b@x", minutes=1), frozenset({"k2", "k3" * 5_000}))
    tx.save_entry("anna", an_entry("c@x", minutes=2), frozenset({"other"}))

    found = tx.entries_sharing("anna", frozenset({"k1", "k2", "k3" * 5_000, "none"}))
    assert [e.message_id for e in found] == ["a@x", "b@x"]
    assert tx.entries_sharing("anna", NONE) == ()


def texts(tx: Transaction, person: str, fingerprint: str) -> tuple[str, ...]:
    return tx.texts_around(person, COUNCIL, fingerprint, at(-999), "")[1]


def test_people_see_nothing_of_each_other(tx: Transaction) -> None:
    tx.save_entry("anna", an_entry("a@x", fingerprint="f"), frozenset({"k"}))
    tx.save_entry("bob", an_entry("b@x", direction=Direction.SENT), frozenset({"k"}))
    tx.save_entry("bob", an_entry("a@x", subject="bob's copy"), NONE)
    tx.remember_sent_id("bob", "r@x")

    assert tx.people() == ("anna", "bob")
    assert [e.message.subject for e in tx.entries("anna")] == ["Your enquiry"]
    assert [e.message_id for e in tx.entries_sharing("anna", frozenset({"k"}))] == ["a@x"]
    assert tx.message_ids("anna", ["a@x", "b@x", "r@x"]) == frozenset({"a@x"})
    assert tx.our_ids("anna") == frozenset()
    assert tx.our_ids("bob") == frozenset({"b@x", "r@x"})
    assert texts(tx, "bob", "f") == ()
    assert tx.purge("bob", ["a@x"]) == 1
    assert len(tx.entries("anna")) == 1


def test_ours_are_the_messages_we_sent_and_the_reminders(tx: Transaction) -> None:
    tx.save_entry("anna", an_entry("sent@x", direction=Direction.SENT), NONE)
    tx.save_entry("anna", an_entry("got@x"), NONE)
    for _ in range(2):
        tx.remember_sent_id("anna", "reminder@x")
    tx.remember_sent_id("anna", "sent@x")

    asked = ["sent@x", "got@x", "reminder@x", "never@x"]
    assert tx.our_ids("anna") == frozenset({"sent@x", "reminder@x"})
    assert tx.message_ids("anna") == frozenset({"sent@x", "got@x", "reminder@x"})
    assert tx.message_ids("anna", asked) == frozenset({"sent@x", "got@x", "reminder@x"})
    assert tx.message_ids("anna", asked[1:2]) == frozenset({"got@x"})
    assert tx.message_ids("anna", (f"{n}@x" for n in range(3_000))) == frozenset()


def test_a_judgement_is_replaced_and_its_wording_counted(tx: Transaction) -> None:
    for n in range(3):
        tx.save_entry("anna", an_entry(f"{n}@x", fingerprint="same"), NONE)
    tx.save_entry("anna", an_entry("4@x", fingerprint="same", sender=None), NONE)
    tx.save_entry("anna", an_entry("5@x"), NONE)
    assert len(texts(tx, "anna", "same")) == 3

    changed = Classification(kind=Kind.ACKNOWLEDGEMENT, fingerprint="other", by_hand=True)
    again = [
        Entry(message=an_entry(name).message, classification=changed, direction=Direction.SENT)
        for name in ("1@x", "purged@x")
    ]
    tx.judge_entries("anna", [(entry, frozenset({"k9"})) for entry in again])

    entry = tx.entry("anna", "1@x")
    assert entry is not None
    assert (entry.classification, entry.direction) == (changed, Direction.SENT)
    assert tx.entries_sharing("anna", frozenset({"k9"})) == (entry,)
    assert len(texts(tx, "anna", "same")) == 2
    assert len(texts(tx, "anna", "other")) == 1
    assert len(tx.entries("anna")) == 5


def test_a_long_or_odd_id_is_found_like_any_other(tx: Transaction) -> None:
    for name in ("é" * 998, "x" * 20_000, "\x00@x", "\ud83d\ude00@x", "😀@x", "\x10@x", "'\"%@x"):
        assert tx.save_entry("anna", an_entry(name, locations=()), frozenset({name})) is True
        found = tx.entries_sharing("anna", frozenset({name}))
        assert [e.message_id for e in found] == [name]
        assert tx.entry("anna", name) == found[0]
    assert len(tx.entries("anna")) == 7

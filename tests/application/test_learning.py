"""A confirmed address is watched from the next poll on; what is undone is not."""

from __future__ import annotations

from inboxwatch.application.learning import with_learned
from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.keys import keys
from inboxwatch.domain.overrides import Override, Verb
from tests.builders import WATCH, from_council, from_us, moment, said
from tests.fakes_store import FakeStore

ASKED = from_us("2026-05-01 09:00", "asked@x")
OUTSIDE = from_council(
    "2026-05-02 09:00", message_id="heard@outside.example", sender="case@outside.example"
)


def a_store(*overrides: Override) -> FakeStore:
    store = FakeStore()
    with store.transaction() as tx:
        for entry in (ASKED, OUTSIDE):
            tx.save_entry("me", entry, keys(entry, WATCH))
        for override in overrides:
            tx.add_override("me", override)
    return store


def learned(store: FakeStore, person: str, watch: Watch) -> Watch:
    with store.transaction(read_only=True) as tx:
        return with_learned(tx, person, watch)


def test_nothing_said_adds_nothing() -> None:
    assert learned(a_store(), "me", WATCH) is WATCH


def test_a_message_linked_by_hand_adds_its_senders_domain() -> None:
    store = a_store(said(Verb.LINK, OUTSIDE, ASKED.message_id))

    watch = learned(store, "me", WATCH)

    assert watch.learned == (("outside.example", "kent.gov.uk"),)
    assert learned(store, "somebody else", WATCH) is WATCH


def test_what_was_undone_adds_nothing() -> None:
    store = a_store(said(Verb.LINK, OUTSIDE, ASKED.message_id))
    with store.transaction() as tx:
        (override,) = tx.overrides("me")
        tx.undo_override("me", override.id, moment("2026-05-03 09:00"))

    assert learned(store, "me", WATCH) is WATCH

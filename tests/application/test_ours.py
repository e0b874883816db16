"""A poll asks the store for the ids it needs: those that were announced, or all of them."""

from inboxwatch.application.ours import Ours
from tests.application.test_poll import both, run
from tests.fakes_store import FakeStore


def test_ids_that_were_announced_are_asked_for_and_not_all_of_them_loaded() -> None:
    store = FakeStore()
    run(store, both)
    with store.transaction() as tx:
        tx.remember_sent_id("me", "reminder@x")
    ours = Ours(store, "me")
    ours.expect(["asked@x", "reminder@x", "never@x"])
    with store.transaction() as tx:
        tx.remember_sent_id("me", "later@x")
    assert [ours(id) for id in ("asked@x", "reminder@x", "never@x")] == [True, True, False]
    assert ours("later@x")  # nobody announced it: now all are known
    ours.learn("new@x")
    ours.expect(["new@x"])
    assert ours("new@x")
    assert ours.every() == {"asked@x", "heard@x", "reminder@x", "later@x", "new@x"}


def test_where_many_ids_are_announced_all_of_ours_are_loaded() -> None:
    store = FakeStore()
    run(store, both)
    ours = Ours(store, "me")
    ours.expect(f"{n}@x" for n in range(1_000))
    ours.expect(["asked@x"])
    assert ours("asked@x")
    assert not ours("5@x")

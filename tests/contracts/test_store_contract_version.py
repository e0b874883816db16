"""What every store promises of its version: the same for as long as what was read still holds."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from inboxwatch.adapters.store import open_store
from inboxwatch.application.ports import Store
from tests.builders_store import a_poll


def test_reading_does_not_change_the_version(store: Store) -> None:
    before = store.version()
    with store.transaction(read_only=True) as tx:
        tx.setting("x")
    assert store.version() == before


def test_every_commit_changes_the_version_and_none_gives_an_earlier_one_again(
    store: Store,
) -> None:
    seen = {store.version()}
    for number in range(20):
        with store.transaction() as tx:
            tx.set_setting("x", str(number % 2))
        with store.transaction() as tx:
            tx.save_poll(a_poll(number))
        seen.add(store.version())
    assert len(seen) == 21


def test_what_was_begun_before_the_version_was_asked_and_committed_after_it_changes_it(
    store: Store,
) -> None:
    with ThreadPoolExecutor(1) as pool, store.transaction() as tx:
        tx.set_setting("x", "1")
        before = pool.submit(store.version).result(10)
        again = pool.submit(store.version).result(10)
    assert again == before
    assert store.version() != before


def test_what_was_rolled_back_need_not_be_read_again(store: Store) -> None:
    with suppress(ZeroDivisionError), store.transaction() as tx:
        tx.set_setting("x", "1")
        raise ZeroDivisionError
    before = store.version()
    with store.transaction(read_only=True) as tx:
        assert tx.setting("x") is None
    assert store.version() == before


def test_what_was_noted_is_there_and_hides_no_other_commit(store: Store) -> None:
    seen = store.version()
    store.note([a_poll(1), a_poll(2, account="work")])
    with store.transaction(read_only=True) as tx:
        assert tx.last_poll("home") == a_poll(1)
        assert tx.last_poll("work") == a_poll(2, account="work")
    for number in range(5):
        with store.transaction() as tx:
            tx.set_setting("x", str(number))
        store.note([a_poll(number)])
        assert store.version() != seen
        seen = store.version()


@pytest.mark.parametrize("store", ["memory", "sqlite"], indirect=True)
def test_notes_do_not_have_anything_read_again(store: Store) -> None:
    """PostgreSQL counts its own commits too: there, what was read is read again."""
    before = store.version()
    for number in range(3):
        store.note([a_poll(number)])
    assert store.version() == before


def test_a_note_that_fails_leaves_nothing_behind(store: Store) -> None:
    before = store.version()
    with pytest.raises(AttributeError):
        store.note([a_poll(1), None])  # type: ignore[list-item]
    with store.transaction() as tx:
        assert tx.last_poll("home") is None
        tx.save_poll(a_poll(3))
    assert store.version() != before
    store.note([a_poll(4)])
    with store.transaction(read_only=True) as tx:
        assert tx.last_poll("home") == a_poll(4)


def test_while_a_note_waits_for_another_writer_the_version_is_not_waited_for(url: str) -> None:
    store = open_store(url)
    known = store.version()
    with ThreadPoolExecutor(1) as pool:
        with store.transaction() as tx:
            tx.set_setting("x", "1")
            noting = pool.submit(store.note, [a_poll(1)])
            seen = {store.version() for _ in range(100)}
            assert not noting.done()
        noting.result(30)
    assert seen
    assert store.version() not in seen | {known}
    with store.transaction(read_only=True) as tx:
        assert tx.last_poll("home") == a_poll(1)
    store.close()


WRITING = """
import sys
from inboxwatch.adapters.store import open_store
store = open_store(sys.argv[1])
with store.transaction() as tx:
    tx.set_setting("x", "1")
store.close()
"""


def test_another_program_that_writes_changes_the_version(url: str) -> None:
    store = open_store(url)
    before = store.version()
    subprocess.run([sys.executable, "-c", WRITING, url], check=True, timeout=60)
    assert store.version() != before
    store.close()


def test_a_store_that_cannot_be_asked_never_has_the_same_version(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever reads then is told why; nobody goes on with what was read before."""
    store = open_store(url)
    known = store.version()
    assert store._version._connection is not None
    store._version._connection.connection.cursor().connection.close()
    monkeypatch.setattr(store._engine, "connect", away)
    versions = {known, store.version(), store.version()}
    assert len(versions) == 3
    store.close()


def away() -> None:
    raise OSError


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A store that programs can share."""
    if request.param == "sqlite":
        return str(tmp_path / "store.db")
    return str(request.getfixturevalue("postgres_url"))

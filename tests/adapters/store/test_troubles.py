"""A full disk, a lock, a broken file, a server that is not there: each said, nothing lost."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from inboxwatch.adapters.store import backup, open_store, restore
from inboxwatch.adapters.store.faults import StoreDamaged
from inboxwatch.domain.errors import StoreError
from tests.builders_store import an_entry
from tests.servers.postgres import PostgresServer

CANARY = "canary-of-a-mail"


def test_a_full_store_says_so_and_keeps_what_was_committed(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = open_store(path)
    with store.transaction() as tx:
        tx.save_entry("anna", an_entry("kept@x"), frozenset())

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages + 2}").close()

    store.close()
    sa.event.listen(store._engine, "connect", limit)
    with pytest.raises(StoreError, match="the disk is full") as caught, store.transaction() as tx:
        tx.save_original(os.urandom(100_000))
    assert str(path) in caught.value.problem
    assert "space" in caught.value.remedy
    with store.transaction() as tx:
        assert len(tx.entries("anna")) == 1
    store.close()


FILLING = """
import os, sys
from inboxwatch.adapters.store import backup, open_store, restore
from inboxwatch.domain.errors import StoreError
store = open_store(sys.argv[1])
try:
    for n in range(100):
        with store.transaction() as tx:
            tx.set_setting("n", str(n))
            tx.save_original(os.urandom(50_000))
except StoreError as error:
    print(error.problem, error.remedy, sep="\\n")
with store.transaction(read_only=True) as tx:
    print(tx.setting("n"), tx.counts().originals)
"""


def test_a_disk_that_takes_no_more_loses_nothing_committed(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    ended = subprocess.run(
        [sys.executable, "-c", FILLING, str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000)),
    )
    problem, remedy, held = ended.stdout.splitlines()
    assert str(path) in problem
    assert "full" in problem
    assert "space" in remedy
    last, originals = (int(word) for word in held.split())
    assert 0 < last < 99
    assert originals == last + 1


def test_a_locked_store_says_so(tmp_path: Path) -> None:
    store = open_store(tmp_path / "store.db")
    with closing(sqlite3.connect(tmp_path / "store.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        def impatient(connection: sqlite3.Connection, _record: object) -> None:
            connection.execute("PRAGMA busy_timeout=10").close()

        store.close()
        sa.event.listen(store._engine, "connect", impatient)
        with pytest.raises(StoreError, match="is locked"), store.transaction():
            pass
    with store.transaction() as tx:
        assert tx.people() == ()
    store.close()


def test_a_file_that_is_no_store_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"\xff\xd8\xff" * 4_000)
    with pytest.raises(StoreDamaged, match="is not an inboxwatch store"):
        open_store(path)
    assert path.read_bytes() == b"\xff\xd8\xff" * 4_000


def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "places.sqlite"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE bookmarks (url TEXT)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        open_store(path, migrate=True)
    open_store(tmp_path / "store.db").close()
    backup(tmp_path / "store.db", tmp_path / "backup.zip")
    with pytest.raises(StoreError, match="another program"):
        restore(tmp_path / "backup.zip", path, force=True)
    assert path.read_bytes() == before


def read_all(path: Path) -> None:
    store = open_store(path)
    try:
        with store.transaction() as tx:
            tx.entries("anna")
    finally:
        store.close()


def test_a_damaged_store_says_so(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = open_store(path)
    with store.transaction() as tx:
        tx.save_entries("anna", [(an_entry(f"{n}@x"), frozenset()) for n in range(500)])
    store.close()
    whole = bytearray(path.read_bytes())
    whole[4096 * 2 :] = b"\x55" * (len(whole) - 4096 * 2)
    path.write_bytes(whole)
    with pytest.raises(StoreDamaged, match="is damaged") as caught:
        read_all(path)
    assert "inboxwatch restore" in caught.value.remedy


def test_a_damaged_row_or_original_is_seen(tmp_path: Path) -> None:
    store = open_store(tmp_path / "store.db")
    with store.transaction() as tx:
        tx.save_entry("anna", an_entry("a@x"), frozenset())
        sha256 = tx.save_original(b"raw")
    with closing(sqlite3.connect(tmp_path / "store.db")) as other:
        other.execute(f'UPDATE messages SET message = \'{{"v":1,"{CANARY}":1}}\'')
        other.execute("UPDATE originals SET content = x'00'")
        other.commit()
    with store.transaction(read_only=True) as tx:
        with pytest.raises(StoreError, match="a row of messages cannot be read") as caught:
            tx.entries("anna")
        assert CANARY not in caught.value.problem
        with pytest.raises(StoreError, match="is damaged"):
            tx.original(sha256)
    store.close()


def test_a_folder_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"not a folder|does not exist|exists already"):
        open_store(tmp_path / "file" / "store.db")
    with pytest.raises(StoreError, match=r"is a folder|cannot be opened"):
        open_store(tmp_path)


def test_a_server_that_is_not_there_says_so_without_the_password(tmp_path: Path) -> None:
    for where in (f"@/anna?host={tmp_path}", "@127.0.0.1:1/anna"):
        with pytest.raises(StoreError, match="cannot be reached") as caught:
            open_store(f"postgresql://anna:{CANARY}{where}")
        assert "'anna'" in caught.value.problem
        assert CANARY not in caught.value.problem + caught.value.remedy


def test_a_database_that_is_not_there_says_so(postgres: PostgresServer) -> None:
    with pytest.raises(StoreError, match="no such database"):
        open_store(postgres.dsn("nowhere"))
    with pytest.raises(StoreError, match="refused the user"):
        open_store(postgres.dsn("postgres").replace("postgres@", "nobody@"))


@pytest.mark.parametrize(
    "url", ["mysql://anna:{}@x/y", "sqlite://", "postgresql://anna:{}@[::1/x", "://{}", "a b://{}"]
)
def test_a_url_that_is_not_understood_is_not_repeated(url: str) -> None:
    with pytest.raises(StoreError, match="neither a file nor PostgreSQL") as caught:
        open_store(url.format(CANARY))
    assert CANARY not in caught.value.problem


def open_files(folder: Path) -> list[str]:
    found = []
    for number in os.listdir("/proc/self/fd"):
        with suppress(OSError):
            found.append(os.readlink(f"/proc/self/fd/{number}"))
    return [name for name in found if name.startswith(str(folder))]


def test_a_store_that_is_closed_under_a_transaction_lets_go_when_that_ends(tmp_path: Path) -> None:
    store = open_store(tmp_path / "store.db")
    with store.transaction() as tx:
        store.close()
        tx.save_entry("anna", an_entry("kept@x"), frozenset())
    assert open_files(tmp_path) == []

    again = open_store(tmp_path / "store.db")
    with again.transaction(read_only=True) as tx:
        assert len(tx.entries("anna")) == 1
    again.close()

"""Several programs at one store: nothing lost, nothing twice, nothing damaged, nothing logged."""

from __future__ import annotations

import logging
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from inboxwatch.adapters.store import open_store, schema_state
from inboxwatch.adapters.store.engine import place_of
from inboxwatch.adapters.store.tables import locations, message_keys, messages, metadata
from tests.builders_store import NINE, a_delivery, a_place, an_entry, at

WRITING = """
import sys
from inboxwatch.adapters.store import open_store
from inboxwatch.application.records import Delivery
from tests.builders_store import NINE, a_delivery, a_place, a_reminder, an_entry
url, name = sys.argv[1:]
store = open_store(url)
for n in range(25):
    with store.transaction() as tx:
        tx.set_setting("count", str(int(tx.setting("count") or "0") + 1))
        new = tx.save_entry("anna", an_entry(f"{n}@x", locations=(a_place(n, name),)), frozenset())
        filed = tx.file_reminders("anna", [a_reminder(f"{n}@x")], NINE)
        assert bool(filed) == tx.add_delivery(a_delivery(f"d{n}")) == new
    with store.transaction(read_only=True) as tx:
        tx.entries("anna")
store.close()
"""


def test_two_programs_that_make_and_fill_one_store_lose_nothing(url: str) -> None:
    running = [
        subprocess.Popen([sys.executable, "-c", WRITING, url, name], stderr=subprocess.PIPE)
        for name in ("one", "two")
    ]
    errors = [program.communicate(timeout=120)[1].decode() for program in running]
    assert [program.returncode for program in running] == [0, 0], errors

    store = open_store(url)
    with store.transaction() as tx:
        assert tx.setting("count") == "50"
        found = tx.entries("anna")
        assert len(found) == 25
        assert all({place.folder for place in e.message.locations} == {"one", "two"} for e in found)
        assert len(tx.filed_reminders("anna")) == 25
        assert len(tx.deliveries("anna")) == 25
    store.close()
    if place_of(url).path is not None:
        with closing(sqlite3.connect(url)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


KILLED = """
import os, signal, sys
from inboxwatch.adapters.store import open_store
from tests.builders_store import a_delivery, an_entry
store = open_store(sys.argv[1])
with store.transaction() as tx:
    tx.add_delivery(a_delivery("committed"))
with store.transaction() as tx:
    tx.add_delivery(a_delivery("not committed"))
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_program_that_is_killed_leaves_what_it_committed_and_no_lock(url: str) -> None:
    ended = subprocess.run([sys.executable, "-c", KILLED, url], timeout=60, check=False)
    assert ended.returncode == -9
    store = open_store(url)
    with store.transaction() as tx:
        assert [d.id for d in tx.deliveries("anna")] == ["committed"]
    store.close()


def test_a_delivery_is_claimed_by_one_of_many_workers(url: str) -> None:
    store = open_store(url)
    with store.transaction() as tx:
        for n in range(10):
            tx.add_delivery(a_delivery(f"d{n}"))
    claimed: list[str] = []

    def work() -> None:
        mine = open_store(url)
        for _ in range(10):
            with mine.transaction() as tx:
                pending = tx.pending_deliveries(NINE)
                for delivery in pending[:1]:
                    later = {"attempts": 1, "not_before": NINE + timedelta(minutes=5)}
                    tx.update_delivery(a_delivery(delivery.id, **later))
                    claimed.append(delivery.id)
        mine.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(claimed) == [f"d{n}" for n in range(10)]
    with store.transaction(read_only=True) as tx:
        assert tx.pending_deliveries(NINE) == ()
        assert len(tx.pending_deliveries(at(6))) == 10
    store.close()


def test_threads_may_share_a_store(url: str) -> None:
    store = open_store(url)

    def work(name: str) -> None:
        for n in range(10):
            with store.transaction() as tx:
                tx.save_entry(name, an_entry(f"{n}@x", locations=(a_place(n),)), frozenset({"k"}))

    threads = [threading.Thread(target=work, args=(name,)) for name in ("anna", "bob", "cem")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.transaction(read_only=True) as tx:
        assert [len(tx.entries(name)) for name in tx.people()] == [10, 10, 10]
    store.close()


def test_no_mail_and_no_secret_is_logged_at_any_level(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("sqlalchemy", "alembic", "psycopg"):
        caplog.set_level(logging.DEBUG, logger=name)
    store = open_store(url)
    with store.transaction() as tx:
        entry = an_entry("canary-id@x", subject="canary-subject", own_text="canary-body")
        tx.save_entry("canary-person", entry, frozenset({"canary-key"}))
        tx.set_setting("local-secret", "canary-secret")
        tx.entries("canary-person")
        tx.setting("local-secret")
    store.close()
    assert schema_state(url).is_current
    assert "canary" not in caplog.text


@pytest.mark.parametrize(
    ("condition", "index"),
    [
        (messages.c.digest == b"x", "sqlite_autoindex_messages_1"),
        (messages.c.person == "x", "ix_messages_person"),
        (
            (messages.c.sender_key == b"x") & (messages.c.wording_key == b"y"),
            "ix_messages_sender_key_wording_key",
        ),
        (message_keys.c.key == b"x", "PRIMARY KEY"),
        (message_keys.c.message == b"x", "ix_message_keys_message"),
        (
            (locations.c.folder_key == b"x") & (locations.c.uidvalidity == 7),
            "ix_locations_folder_key_uidvalidity_uid",
        ),
        (locations.c.message == b"x", "ix_locations_message"),
        (metadata.tables["deliveries"].c.state == "pending", "ix_deliveries_state_created_at"),
    ],
)
def test_what_every_poll_asks_is_answered_by_an_index(
    condition: sa.ColumnElement[bool], index: str, tmp_path: Path
) -> None:
    path = tmp_path / "store.db"
    open_store(path).close()
    (table,) = {
        column.table
        for column in sa.sql.visitors.iterate(condition)
        if isinstance(column, sa.Column)
    }
    engine = sa.create_engine(place_of(path).url)
    query = sa.select(table).where(condition).compile(engine)
    with engine.connect() as connection:
        plan = connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {query}",
            tuple(query.params[name] for name in query.positiontup or ()),
        ).all()
    engine.dispose()
    assert index in str(plan)
    assert "SCAN" not in str(plan)

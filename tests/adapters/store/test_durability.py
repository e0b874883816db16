"""What waits for the disk: everything but what a poll can read again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from inboxwatch.adapters.store import SqlStore, open_store
from inboxwatch.application.recording import Recorder
from inboxwatch.application.records import Delivery
from inboxwatch.application.remind import remind
from tests.builders_store import a_delivery, a_poll, at

QUESTIONS = {"sqlite": "PRAGMA synchronous", "postgresql": "SHOW synchronous_commit"}
WAITS = {"sqlite": "2", "postgresql": "on"}  # 2 is FULL
WAITS_NOT = {"sqlite": "1", "postgresql": "off"}  # 1 is NORMAL


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    """A store whose database waits for the disk; that of the tests is told not to."""
    joined = "&" if "?" in url else "?"
    strict = f"{url}{joined}options=-csynchronous_commit%3Don" if "://" in url else url
    opened = open_store(strict)
    yield opened
    opened.close()


def asked(store: SqlStore, *, durable: bool = True) -> str:
    """How the database commits inside a transaction."""
    with store.transaction(durable=durable) as tx:
        connection = tx._sql._connection
        return str(connection.exec_driver_sql(QUESTIONS[connection.dialect.name]).scalar())


def test_a_commit_waits_for_the_disk_unless_it_need_not(store: SqlStore) -> None:
    name = store._engine.dialect.name
    # In turn on one connection: what one transaction asked for must not stay for the next.
    found = [asked(store, durable=durable) for durable in (True, False, True, False, False, True)]
    yes, no = WAITS[name], WAITS_NOT[name]
    assert found == [yes, no, yes, no, no, yes]


def test_the_record_of_a_poll_does_not_wait(store: SqlStore) -> None:
    """It says what was read, and that can be read again."""
    modes: list[str] = []
    question = QUESTIONS[store._engine.dialect.name]

    def note(connection: sa.Connection) -> None:
        modes.append(str(connection.exec_driver_sql(question).scalar()))

    sa.event.listen(store._engine, "commit", note)
    record = Recorder(store, notes_may_wait=True)
    record(a_poll(1))
    record.note(a_poll(2))
    record.flush()
    sa.event.remove(store._engine, "commit", note)
    assert modes == [WAITS_NOT[store._engine.dialect.name]] * 2


def test_what_is_sent_and_all_that_led_to_it_is_on_the_disk_first(store: SqlStore) -> None:
    """A review does not wait; the commit that counts the attempt does, before it is made."""
    question = QUESTIONS[store._engine.dialect.name]
    happened: list[str] = []

    def note(connection: sa.Connection) -> None:
        happened.append(str(connection.exec_driver_sql(question).scalar()))

    class Letterbox:
        name = "email"

        def accepts(self, type: str) -> bool:
            return True

        def send(self, delivery: Delivery) -> None:
            happened.append(f"sent at attempt {delivery.attempts}")

    with store.transaction(durable=False) as tx:
        tx.add_delivery(a_delivery("d1"))
    sa.event.listen(store._engine, "commit", note)
    result = remind(store, [Letterbox()], now=lambda: at(600), secret=b"secret")
    sa.event.remove(store._engine, "commit", note)

    assert result.sent == ("d1",)
    sending = happened.index("sent at attempt 1")
    assert happened[sending - 1] == WAITS[store._engine.dialect.name]

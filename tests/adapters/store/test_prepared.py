"""A prepared statement gives what SQLAlchemy gives for it, on each database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Select, bindparam, func, select, union_all

from inboxwatch.adapters.store import migrate
from inboxwatch.adapters.store.engine import begin, connect, place_of
from inboxwatch.adapters.store.prepared import Prepared
from inboxwatch.adapters.store.sql import CHUNK, Sql, is_among
from inboxwatch.adapters.store.tables import messages, settings, unplaced
from inboxwatch.domain.errors import StoreError

CANARY = "canary-of-a-mail"
AT = datetime(2026, 3, 2, 9, 30, 0, 123_456, tzinfo=UTC)
ODD = ("plain", "", "a\0b", "\x10 escaped", "lone \ud800", "naïve", "100 % ${x} :name")
NAMED = Prepared(select(settings).where(is_among(settings.c.name)).order_by(settings.c.name))


@pytest.fixture
def sql(url: str) -> Iterator[Sql]:
    """The statements of one writing transaction on an empty store."""
    migrate(url)
    engine = connect(place_of(url))
    with begin(engine, read_only=False) as connection:
        yield Sql(connection, "store of anna")
        connection.rollback()
    engine.dispose()


def a_message(number: int) -> dict[str, Any]:
    return {
        "digest": number.to_bytes(16, "big"),
        "person": "anna",
        "message_id": f"{number}{ODD[number % len(ODD)]}@example.org",
        "at": AT + timedelta(seconds=number),
        "direction": "sent" if number % 2 else "received",
        "original_sha256": None,
        "sender_key": b"s",
        "wording_key": None,
        "classification": "{}",
        "message": "{}",
    }


def test_what_is_written_is_read_as_it_was(sql: Sql) -> None:
    rows = [a_message(number) for number in range(20)]
    assert sql.run(Prepared(messages.insert()), rows) == 20
    plain = select(messages).order_by(messages.c.at)
    assert [row._asdict() for row in sql.rows(Prepared(plain))] == rows
    assert [tuple(row) for row in sql.rows(Prepared(plain))] == [tuple(r) for r in sql.rows(plain)]


@pytest.mark.parametrize("count", [1, 2, 3, CHUNK, CHUNK + 1])
def test_lists_of_any_length_are_found(sql: Sql, count: int) -> None:
    rows = [{"name": f"{number:05}", "value": ODD[number % len(ODD)]} for number in range(count)]
    sql.put(settings, rows)
    found = sql.among(NAMED, [*(row["name"] for row in rows), "none"])
    assert [row._asdict() for row in found] == rows


def half(direction: str) -> Select[Any]:
    its = messages.c
    until = its.at < bindparam("until")
    return select(its.at, its.digest).where(is_among(its.digest), its.direction == direction, until)


def test_a_parameter_may_stand_at_several_places_beside_what_the_statement_says(sql: Sql) -> None:
    rows = [a_message(number) for number in range(8)]
    sql.run(Prepared(messages.insert()), rows)
    both = Prepared(union_all(half("sent"), half("received")))
    for until in (3, 6):
        wanted = [row["digest"] for row in rows]
        found = sql.among(both, wanted, {"until": rows[until]["at"]})
        assert {(row.at, row.digest) for row in found} == {
            (row["at"], row["digest"]) for row in rows[:until]
        }


def test_columns_without_a_name_are_read_in_order(sql: Sql) -> None:
    sql.put(settings, [{"name": "one", "value": "1"}])
    count = select(func.count()).select_from(settings).scalar_subquery()
    assert tuple(sql.rows(Prepared(select(count, count)))[0]) == (1, 1)


def test_rows_are_counted(sql: Sql) -> None:
    sql.put(settings, [{"name": name, "value": "1"} for name in ("one", "two", "three")])
    sql.put(settings, [{"name": "two", "value": "2"}])
    drop = Prepared(settings.delete().where(is_among(settings.c.name)))
    assert sql.run_among(drop, ["one", "two", "four"]) == 2
    assert [tuple(row) for row in sql.rows(select(settings))] == [("three", "1")]
    rename = Prepared(settings.update().where(settings.c.name == bindparam("its")))
    assert sql.run(rename, [{"its": "three", "name": CANARY}]) == 1
    assert sql.run(Prepared(settings.delete())) == 1


def test_what_the_driver_says_of_a_row_is_not_in_the_error(sql: Sql) -> None:
    stray = {"message": CANARY.encode(), "person": CANARY, "body_key": None, "at": AT}
    with pytest.raises(StoreError) as caught:
        sql.run(Prepared(unplaced.insert()), [stray])
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert CANARY not in str(caught.value)

"""The three stores that keep the same contract: in memory, SQLite, PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from inboxwatch.adapters.store import migrate, open_store
from inboxwatch.adapters.store.tables import metadata
from inboxwatch.application.ports import Store, Transaction
from tests.fakes_store import FakeStore
from tests.servers.postgres import PostgresServer


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated store without rows, to be copied."""
    path = tmp_path_factory.mktemp("store") / "empty.db"
    migrate(path)
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres: PostgresServer) -> Iterator[str]:
    """A migrated database that is emptied before each test."""
    with postgres.database() as name:
        migrate(postgres.url(name))
        yield postgres.url(name)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    if request.param == "memory":
        yield FakeStore()
        return
    if request.param == "sqlite":
        url = str(tmp_path / "store.db")
        shutil.copyfile(request.getfixturevalue("empty_sqlite"), url)
    else:
        url = request.getfixturevalue("migrated_postgres")
        _empty(url)
    opened = open_store(url)
    yield opened
    opened.close()


@pytest.fixture
def tx(store: Store) -> Iterator[Transaction]:
    """A transaction of an empty store."""
    with store.transaction() as transaction:
        yield transaction


def _empty(url: str) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        names = ", ".join(table.name for table in metadata.sorted_tables)
        connection.execute(sa.text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    engine.dispose()

"""The schema: migrations and tables say the same, old and new stores are told apart."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import inboxwatch
from inboxwatch.adapters.store import (
    Migrated,
    SchemaState,
    backup,
    migrate,
    open_store,
    restore,
    schema_state,
)
from inboxwatch.adapters.store import engine as engines
from inboxwatch.adapters.store.engine import place_of
from inboxwatch.adapters.store.schema import make, migrations_folder, upgrade
from inboxwatch.adapters.store.tables import SCHEMA, VERSION_TABLE, metadata
from inboxwatch.domain.errors import SchemaOutOfDate, StoreError
from tests.builders_store import an_entry


def empty(url: str) -> sa.Engine:
    place = place_of(url)
    if place.path is not None:
        engines.make_file(place.path)
    return engines.connect(place)


def fill(url: str) -> None:
    store = open_store(url)
    with store.transaction() as tx:
        tx.save_entry("anna", an_entry("a@x"), frozenset({"k"}))
    store.close()


def run(url: str, statement: str) -> None:
    engine = sa.create_engine(place_of(url).url)
    with engine.begin() as connection:
        connection.execute(sa.text(statement))
    engine.dispose()


def pretend(url: str, schema: str) -> None:
    run(url, f"UPDATE {VERSION_TABLE} SET version_num = '{schema}'")


def test_a_new_store_is_what_the_migrations_make(url: str) -> None:
    """Table by table, column by column, key by key; the version too."""

    def told(connection: sa.Connection) -> object:
        look = sa.inspect(connection)
        tables = sorted(look.get_table_names())
        assert VERSION_TABLE in tables
        version = connection.execute(sa.text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()
        keys = (look.get_unique_constraints, look.get_foreign_keys, look.get_check_constraints)
        parts = (look.get_columns, look.get_indexes, *keys)
        return version, [
            (name, repr(look.get_pk_constraint(name)), *(sorted(map(repr, p(name))) for p in parts))
            for name in tables
        ]

    engine = empty(url)
    with engines.begin(engine, read_only=False) as connection:
        make(connection)
        made = told(connection)
        connection.rollback()
    with engines.begin(engine, read_only=False) as connection:
        upgrade(connection)
        assert told(connection) == made
        connection.rollback()
    engine.dispose()


def test_the_tables_are_those_of_the_migrations(url: str) -> None:
    engine = empty(url)
    with engines.begin(engine, read_only=False) as connection:
        upgrade(connection)
        connection.commit()
    engine.dispose()
    engine = sa.create_engine(place_of(url).url)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": VERSION_TABLE, "compare_type": True}
        )
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_schema_named_in_the_program_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    script = ScriptDirectory.from_config(config)
    assert script.get_current_head() == SCHEMA
    revisions = [revision.revision for revision in script.walk_revisions()]
    # Older and newer are told apart by comparing these texts.
    assert revisions == sorted(revisions, reverse=True)
    assert all(len(revision) == 4 and revision.isdigit() for revision in revisions)


def test_the_migrations_are_found_beside_the_package_and_inside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (migrations_folder() / "env.py").is_file()
    package = tmp_path / "100% site-packages" / "inboxwatch"
    shutil.copytree(migrations_folder(), package / "migrations")
    monkeypatch.setattr(inboxwatch, "__file__", str(package / "__init__.py"))
    assert migrations_folder() == package / "migrations"
    migrate(tmp_path / "store.db")
    assert schema_state(tmp_path / "store.db").is_current


def test_a_store_is_made_where_there_is_none(url: str) -> None:
    assert schema_state(url) == SchemaState(current=None)
    fill(url)
    assert schema_state(url) == SchemaState(current=SCHEMA)
    assert migrate(url) == Migrated(before=SCHEMA, after=SCHEMA)


def test_asking_for_the_schema_makes_no_file(tmp_path: Path) -> None:
    assert schema_state(tmp_path / "none" / "store.db").is_empty
    assert list(tmp_path.iterdir()) == []


def test_an_older_store_is_refused_until_it_is_migrated(url: str) -> None:
    fill(url)
    pretend(url, "0000")
    with pytest.raises(SchemaOutOfDate, match="an older inboxwatch") as caught:
        open_store(url)
    assert "`inboxwatch migrate`" in caught.value.remedy


def test_a_newer_store_is_refused_whatever_is_asked(url: str, tmp_path: Path) -> None:
    fill(url)
    pretend(url, "0999")
    with pytest.raises(SchemaOutOfDate, match="a newer inboxwatch") as caught:
        open_store(url)
    assert "inboxwatch migrate" in caught.value.remedy
    with pytest.raises(SchemaOutOfDate):
        open_store(url, migrate=True)
    with pytest.raises(SchemaOutOfDate):
        migrate(url, backup_to=tmp_path / "copy")
    backup(url, tmp_path / "newer.zip")
    with pytest.raises(SchemaOutOfDate):
        restore(tmp_path / "newer.zip", tmp_path / "other.db")
    assert not (tmp_path / "copy").exists()


def older(url: str) -> None:
    """Make a store as a program would have left it before its first migration was run."""
    run(url, f"DELETE FROM {VERSION_TABLE}")
    run(url, f"INSERT INTO {VERSION_TABLE} VALUES ('0000')")


def test_a_store_is_copied_before_it_is_migrated(url: str, tmp_path: Path) -> None:
    fill(url)
    older(url)
    copy = tmp_path / "before"
    # 0000 is a schema that this program never had, so the migration fails after the copy.
    with pytest.raises(StoreError, match="not known"):
        migrate(url, backup_to=copy)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert schema_state(url).current == "0000"
    if place_of(url).path is not None:
        with closing(sqlite3.connect(copy)) as copied:
            assert copied.execute("SELECT count(*) FROM messages").fetchone() == (1,)
    with pytest.raises(StoreError, match="exists already"):
        migrate(url, backup_to=copy)


def test_an_empty_store_needs_no_copy(url: str, tmp_path: Path) -> None:
    assert migrate(url, backup_to=tmp_path / "copy") == Migrated(before=None, after=SCHEMA)
    assert not (tmp_path / "copy").exists()


def test_a_migration_that_fails_leaves_nothing_half_done(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate(url)
    pretend(url, "0001")
    folder = tmp_path / "inboxwatch" / "migrations"
    shutil.copytree(migrations_folder(), folder, ignore=shutil.ignore_patterns(f"{SCHEMA}*"))
    (folder / "versions" / f"{SCHEMA}_broken.py").write_text(
        '"""Fails after its first statement."""\n'
        "import sqlalchemy as sa\n"
        "from alembic import op\n"
        f'revision = "{SCHEMA}"\n'
        'down_revision = "0001"\n'
        "def upgrade():\n"
        '    op.create_table("half", sa.Column("number", sa.Integer))\n'
        '    op.execute("INSERT INTO nowhere VALUES (1)")\n'
    )
    monkeypatch.setattr(inboxwatch, "__file__", str(folder.parent / "__init__.py"))
    with pytest.raises(StoreError):
        migrate(url)
    assert schema_state(url).current == "0001"
    engine = sa.create_engine(place_of(url).url)
    assert "half" not in sa.inspect(engine).get_table_names()
    engine.dispose()


def test_only_the_owner_may_read_a_store(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store = open_store(tmp_path / "one" / "two" / "store.db")
        with store.transaction() as tx:
            tx.set_setting("local-secret", "x")
            modes = {
                path.name: stat.S_IMODE(path.stat().st_mode)
                for path in (tmp_path / "one" / "two").iterdir()
            }
        store.close()
    finally:
        os.umask(before)
    assert modes == {"store.db": 0o600, "store.db-wal": 0o600, "store.db-shm": 0o600}
    assert stat.S_IMODE((tmp_path / "one" / "two").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("given", "driver", "path"),
    [
        ("store.db", "sqlite+pysqlite", "store.db"),
        ("/a b/store%20.db", "sqlite+pysqlite", "/a b/store%20.db"),
        ("sqlite:////var/store.db", "sqlite+pysqlite", "/var/store.db"),
        ("postgresql://anna@db/inboxwatch", "postgresql+psycopg", None),
        ("postgres://anna@db/inboxwatch", "postgresql+psycopg", None),
        ("postgresql+psycopg://anna@db/inboxwatch", "postgresql+psycopg", None),
    ],
)
def test_a_store_is_named_by_a_path_or_a_url(given: str, driver: str, path: str | None) -> None:
    place = place_of(given)
    assert place.url.drivername == driver
    assert place.path == (None if path is None else Path(path))


def test_a_path_with_odd_letters_is_one(tmp_path: Path) -> None:
    path = tmp_path / "a b?c#d%41é" / "store=1.db"
    fill(str(path))
    assert path.is_file()
    assert [p.name for p in tmp_path.iterdir()] == [path.parent.name]


def test_a_commit_is_on_the_disk_and_readers_never_wait(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    migrate(path)
    engine = engines.connect(place_of(path))
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    with engine.connect() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
    engine.dispose()
    assert found == wanted

"""Fill a store from a backup file, all or nothing. Verifies the file before it touches anything."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from inboxwatch.adapters.store import archive
from inboxwatch.adapters.store import engine as engines
from inboxwatch.adapters.store.archive import Backup
from inboxwatch.adapters.store.backup import stored_tables
from inboxwatch.adapters.store.engine import Place, place_of
from inboxwatch.adapters.store.faults import StoreDamaged, told
from inboxwatch.adapters.store.schema import (
    SchemaState,
    require_current,
    schema_state,
    state_of,
    upgrade,
)
from inboxwatch.adapters.store.sql import chunks
from inboxwatch.adapters.store.tables import VERSION_TABLE
from inboxwatch.domain.errors import StoreError


def restore(source: Path, url: str | Path, *, force: bool = False) -> Backup:
    """Fill a store from a backup of this schema or an older one, and bring it up to date.

    Args:
        force: replace what the store holds. A damaged SQLite file is kept, renamed.

    Raises:
        SchemaOutOfDate: a newer program made the backup.
        StoreError: the backup is damaged, or the store holds something and `force` is not set.
    """
    place = place_of(url)
    with archive.reading(source) as (backup, file):
        state = SchemaState(current=backup.schema)
        if state.is_newer:
            require_current(state, place)
        if place.path is None:
            _fill(place, backup, file, force=force)
            return backup
        try:
            engines.make_file(place.path)
            _fill(place, backup, file, force=force)
        except StoreDamaged:
            if not force:
                raise
            _set_aside(place.path)
            engines.make_file(place.path)
            _fill(place, backup, file, force=force)
        return backup


def _fill(place: Place, backup: Backup, file: zipfile.ZipFile, *, force: bool) -> None:
    schema_state(place.path or place.url.render_as_string(hide_password=False))
    engine = engines.connect(place, foreign_keys=False)
    try:
        with told(str(place)), engines.begin(engine, read_only=False) as connection:
            if not state_of(connection, place).is_empty:
                _clear(connection, place, force=force)
            upgrade(connection, backup.schema)
            tables = stored_tables(connection)
            for table in tables.sorted_tables:
                _insert(connection, table, file, backup.rows(table.name))
            upgrade(connection)
            connection.commit()
    finally:
        engine.dispose()


def _clear(connection: Connection, place: Place, *, force: bool) -> None:
    tables = stored_tables(connection)
    holds_something = any(
        connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first()
        for table in tables.sorted_tables
    )
    if holds_something and not force:
        raise StoreError(
            f"{place}: it is in use already",
            remedy="Restore into a new store, or add --force to replace what it holds.",
        )
    tables.drop_all(connection)
    sa.Table(VERSION_TABLE, sa.MetaData()).drop(connection)


def _insert(connection: Connection, table: sa.Table, file: zipfile.ZipFile, rows: int) -> None:
    if not rows:
        return
    for part in chunks(archive.rows_in(file, table.name)):
        connection.execute(table.insert(), part)
    _continue_counting(connection, table)


def _continue_counting(connection: Connection, table: sa.Table) -> None:
    """Let PostgreSQL count on from the highest number; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for column in table.primary_key:
        sequence: Any = connection.execute(
            sa.select(sa.func.pg_get_serial_sequence(table.name, column.name))
        ).scalar()
        if sequence is not None:
            highest = sa.select(sa.func.max(column)).scalar_subquery()
            connection.execute(sa.select(sa.func.setval(sequence, highest)))


def _set_aside(path: Path) -> None:
    with told(f"store {path}"):
        number = 1
        while (kept := path.with_name(f"{path.name}.damaged-{number}")).exists():
            number += 1
        path.rename(kept)
        for suffix in ("-wal", "-shm"):
            beside = path.with_name(path.name + suffix)
            if beside.exists():
                beside.rename(kept.with_name(kept.name + suffix))

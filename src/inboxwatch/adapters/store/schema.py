"""Which schema a store has, and bringing it to this program's. Uses the packaged migrations."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

import inboxwatch
from inboxwatch.adapters.store import engine as engines
from inboxwatch.adapters.store.engine import Place, place_of
from inboxwatch.adapters.store.faults import told
from inboxwatch.adapters.store.tables import SCHEMA, VERSION_TABLE, metadata
from inboxwatch.domain.errors import SchemaOutOfDate, StoreError


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaState:
    """The schema a store has (None: nothing is stored there yet) and the one we need."""

    current: str | None
    head: str = SCHEMA

    @property
    def is_empty(self) -> bool:
        """Whether there is no store yet."""
        return self.current is None

    @property
    def is_current(self) -> bool:
        """Whether it can be used as it is."""
        return self.current == self.head

    @property
    def is_newer(self) -> bool:
        """Whether a newer program made it."""
        return self.current is not None and self.current > self.head


@dataclass(frozen=True, slots=True, kw_only=True)
class Migrated:
    """What a migration did; `copy` is where the store was copied to before."""

    before: str | None
    after: str
    copy: Path | None = None


def migrations_folder() -> Path:
    """Return the migrations: inside the installed package, or beside `src` in a checkout."""
    package = Path(inboxwatch.__file__).parent
    packaged = package / "migrations"
    return packaged if packaged.is_dir() else package.parent.parent / "migrations"


def schema_state(url: str | Path) -> SchemaState:
    """Return which schema a store has, changing nothing.

    Raises:
        StoreError: it cannot be read, or holds something that is not ours.
    """
    place = place_of(url)
    if place.path is not None:
        with told(str(place)):
            if not place.path.exists() or place.path.stat().st_size == 0:
                return SchemaState(current=None)
    engine = engines.connect(place, ours=False)
    try:
        with told(str(place)), engines.begin(engine, read_only=True) as connection:
            return state_of(connection, place)
    finally:
        engine.dispose()


def state_of(connection: Connection, place: Place) -> SchemaState:
    """Return which schema a connection's store has."""
    names = set(sa.inspect(connection).get_table_names())
    if VERSION_TABLE in names:
        version = sa.table(VERSION_TABLE, sa.column("version_num"))
        return SchemaState(current=connection.execute(sa.select(version)).scalar())
    foreign = names if place.path is not None else names & set(metadata.tables)
    if foreign:
        raise StoreError(
            f"{place}: it holds tables of another program ({', '.join(sorted(foreign)[:3])})",
            remedy="Give inboxwatch a file or database of its own.",
        )
    return SchemaState(current=None)


def require_current(state: SchemaState, place: Place) -> None:
    """Refuse a store of another schema than ours.

    Raises:
        SchemaOutOfDate: it is older or newer.
    """
    if state.is_newer:
        raise SchemaOutOfDate(
            f"{place}: a newer inboxwatch made it (schema {state.current}, this one is "
            f"{state.head})",
            remedy="Install that version again. `inboxwatch migrate` only goes forward; to stay "
            "with this one, restore a copy from before with `inboxwatch restore`.",
        )
    if not state.is_current:
        raise SchemaOutOfDate(
            f"{place}: an older inboxwatch made it (schema {state.current}, this one is "
            f"{state.head})",
            remedy="Run `inboxwatch migrate`. It copies the store first.",
        )


def migrate(url: str | Path, *, backup_to: Path | None = None) -> Migrated:
    """Bring a store to this program's schema, making it where there is none; all or nothing.

    Args:
        backup_to: a file that gets a copy first, if the store holds anything and is older:
            the SQLite file itself, or a portable backup of PostgreSQL. It must not exist.

    Raises:
        SchemaOutOfDate: a newer program made it.
        StoreError: it cannot be read or written, or the copy cannot.
    """
    place = place_of(url)
    state = schema_state(url)
    if state.is_newer:
        require_current(state, place)
    if state.is_current:
        return Migrated(before=state.current, after=state.head)
    copy = None
    if backup_to is not None and not state.is_empty:
        copy_whole(place, backup_to)
        copy = backup_to
    if place.path is not None and state.is_empty:
        engines.make_file(place.path)
    engine = engines.connect(place, foreign_keys=False)
    try:
        with told(str(place)), engines.begin(engine, read_only=False) as connection:
            # Asked again: another program may have made it while we waited to write.
            if state_of(connection, place).is_empty:
                make(connection)
            else:
                upgrade(connection)
            connection.commit()
    finally:
        engine.dispose()
    return Migrated(before=state.current, after=state.head, copy=copy)


def make(connection: Connection) -> None:
    """Make the tables where there are none: the same as all migrations, which a test compares.

    Alembic would cost a service 10 MB for as long as it runs after its first start.
    """
    metadata.create_all(connection)
    version = sa.Table(
        VERSION_TABLE,
        sa.MetaData(),
        sa.Column("version_num", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("version_num", name=f"{VERSION_TABLE}_pkc"),  # as Alembic has it
    )
    version.create(connection)
    connection.execute(version.insert().values(version_num=SCHEMA))


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Run the migrations up to a revision inside the connection's transaction."""
    # Imported here: a command that finds its store current never needs Alembic, a slow import.
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, revision)
    except CommandError as error:
        raise StoreError(
            f"schema {revision} is not known to this program",
            remedy="Use the inboxwatch that made it, or a newer one.",
        ) from error


def copy_whole(place: Place, target: Path) -> None:
    """Copy a store of any schema while it is in use."""
    if place.path is None:
        from inboxwatch.adapters.store.backup import backup

        backup(place.url.render_as_string(hide_password=False), target)
        return
    if target.exists():
        raise StoreError(f"{target} exists already", remedy="Choose another name, or move it away.")
    engines.make_file(target)
    with (
        told(f"copy {target}"),
        closing(sqlite3.connect(place.path)) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)

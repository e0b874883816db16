"""Connections to SQLite and PostgreSQL, and how a transaction begins on each. Knows no table."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError

from inboxwatch.adapters.store.faults import told
from inboxwatch.domain.errors import StoreError

LOCK_SECONDS = 30
_CACHE_KB = 4_000
_CONNECTIONS_KEPT = 16
_WRITER_LOCK = 0x1B0C_0DE5  # any constant: one a database, so one writer at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a store is: `path` for SQLite, else None."""

    url: URL
    path: Path | None

    def __str__(self) -> str:
        if self.path is not None:
            return f"store {self.path}"
        where = f" at {self.url.host}" if self.url.host else ""
        return f"store '{self.url.database}'{where}"


def place_of(url_or_path: str | Path) -> Place:
    """Read where a store is from a path, `sqlite:///path` or `postgresql://…`.

    Raises:
        StoreError: it is neither.
    """
    text = str(url_or_path)
    if isinstance(url_or_path, Path) or "://" not in text:
        path = Path(text).expanduser()
        return Place(url=URL.create("sqlite+pysqlite", database=str(path)), path=path)
    scheme = text.partition("://")[0]
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        raise _not_understood(scheme) from None
    backend = scheme.partition("+")[0]
    if backend == "sqlite" and url.database not in (None, "", ":memory:"):
        path = Path(str(url.database)).expanduser()
        return Place(url=URL.create("sqlite+pysqlite", database=str(path)), path=path)
    if backend in ("postgresql", "postgres"):
        return Place(url=url.set(drivername="postgresql+psycopg"), path=None)
    raise _not_understood(scheme)


def _not_understood(scheme: str) -> StoreError:
    return StoreError(  # the rest of the URL may hold a password
        f"store '{scheme}://…': that is neither a file nor PostgreSQL",
        remedy="Use a path, or postgresql://user@host/database.",
    )


def make_file(path: Path) -> None:
    """Make an empty store file that only its owner may read, in a folder of the same kind.

    SQLite gives the files beside it (`-wal`, `-shm`) the same rights.
    """
    with told(f"store {path}"):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))


def connect(place: Place, *, foreign_keys: bool = True, ours: bool = True) -> Engine:
    """Return an engine; nothing is opened yet.

    Args:
        foreign_keys: off only while SQLite's tables are rebuilt by a migration.
        ours: whether the file is known to be a store; another one is not changed at all.
    """
    # SQLAlchemy logs every row it fetches at DEBUG, whoever set that level: they hold mail.
    logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)
    options: dict[str, Any] = {
        "hide_parameters": True,
        # Made when as many are in use at once, and then kept: making one costs more than a poll.
        "pool_size": _CONNECTIONS_KEPT,
        "pool_use_lifo": True,  # few do the work, so that few caches are filled
    }
    if place.path is None:
        options["pool_pre_ping"] = True  # a server that was restarted is not a fault
        if "connect_timeout" not in place.url.query:
            options["connect_args"] = {"connect_timeout": 10}
    with told(str(place)):
        try:
            engine = sa.create_engine(place.url, **options)
        except ModuleNotFoundError as error:
            raise StoreError(
                f"{place}: PostgreSQL support is not installed ({error.name})",
                remedy="Run: pip install 'inboxwatch[postgres]'",
            ) from None
    if place.path is None:
        event.listen(engine, "connect", _prepare_postgres)
    else:

        def prepare(connection: Any, _record: Any) -> None:
            _prepare_sqlite(connection, foreign_keys=foreign_keys, ours=ours)

        event.listen(engine, "connect", prepare)
    return engine


def begin(engine: Engine, *, read_only: bool, durable: bool = True) -> Connection:
    """Open a connection with its transaction begun.

    Writing transactions run one at a time on either database. Reading ones see one moment and
    neither wait for a writer nor hold one up.

    Args:
        durable: whether the commit waits for the disk.
    """
    connection = engine.connect()
    try:
        begin_on(connection, read_only=read_only, durable=durable)
    except BaseException:
        connection.close()
        raise
    return connection


def begin_on(connection: Connection, *, read_only: bool, durable: bool = True) -> None:
    """Begin such a transaction on a connection that has none."""
    is_postgres = connection.dialect.name == "postgresql"
    if read_only and is_postgres:
        connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    connection.begin()
    # Not by an event of the engine: with one, every statement asks who listens.
    really_begin = _begin_postgres if is_postgres else _begin_sqlite
    really_begin(connection, read_only=read_only, durable=durable)


def _prepare_sqlite(connection: Any, *, foreign_keys: bool, ours: bool) -> None:
    connection.isolation_level = None  # sqlite3 begins nothing by itself: `_begin_sqlite` does
    for pragma in (
        f"busy_timeout={LOCK_SECONDS * 1000}",
        *(("journal_mode=WAL",) if ours else ()),  # kept in the file
        "synchronous=FULL",  # see `_begin_sqlite`
        f"foreign_keys={'ON' if foreign_keys else 'OFF'}",
        "secure_delete=ON",  # what is purged is overwritten
        "trusted_schema=OFF",
        # For each connection, and a service has one for each account that is read at once. What is
        # not here is in the system's own cache.
        f"cache_size=-{_CACHE_KB}",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection, *, read_only: bool, durable: bool) -> None:
    modes = {"query_only": "ON" if read_only else "OFF"}
    if not read_only:
        # FULL: a commit is on the disk before a reminder goes out. With NORMAL a power cut can
        # take the last commits back, and a reminder that was sent would be sent again. One that is
        # FULL brings to the disk all that was committed before it.
        modes["synchronous"] = "FULL" if durable else "NORMAL"
    # By the driver itself: SQLAlchemy takes ten times as long for each of these.
    execute = connection.connection.cursor().execute
    for pragma, value in modes.items():
        if connection.info.get(pragma) != value:  # `info` lives as long as the connection
            connection.info.pop(pragma, None)
            execute(f"PRAGMA {pragma}={value}")
            connection.info[pragma] = value
    # IMMEDIATE: a transaction that reads and then writes cannot fail half way because another
    # one wrote in between.
    execute("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _prepare_postgres(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
    connection.commit()


def _begin_postgres(connection: Connection, *, read_only: bool, durable: bool) -> None:
    if read_only:
        return
    if not durable:
        connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})")

"""Was anything written since? One small question to the database, on a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count

from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

# Both change with every commit of another connection. SQLite's number is the connection's own and
# does not know of what that writes itself (https://sqlite.org/pragma.html#pragma_data_version).
# PostgreSQL's names the transactions under way and the newest that ended: each that writes is once
# among them.
_SQLITE = "PRAGMA data_version"
_POSTGRES = "SELECT pg_current_snapshot()::text"
_PATIENCE = 0.02  # seconds; asking takes less than a thousandth of that


class Version:
    """Gives a text that is another after every commit to the database, by whatever program."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._faults = (engine.dialect.loaded_dbapi.Error, SQLAlchemyError, OSError)
        self._in_use = threading.Lock()
        self._connection: Connection | None = None
        self._serial = count()
        self._number = 0  # of the connection: what two of them say cannot be compared

    def __call__(self) -> str:
        """Return the present version. Where the database cannot be asked it is a new one.

        Whoever reads then finds out why, and is told by the error of that.
        """
        if not self._in_use.acquire(timeout=_PATIENCE):  # a note waits for another writer
            return f"unknown {next(self._serial)}"
        try:
            cursor = self._open().connection.cursor()
            cursor.execute(_SQLITE if self._is_sqlite else _POSTGRES)
            (said,) = cursor.fetchone() or ("",)
            cursor.close()
        except self._faults:
            self._close()
            return f"unknown {next(self._serial)}"
        finally:
            self._in_use.release()
        return f"{self._number} {said}"

    @contextmanager
    def unaware(self) -> Iterator[Connection | None]:
        """Give the connection whose commits do not change the version; None where there is none."""
        if not self._is_sqlite:
            yield None
            return
        with self._in_use:
            try:
                yield self._open()
            except BaseException:
                self._close()  # whatever state it is in
                raise

    def close(self) -> None:
        """Let go of the connection."""
        with self._in_use:
            self._close()

    def _open(self) -> Connection:
        if self._connection is None:
            made = self._engine.connect()
            if not self._is_sqlite:
                made = made.execution_options(isolation_level="AUTOCOMMIT")
            self._connection = made
            self._number = next(self._serial)
        return self._connection

    def _close(self) -> None:
        kept, self._connection = self._connection, None
        if kept is not None:
            with suppress(*self._faults):
                kept.invalidate()  # the pool has no use for one that may be half way
            with suppress(*self._faults):
                kept.close()

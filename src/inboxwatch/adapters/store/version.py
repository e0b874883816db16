"""Was anything written since? One small question to the database, on a connection of its own."""

from __future__ import annotations

import threading
from contextlib import suppress
from itertools import count
from typing import Any

from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

# Both change with every commit of another connection, and this one never writes. SQLite's number
# is the connection's own (https://sqlite.org/pragma.html#pragma_data_version). PostgreSQL's names
# the transactions under way and the newest that ended: each that writes is once among them.
_QUESTIONS = {
    "sqlite": "PRAGMA data_version",
    "postgresql": "SELECT pg_current_snapshot()::text",
}


class Version:
    """Gives a text that is another after every commit to the database, by whatever program."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._question = _QUESTIONS[engine.dialect.name]
        self._asking = threading.Lock()
        self._connection: Any = None
        self._serial = count()
        self._number = 0  # of the connection: what two of them say cannot be compared

    def __call__(self) -> str:
        """Return the present version. Where the database cannot be asked it is a new one.

        Whoever reads then finds out why, and is told by the error of that.
        """
        with self._asking:
            try:
                if self._connection is None:
                    self._connect()
                cursor = self._connection.cursor()
                cursor.execute(self._question)
                (said,) = cursor.fetchone()
                cursor.close()
            except (self._engine.dialect.loaded_dbapi.Error, SQLAlchemyError, OSError):
                self._close()
                return f"unknown {next(self._serial)}"
            return f"{self._number} {said}"

    def close(self) -> None:
        """Let go of the connection."""
        with self._asking:
            self._close()

    def _connect(self) -> None:
        pooled = self._engine.raw_connection()
        pooled.detach()  # else one of the pool's places were taken for good
        self._connection = pooled
        if self._engine.dialect.name == "postgresql":
            pooled.dbapi_connection.autocommit = True  # type: ignore[union-attr]
        self._number = next(self._serial)

    def _close(self) -> None:
        if self._connection is not None:
            with suppress(self._engine.dialect.loaded_dbapi.Error, SQLAlchemyError, OSError):
                self._connection.close()
            self._connection = None

"""The store itself: transactions begun, committed, rolled back. Knows no table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from inboxwatch.adapters.store import engine as engines
from inboxwatch.adapters.store import schema
from inboxwatch.adapters.store.engine import Place, place_of
from inboxwatch.adapters.store.faults import told
from inboxwatch.adapters.store.sql import Sql
from inboxwatch.adapters.store.transaction import SqlTransaction
from inboxwatch.adapters.store.version import Version
from inboxwatch.application.records import PollRecord


class SqlStore:
    """A store in SQLite or PostgreSQL. Threads may share it; each transaction is of one."""

    def __init__(self, engine: Engine, place: Place) -> None:
        self._engine = engine
        self._place = place
        self._version = Version(engine)
        self._is_closed = False

    def __str__(self) -> str:
        return str(self._place)

    @contextmanager
    def transaction(
        self, *, read_only: bool = False, durable: bool = True
    ) -> Iterator[SqlTransaction]:
        """Open a transaction: committed at the end, rolled back on any exception.

        Writing ones run one at a time and see all that was committed before. A `read_only` one
        sees a single moment, waits for nobody and keeps nobody waiting. One that is not `durable`
        is on the disk with the next that is.

        Raises:
            StoreError: the store cannot be reached, is full or locked.
        """
        with told(str(self._place)):
            connection = engines.begin(self._engine, read_only=read_only, durable=durable)
        try:
            with self._on(connection) as tx:
                yield tx
        finally:
            with suppress(SQLAlchemyError):
                if self._is_closed:  # the pool that it came from is gone, and nobody would close it
                    connection.detach()
                connection.close()

    def note(self, polls: Iterable[PollRecord]) -> None:
        """Save the records of polls that stored nothing; not durable, and the version may stay.

        Raises:
            StoreError: the store cannot be reached, is full or locked.
        """
        with told(str(self._place)), self._version.unaware() as kept:
            if kept is None:
                opened: AbstractContextManager[SqlTransaction] = self.transaction(durable=False)
            else:
                engines.begin_on(kept, read_only=False, durable=False)
                opened = self._on(kept)
            with opened as tx:
                tx.save_polls(tuple(polls))

    @contextmanager
    def _on(self, connection: Connection) -> Iterator[SqlTransaction]:
        """Commit at the end what was begun on a connection, or roll it back."""
        try:
            yield SqlTransaction(Sql(connection, str(self._place)))
            with told(str(self._place)):
                connection.commit()
        except BaseException:
            with suppress(SQLAlchemyError):  # the first error is the one to be seen
                connection.rollback()
            raise

    def version(self) -> str:
        """Return a text that is another after every commit but those of `note`, by whomever."""
        return self._version()

    def close(self) -> None:
        """Let go of connections; one that is in use is closed when its transaction ends."""
        self._is_closed = True
        self._version.close()
        with told(str(self._place)):
            self._engine.dispose()


def open_store(url_or_path: str | Path, *, migrate: bool = False) -> SqlStore:
    """Open a store: a path, `sqlite:///path` or `postgresql://user@host/database`.

    Where there is nothing yet it is made, readable by its owner alone.

    Args:
        migrate: bring an older store to this program's schema instead of refusing it.

    Raises:
        SchemaOutOfDate: its schema is older (without `migrate`) or newer.
        StoreError: it cannot be reached or is not ours.
    """
    place = place_of(url_or_path)
    state = schema.schema_state(url_or_path)
    if state.is_empty or (migrate and not state.is_newer):
        schema.migrate(url_or_path)
    else:
        schema.require_current(state, place)
    return SqlStore(engines.connect(place), place)

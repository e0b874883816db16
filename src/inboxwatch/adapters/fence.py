"""Locks of a PostgreSQL session: who holds one works alone, and a dead holder loses it at once.

They fence off a worker that was thought dead and was not. Knows neither tasks nor mail.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from inboxwatch.domain.errors import StoreError

if TYPE_CHECKING:
    import psycopg

SERVICE = "inboxwatch service"  # `run` holds it alone, workers share it
_CONNECT_SECONDS = 10
# A machine that vanished must not hold a lock for two hours, the usual default.
_ALIVE = (
    "SET tcp_keepalives_idle = 30",
    "SET tcp_keepalives_interval = 10",
    "SET tcp_keepalives_count = 3",
)


def lock_number(name: str) -> int:
    """Return the number that stands for a name: signed, 64 bits."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


@contextmanager
def told() -> Iterator[None]:
    """Turn psycopg's errors into ours; the address of the server may hold a password.

    Raises:
        StoreError: PostgreSQL cannot be used.
    """
    import psycopg

    try:
        yield
    except psycopg.Error as error:
        raise StoreError(
            f"PostgreSQL cannot be used for workers ({type(error).__name__},"
            f" {error.sqlstate or 'no answer'})",
            remedy="Check that it runs, that the `url` of the store is right, and that its user"
            " may create a schema (GRANT CREATE ON DATABASE).",
        ) from error


class Claim:
    """One lock, held as long as its connection lives."""

    def __init__(self, dsn: str, name: str, *, shared: bool) -> None:
        self._dsn = dsn
        self._name = name
        self._shared = shared
        self._connection: psycopg.Connection | None = None

    def take(self) -> bool:
        """Take the lock, or keep it; False where somebody else has it.

        Raises:
            StoreError: PostgreSQL cannot be used.
        """
        import psycopg

        if self._connection is not None:
            try:
                self._connection.execute("SELECT 1")
            except psycopg.Error:  # the connection is gone, and the lock with it
                self.release()
            else:
                return True
        function = "pg_try_advisory_lock_shared" if self._shared else "pg_try_advisory_lock"
        with told():
            connection = psycopg.connect(
                self._dsn, autocommit=True, connect_timeout=_CONNECT_SECONDS
            )
            try:
                for statement in _ALIVE:
                    connection.execute(statement)
                query = f"SELECT {function}(%s)"
                got = connection.execute(query, (lock_number(self._name),)).fetchone()
            except BaseException:
                connection.close()
                raise
        if got is None or not got[0]:
            connection.close()
            return False
        self._connection = connection
        return True

    def release(self) -> None:
        """Let go."""
        import psycopg

        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.close()
            self._connection = None


@contextmanager
def held(dsn: str, name: str, *, shared: bool = False) -> Iterator[Claim | None]:
    """Hold a lock while the block runs; give None where somebody else has it.

    Args:
        dsn: where PostgreSQL is, as libpq reads it.
        shared: many may hold it so, but none together with one that holds it alone.

    Raises:
        StoreError: PostgreSQL cannot be used.
    """
    claim = Claim(dsn, name, shared=shared)
    taken = claim.take()
    try:
        yield claim if taken else None
    finally:
        claim.release()

"""The queue's tables: a schema of their own beside the store's, made by Procrastinate's own SQL.

The queue holds nothing that cannot be made again, so another version's is replaced, not migrated.
"""

from __future__ import annotations

import hashlib

import psycopg
from procrastinate.schema import SchemaManager

from inboxwatch.adapters import fence
from inboxwatch.domain.errors import SchemaOutOfDate

SCHEMA = "inboxwatch_queue"
_MAKING = "inboxwatch queue schema"


def prepare(dsn: str, *, replace: bool) -> bool:
    """Make the queue's tables where they are missing; return whether anything was made.

    Args:
        replace: put this version's in the place of another version's.

    Raises:
        SchemaOutOfDate: another version's are there, and `replace` is not set or a worker runs.
        StoreError: PostgreSQL cannot be used, or its user may not make a schema.
    """
    text = SchemaManager.get_schema()
    mark = f"inboxwatch: {hashlib.sha256(text.encode()).hexdigest()}"
    with fence.told(), psycopg.connect(dsn, connect_timeout=10) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (fence.lock_number(_MAKING),))
        row = connection.execute(
            "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = %s",
            (SCHEMA,),
        ).fetchone()
        if row is not None and row[0] == mark:
            return False
        if row is not None:
            _may_replace(dsn, replace=replace)
            connection.execute(f"DROP SCHEMA {SCHEMA} CASCADE")
        connection.execute(f"CREATE SCHEMA {SCHEMA}")
        connection.execute(f"SET LOCAL search_path TO {SCHEMA}")
        connection.execute(text)
        connection.execute(f"COMMENT ON SCHEMA {SCHEMA} IS '{mark}'")
    return True


def _may_replace(dsn: str, *, replace: bool) -> None:
    if not replace:
        raise SchemaOutOfDate(
            "the queue of the workers was made by another version",
            remedy="Stop every worker, then run: inboxwatch migrate",
        )
    with fence.held(dsn, fence.SERVICE) as alone:
        if alone is None:
            raise SchemaOutOfDate(
                "the queue of the workers was made by another version, and one of them runs",
                remedy="Stop every worker, then run: inboxwatch migrate",
            )

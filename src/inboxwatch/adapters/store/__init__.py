"""The store on SQLite or PostgreSQL: open, migrate, back up, restore."""

from inboxwatch.adapters.store.backup import backup
from inboxwatch.adapters.store.restore import restore
from inboxwatch.adapters.store.schema import Migrated, SchemaState, migrate, schema_state
from inboxwatch.adapters.store.sqlstore import SqlStore, open_store

__all__ = [
    "Migrated",
    "SchemaState",
    "SqlStore",
    "backup",
    "migrate",
    "open_store",
    "restore",
    "schema_state",
]

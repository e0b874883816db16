"""Copy a store into a backup file while it is in use. Changes nothing."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from inboxwatch.adapters.store import archive
from inboxwatch.adapters.store import engine as engines
from inboxwatch.adapters.store.archive import Backup
from inboxwatch.adapters.store.engine import place_of
from inboxwatch.adapters.store.faults import told
from inboxwatch.adapters.store.schema import schema_state
from inboxwatch.adapters.store.tables import metadata
from inboxwatch.domain.errors import StoreError

_AT_ONCE = 200  # rows held in memory


def backup(url: str | Path, target: Path) -> Backup:
    """Write one moment of a store, of any schema, to a new file.

    The file holds mail and the local secret, as the store does: only its owner may read it.

    Raises:
        StoreError: there is no store, it cannot be read, or the file exists or cannot be written.
    """
    place = place_of(url)
    state = schema_state(url)
    if state.current is None:
        raise StoreError(f"{place}: there is nothing to back up", remedy="Check the store's path.")
    engine = engines.connect(place)
    try:
        with (
            archive.writing(target, state.current) as writer,
            told(str(place)),
            engines.begin(engine, read_only=True) as connection,
        ):
            for table in stored_tables(connection).sorted_tables:
                order = list(table.primary_key)
                query = sa.select(table).order_by(*order).execution_options(yield_per=_AT_ONCE)
                writer.add(table.name, (row._asdict() for row in connection.execute(query)))
        return Backup(path=target, schema=state.current, tables=tuple(writer.tables))
    finally:
        engine.dispose()


def stored_tables(connection: Connection) -> sa.MetaData:
    """Return our tables as they are in the database, which may have an older schema."""
    found = sa.MetaData()
    # A migration that drops a table must name it here still, for backups of older stores.
    names = set(sa.inspect(connection).get_table_names()) & set(metadata.tables)
    found.reflect(connection, only=sorted(names), resolve_fks=False)
    return found

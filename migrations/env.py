"""Runs the migrations in the connection and transaction that it is given."""

from alembic import context

from inboxwatch.adapters.store.tables import VERSION_TABLE, metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    render_as_batch=connection.dialect.name == "sqlite",  # SQLite alters tables by rebuilding
    transactional_ddl=True,  # on SQLite too: every statement runs inside our own BEGIN
)
context.run_migrations()

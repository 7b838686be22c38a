"""Alembic's environment: one connection, given by the caller."""

from alembic import context

from hub.adapters.postgres.tables import METADATA

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, compare_server_default=False)
with context.begin_transaction():
    context.run_migrations()

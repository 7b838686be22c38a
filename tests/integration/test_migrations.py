"""The tables as data and the migrated database are the same, both ways."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from hub.adapters.postgres.migrate import migrate
from hub.adapters.postgres.tables import METADATA
from hub.bootstrap.hub import Hub

pytestmark = pytest.mark.integration


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "target_metadata": METADATA})
    return list(compare_metadata(context, METADATA))


async def test_migrated_database_is_what_the_tables_say(hub: Hub) -> None:
    async with hub.database.engine.connect() as connection:
        assert await connection.run_sync(_differences) == []


async def test_migrating_again_changes_nothing(hub: Hub) -> None:
    await migrate(hub.database.engine)
    async with hub.database.engine.connect() as connection:
        assert await connection.run_sync(_differences) == []

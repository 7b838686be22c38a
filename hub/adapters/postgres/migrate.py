"""The schema of the database, brought up to date by Alembic.

Alembic is imported only to migrate: every other command starts without it.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

if TYPE_CHECKING:
    from alembic.config import Config

_LOCK = 7_305_123
"""Advisory lock: processes that start together migrate one after the other."""


def configuration(connection: Connection) -> "Config":
    """Alembic's configuration for one connection."""
    from alembic.config import Config  # noqa: PLC0415 - see above

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - see above

    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    command.upgrade(configuration(connection), "head")


async def migrate(engine: AsyncEngine) -> None:
    """Bring the schema to the newest revision; safe to call from many processes at once."""
    async with engine.begin() as connection:
        await connection.run_sync(_upgrade)

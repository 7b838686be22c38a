"""Consumer groups that reached their ceiling: they stay stopped, whoever starts their processes again."""

from collections.abc import Mapping

from hub.adapters.postgres.database import Database, translated

_STOP = "INSERT INTO stopped_group (consumer_group, reason) VALUES ($1, $2) ON CONFLICT DO NOTHING"
_RESUME = "DELETE FROM stopped_group WHERE consumer_group = $1 RETURNING consumer_group"


class PostgresStops:
    """The table ``stopped_group``."""

    def __init__(self, database: Database) -> None:
        self._pool = database.pool

    async def stop(self, group: str, reason: str) -> None:
        """Stop a group in every process."""
        async with translated():
            await self._pool.execute(_STOP, group, reason)

    async def stopped(self) -> Mapping[str, str]:
        """Stopped groups, with the reason."""
        async with translated():
            rows = await self._pool.fetch("SELECT consumer_group, reason FROM stopped_group ORDER BY 1")
        return {row[0]: row[1] for row in rows}

    async def resume(self, group: str) -> bool:
        """Let a group go on; whether it was stopped."""
        async with translated():
            return bool(await self._pool.fetchval(_RESUME, group))

"""Who mediates a collective settlement."""

from hub.adapters.postgres.database import Database, translated

_MEDIATOR = "SELECT mediator FROM projection_rcd_case WHERE case_id = $1"


class PostgresMediators:
    """The port ``Mediators``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def mediator(self, case: str) -> str | None:
        """Who mediates a case now; None: nobody, or there is no such case."""
        async with translated():
            found: str | None = await self._database.pool.fetchval(_MEDIATOR, case)
        return found

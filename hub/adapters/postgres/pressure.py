"""Whether consumers handle new events now, for whoever makes room for them."""

from hub.adapters.postgres.database import Database, translated
from hub.application.dead_letters.job_ports import Pressure

_WAITING = """
SELECT pg_stat_get_tuples_inserted('inbox'::regclass) AS claimed,
       (SELECT count(*) FROM (SELECT FROM outbox LIMIT 1000) AS waiting) AS backlog
"""


class PostgresPressure:
    """Looks at the outbox, and at the inbox as PostgreSQL's statistics count it: a replay claims nothing there."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._claimed: int | None = None

    async def __call__(self) -> Pressure:
        """Now."""
        async with translated():
            row = await self._database.pool.fetchrow(_WAITING)
        claimed, backlog = (row["claimed"], row["backlog"]) if row else (0, 0)
        live = self._claimed is not None and claimed > self._claimed
        self._claimed = claimed
        return Pressure(live=live, backlog=backlog)

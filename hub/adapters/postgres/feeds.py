"""Feeds in PostgreSQL (ADRs 0010 and 0030).

Rows become visible in the order of their commits, not of their numbers. So a row carries a transaction, its own or a
later one, and a reader sees only those older than every transaction still under way (``pg_snapshot_xmin``): behind its
cursor nothing can appear any more.
"""

from collections.abc import Sequence

from hub.adapters.postgres.database import Database, translated
from hub.application.read.ports import FeedItem, FeedPage, FeedPlace

_LAST = 2**63 - 1
_PAGE = """
    WITH horizon AS MATERIALIZED (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS xmin)
    SELECT horizon.xmin, page.*,
           EXISTS (SELECT FROM feed WHERE institution = $1 AND transaction >= horizon.xmin) AS hidden
    FROM horizon LEFT JOIN LATERAL (
        SELECT transaction, seq, event_id, attributes, value FROM feed
        WHERE institution = $1 AND (transaction, seq) > ($2, $3) AND transaction < horizon.xmin
          AND ($4::text[] IS NULL OR type = ANY($4))
        ORDER BY transaction, seq LIMIT $5
    ) AS page ON true
    ORDER BY page.transaction, page.seq
"""


class PostgresFeeds:
    """The port ``Feeds``."""

    def __init__(self, database: Database) -> None:
        self._pool = database.pool

    async def page(self, institution: str, after: FeedPlace, types: Sequence[str] | None, limit: int) -> FeedPage:
        """Events after a place. When they are all there are, the place moves to the end of what can be seen."""
        async with translated():
            rows = await self._pool.fetch(_PAGE, institution, *after, types and list(types), limit)
        found = [row for row in rows if row["transaction"] is not None]
        items = [FeedItem(row["event_id"], row["attributes"], row["value"]) for row in found]
        if len(found) == limit:
            place = FeedPlace(found[-1]["transaction"], found[-1]["seq"])
        else:
            place = max(after, FeedPlace(rows[0]["xmin"] - 1, _LAST))
        return FeedPage(items=items, after=place, hidden=rows[0]["hidden"])

"""The hub as its tables show it, for the history checker; and whether it is at rest."""

from collections import defaultdict
from uuid import UUID

from asyncpg import Pool
from pydantic_core import from_json

from hub.bootstrap import Hub
from hub.domain.messaging.errors import TransientError
from tests.support.history import Seen, Shown
from tests.support.waiting import until

_PARKED = """
SELECT parked_key.consumer_group, parked_key.key, event_id, 0 AS seq FROM parked_key
    JOIN dead_letter ON dead_letter.id = parked_key.letter AND dead_letter.state = 'waiting'
UNION ALL SELECT consumer_group, key, event_id, seq FROM parked_record ORDER BY 1, 2, 4
"""


async def seen(pool: Pool) -> Seen:
    """Everything the checker looks at."""
    timeline: dict[tuple[str, str], list[tuple[UUID, str]]] = defaultdict(list)
    for group, key, event, attributes in await pool.fetch(
        "SELECT consumer_group, key, event_id, attributes FROM timeline ORDER BY seq"
    ):
        timeline[group, key].append((event, from_json(attributes)["type"]))
    parked: dict[tuple[str, str], list[UUID]] = defaultdict(list)
    for group, key, event, _ in await pool.fetch(_PARKED):
        parked[group, key].append(event)
    feeds: dict[str, list[Shown]] = defaultdict(list)
    for institution, kind, attributes in await pool.fetch(
        "SELECT institution, type, attributes FROM feed ORDER BY institution, transaction, seq"
    ):
        told = from_json(attributes)
        cause = UUID(told["causationid"])
        feeds[institution].append(Shown(event=UUID(told["id"]), type=kind, cause=cause, dossier=told["partitionkey"]))
    claims = {row[0]: tuple(row)[1:] for row in await pool.fetch(_CLAIMS)}
    return Seen(timeline=timeline, parked=parked, claims=claims, feeds=feeds)


_CLAIMS = "SELECT claim, version, total, withdrawn FROM projection_claim"


async def at_rest(hub: Hub, *, within: float = 60.0) -> None:
    """Wait until nothing is on its way: the outbox is empty and every group has acknowledged every record, twice."""
    calm = 0

    async def resting() -> bool:
        nonlocal calm
        calm = calm + 1 if await _nothing_waits(hub) else 0
        return calm > 1

    await until(resting, "outbox and topics to be empty", within=within)


async def _nothing_waits(hub: Hub) -> bool:
    try:
        behind = sum(int(str(one["lag"])) for one in await hub.lag())
    except TransientError:
        return False
    return behind == 0 and not await hub.database.pool.fetchval("SELECT EXISTS (SELECT FROM outbox)")

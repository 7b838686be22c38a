"""The hub as its tables show it, for the history checker; and whether it is at rest."""

import asyncio
from collections import defaultdict
from time import monotonic
from uuid import UUID

from pydantic_core import from_json

from hub.bootstrap.hub import Hub
from hub.domain.messaging.errors import TransientError
from tests.support.history import Seen, Shown

_PARKED = """
SELECT parked_key.consumer_group, parked_key.key, event_id, 0 AS seq FROM parked_key
    JOIN dead_letter ON dead_letter.id = parked_key.letter AND dead_letter.state = 'waiting'
UNION ALL SELECT consumer_group, key, event_id, seq FROM parked_record ORDER BY 1, 2, 4
"""


async def seen(hub: Hub) -> Seen:
    """Everything the checker looks at."""
    pool = hub.database.pool
    timeline: dict[tuple[str, str], list[tuple[UUID, str]]] = defaultdict(list)
    for group, key, event, attributes in await pool.fetch(
        "SELECT consumer_group, key, event_id, attributes FROM timeline ORDER BY seq"
    ):
        timeline[group, key].append((event, from_json(attributes)["ce_type"]))
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
    return Seen(timeline=timeline, parked=parked, claims=claims, feeds=feeds, log=await _log(hub))


async def _log(hub: Hub) -> dict[str, list[UUID]]:
    """Claims' events in Kafka; a record that a relay sent again counts where it came first."""
    found: dict[str, dict[UUID, None]] = defaultdict(dict)
    topics = {topic.name for kind, topic in hub.topics.by_type.items() if kind.startswith(_CLAIM)}
    async for record in hub.tail(sorted(topics), beginning=True, follow=False):
        headers = dict(record.headers)
        if headers["ce_type"].startswith(_CLAIM.encode()):
            found[(record.key or b"").decode()].setdefault(UUID(headers["ce_id"].decode()))
    return {key: list(ids) for key, ids in found.items()}


_CLAIM = "be.mediationhub.claim."
_CLAIMS = "SELECT claim, version, total, withdrawn FROM projection_claim"


async def at_rest(hub: Hub, *, within: float = 60.0) -> None:
    """Wait until nothing is on its way: the outbox is empty and every group has acknowledged every record, twice."""
    calm, waiting = 0, "nothing was asked yet"
    deadline = monotonic() + within
    while calm < 2:
        waiting = await _on_its_way(hub)
        calm = 0 if waiting else calm + 1
        assert monotonic() < deadline, f"after {within:.0f} s still on its way: {waiting}"
        await asyncio.sleep(0.1)


async def _on_its_way(hub: Hub) -> str:
    """Nothing, or what is."""
    try:
        behind = [dict(one) for one in await hub.lag() if one["lag"]]
    except TransientError as error:
        return str(error)
    outbox = await hub.database.pool.fetchval("SELECT count(*) FROM outbox")
    return f"{outbox} in the outbox, {behind}" if outbox or behind else ""

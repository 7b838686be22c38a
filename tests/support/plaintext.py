"""Where bytes stand readable: every table, every topic. And whether what is sealed of a person can be opened."""

import io
import json
from base64 import b64encode
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from hub.application.envelope import SEALED
from hub.bootstrap.hub import Hub
from hub.domain.messaging.cloudevent import Sealed
from hub.domain.messaging.topics import DLQ_SUFFIX

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
_VALUES = {
    "timeline": "SELECT event_id, value FROM timeline WHERE attributes::jsonb ->> 'ce_subject' = $1",
    "feed": "SELECT event_id, value FROM feed WHERE attributes::jsonb ->> 'subject' = $1",
    "dead_letter": "SELECT event_id, value FROM dead_letter WHERE key = $1",
    "parked_record": "SELECT event_id, value FROM parked_record WHERE key = $1",
}
_BOXES = {
    "delivery": "SELECT box_event, box FROM delivery WHERE subject = $1",
    "projection_claim": "SELECT event_id, box FROM projection_claim WHERE subject = $1",
    "projection_debt_file": "SELECT event_id, box FROM projection_debt_file WHERE subject = $1 AND box IS NOT NULL",
    "projection_general_file": "SELECT event_id, box FROM projection_general_file WHERE subject = $1",
    "projection_dossier": "SELECT event_id, box FROM projection_dossier WHERE subject = $1",
    "projection_notice": "SELECT event_id, box FROM projection_notice WHERE subject = $1",
}


def forms(*texts: str) -> list[bytes]:
    """The bytes of texts, and what stands for them inside base64, wherever they begin."""
    return [one for text in texts for one in (text.encode(), *(_coded(text.encode(), before) for before in range(3)))]


def _coded(plain: bytes, before: int) -> bytes:
    """The base64 characters that these bytes alone decide, with so many bytes before them."""
    return b64encode(b"\0" * before + plain)[-(-before * 4 // 3) : (before + len(plain)) * 4 // 3]


async def readable(hub: Hub, needles: Sequence[bytes]) -> list[str]:
    """Tables and topics in which any of these bytes stand."""
    found = [f"topic {name}" for name, data in await _topics(hub) if any(one in data for one in needles)]
    async with hub.database.pool.acquire() as connection:
        for (table,) in await connection.fetch(_TABLES):
            content = io.BytesIO()
            await connection.copy_from_table(table, output=content, format="binary")
            if any(one in content.getvalue() for one in needles):
                found.append(f"table {table}")
    return sorted(set(found))


async def _topics(hub: Hub) -> list[tuple[str, bytes]]:
    """Every record of every topic: key, value and headers as one."""
    names = [one for topic in hub.topics.by_name for one in (topic, topic + DLQ_SUFFIX)]
    return [
        (
            one.topic,
            b"\n".join(
                [one.key or b"", one.value or b"", *(name.encode() + b"=" + value for name, value in one.headers)]
            ),
        )
        async for one in hub.tail(names, beginning=True, follow=False)
    ]


async def sealed_of(hub: Hub, subject: str) -> dict[str, list[Sealed]]:
    """What is kept of a person under her key, by place."""
    pool = hub.database.pool
    found = {table: _inside(subject, map(tuple, await pool.fetch(query, subject))) for table, query in _VALUES.items()}
    for table, query in _BOXES.items():
        rows = await pool.fetch(query, subject)
        found[table] = [Sealed(event=row[0], subject=subject, box=row[1]) for row in rows if row[1]]
    records = hub.tail([*hub.topics.by_name], beginning=True, follow=False)
    mine = [(one, dict(one.headers)) async for one in records]
    found["kafka"] = _inside(
        subject,
        [(UUID(headers["ce_id"].decode()), one.value) for one, headers in mine if _subject(headers) == subject],
    )
    return found


def _subject(headers: dict[str, bytes]) -> str:
    return headers.get("ce_subject", b"").decode()


def _inside(subject: str, rows: Iterable[Sequence[Any]]) -> list[Sealed]:
    """Boxes inside the JSON of events."""
    bodies = [(UUID(str(row[0])), json.loads(bytes(row[1]))) for row in rows if isinstance(row[1], bytes)]
    return [Sealed(event=event, subject=subject, box=body[SEALED]) for event, body in bodies if SEALED in body]


async def opened(hub: Hub, places: dict[str, list[Sealed]]) -> dict[str, int]:
    """How many of these can be opened now, by place; of places that hold any."""
    hub.vault.invalidate()
    return {
        place: sum(plain is not None for plain in await hub.vault.open_many(boxes))
        for place, boxes in places.items()
        if boxes
    }

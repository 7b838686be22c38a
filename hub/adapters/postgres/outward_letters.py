"""Letters of deliveries, documents and timers, written in the transaction in which they fail."""

from collections.abc import Sequence

from hub.adapters.postgres.bulk import write_fingerprints
from hub.adapters.postgres.database import Connection
from hub.application.dead_letters.outward import OutwardLetter

_WRITE = """
INSERT INTO dead_letter (id, consumer_group, key, reference, origin, event_id, type, source, topic, institution, state,
    expires_at, value, fingerprint, classification, reason, partition, "offset", timestamp, headers, attempts)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0, 0,
    (extract(epoch FROM clock_timestamp()) * 1000)::bigint, '[]', 1)
ON CONFLICT (id) DO UPDATE SET state = excluded.state, attempts = dead_letter.attempts + 1,
    fingerprint = excluded.fingerprint, classification = excluded.classification, reason = excluded.reason,
    closed_at = NULL, expires_at = excluded.expires_at
"""


async def write_outward(connection: Connection, letters: Sequence[OutwardLetter]) -> None:
    """Write letters; one that failed before waits again."""
    if not letters:
        return
    await write_fingerprints(connection, [one.failure for one in letters])
    await connection.executemany(_WRITE, [_row(one) for one in letters])


def _row(one: OutwardLetter) -> tuple[object, ...]:
    place = (one.id, one.group, one.key, one.reference, one.origin, one.event, one.type, one.source, one.topic)
    why = (one.failure.fingerprint, one.failure.classification, one.failure.reason)
    return (*place, one.institution, one.state, one.expires_at, one.value, *why)

"""The log of accesses to cases in PostgreSQL."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from hub.adapters.postgres.bulk import write_outbox
from hub.adapters.postgres.chains import Chain, Place, shown
from hub.adapters.postgres.database import Connection, Database, translated
from hub.adapters.postgres.rcd_tables import case_access
from hub.application.envelope import outbox_row
from hub.application.read.case_access import AccessEntry, CaseAccess, hash_of
from hub.domain.messaging.cloudevent import CloudEvent, event_id_of
from hub.domain.messaging.topics import Topics
from schemas.rcd_notices import CaseAccessNoted

_CHAIN = Chain(case_access, AccessEntry, AccessEntry._fields, lock=7305125)
_CASES = """
SELECT key, data::json->>'role_number' AS role_number, data::json->>'court' AS court FROM state
WHERE consumer_group = 'hub.rcd' AND key = ANY($1::text[]) AND data IS NOT NULL
"""
_LISTED = f"""
SELECT {_CHAIN.columns} FROM case_access
WHERE case_id = $1 AND ($2::bigint IS NULL OR seq < $2) ORDER BY seq DESC LIMIT $3
"""


class PostgresCaseAccesses:
    """The port ``AccessLog``."""

    def __init__(self, database: Database, topics: Topics) -> None:
        self._database, self._topics = database, topics

    async def note(self, accesses: Sequence[CaseAccess]) -> Sequence[int]:
        """Append in a transaction of its own; the numbers of the entries, in the order of the accesses."""
        async with self._database.transaction() as connection:
            return await self.append(connection, accesses)

    async def append(self, connection: Connection, accesses: Sequence[CaseAccess]) -> Sequence[int]:
        """Append within an open transaction, with the event of each entry; held until it ends, so do it last."""
        if not accesses:
            return ()
        found = await connection.fetch(_CASES, [access.case for access in accesses])
        known = {row["key"]: dict(row) for row in found}
        makers = [partial(_entry, access, known.get(access.case, {})) for access in accesses]
        rows = await _CHAIN.append(connection, makers)
        events = [_event(row, access) for row, access in zip(rows, accesses, strict=True)]
        await write_outbox(connection, [outbox_row(event, self._topics) for event in events])
        return [row.seq for row in rows]

    def entries(self, *, after: int = 0) -> AsyncIterator[AccessEntry]:
        """Every entry after a number, page by page."""
        return _CHAIN.entries(self._database, after=after)

    async def listed(self, case: str, *, before: int | None, limit: int) -> Sequence[Mapping[str, Any]]:
        """Of one case, the newest first."""
        async with translated():
            rows = await self._database.pool.fetch(_LISTED, case, before, limit)
        return [shown(row) for row in rows]


def _entry(access: CaseAccess, known: Mapping[str, str | None], place: Place) -> AccessEntry:
    entry = AccessEntry(
        seq=place.seq,
        at=datetime.now(UTC),
        case_id=access.case,
        role_number=known.get("role_number") or "",
        court=known.get("court") or "",
        actor=access.actor,
        quality=access.quality,
        mandate_of=access.mandate_of or "",
        modality=access.modality,
        action=access.action,
        what=access.what,
        origin=access.origin,
        authenticated=access.authenticated,
        assurance=access.assurance,
        before=place.before,
        hash=b"",
    )
    return entry._replace(hash=hash_of(entry))


def _event(entry: AccessEntry, access: CaseAccess) -> CloudEvent:
    """The same entry always has the same event: whoever tells it again changes nothing."""
    noted = CaseAccessNoted(
        case=access.case,
        entry=entry.seq,
        at=entry.at,
        quality=access.quality,
        action=access.action,
        what=access.what,
    )
    return CloudEvent(
        id=event_id_of("case-access", str(entry.seq), entry.hash.hex()),
        source="/hub/accesses",
        type=noted.type,
        time=entry.at,
        recordedtime=entry.at,
        partitionkey=access.case,
        subject=None,
        correlationid=access.case,
        data=noted,
    )

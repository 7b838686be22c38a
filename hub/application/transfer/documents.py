"""Which documents told of a case: the ids of its events are made of a document's sender, message id and a number."""

from collections.abc import AsyncIterator, Iterable
from typing import NamedTuple
from uuid import UUID

from pydantic_core import from_json

from hub.application.intake.institutions import EVENTS_CONNECTOR
from hub.application.intake.ports import DocumentRow
from hub.application.intake.receipts import event_ids
from hub.application.transfer.ports import Snapshot
from hub.domain.messaging.cloudevent import event_id_of


class TellingDocument(NamedTuple):
    """A document that told of a case. ``whole``: it told of nothing else."""

    row: DocumentRow
    whole: bool


def sender_of(attributes: str) -> tuple[str, str] | None:
    """Connector and institution of a told event; None: the hub's own."""
    source = str(from_json(attributes).get("ce_source", "")).split("/")
    return (source[2], source[3]) if source[1:2] == ["connectors"] and source[3:] else None


async def telling(
    snapshot: Snapshot, senders: Iterable[tuple[str, str]], events: set[UUID]
) -> AsyncIterator[TellingDocument]:
    """Documents that told these events, by sender, time and id."""
    told = {str(one) for one in events}
    for connector, institution in sorted(senders):
        async for row in snapshot.documents(connector, institution):
            ids = _ids(row)
            if not told.isdisjoint(ids):
                yield TellingDocument(row, told.issuperset(ids))


def _ids(row: DocumentRow) -> list[str]:
    if row.connector == EVENTS_CONNECTOR:
        return [str(event_id_of(EVENTS_CONNECTOR, row.institution, row.message_id))]
    return event_ids(row.connector, row.institution, row.message_id, row.events)

"""Records as they arrive at a consumer group: read, or unreadable, each with its dossier and its id."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from pydantic_core import from_json

from hub.application.envelope import decode, text_headers
from hub.application.ports import Record, Vault
from hub.domain.messaging.cloudevent import CloudEvent, event_id_of
from hub.domain.messaging.decision import ProcessManager
from hub.domain.messaging.errors import UnreadableEventError
from schemas import EVENT_TYPES


class Arrival(NamedTuple):
    """One record for one group. ``event`` is None when it cannot be read; ``error`` then says why."""

    record: Record
    key: str
    id: UUID
    event: CloudEvent | None
    error: UnreadableEventError | None = None


def arrivals(manager: ProcessManager[Any], records: Iterable[Record]) -> list[Arrival]:
    """The records this group handles, in order, each event once; known types of other groups are passed over."""
    found: dict[UUID, Arrival] = {}
    for record in records:
        arrival = _arrival(manager, record)
        if arrival is not None:
            found.setdefault(arrival.id, arrival)
    return list(found.values())


def _arrival(manager: ProcessManager[Any], record: Record) -> Arrival | None:
    try:
        headers = text_headers(record.headers)
        kind = headers.get("ce_type")
        if kind in EVENT_TYPES and kind not in manager.handles:
            return None
        event = decode(record, headers)
    except UnreadableEventError as error:
        return Arrival(record=record, key=_fallback_key(manager, record), id=_place(record), event=None, error=error)
    key = event.person if manager.aggregate == "subject" else event.partitionkey
    return Arrival(record=record, key=key, id=event.id, event=event)


def header(record: Record, name: str) -> str:
    """A header as text; empty when it is missing, bytes that are no text are replaced."""
    return (dict(record.headers).get(name) or b"").decode(errors="replace")


def _fallback_key(manager: ProcessManager[Any], record: Record) -> str:
    """The dossier of an unreadable record, as far as its headers and key tell."""
    subject = header(record, "ce_subject") if manager.aggregate == "subject" else ""
    key = subject or (record.key or b"").decode(errors="replace")
    return key.replace("\x00", "\ufffd") or f"{record.topic}/{record.partition}"


def _place(record: Record) -> UUID:
    """The id of a record that does not say its own: where it lies."""
    return event_id_of("record", record.topic, str(record.partition), str(record.offset))


async def opened(manager: ProcessManager[Any], found: Sequence[Arrival], vault: Vault) -> list[Arrival]:
    """The arrivals with the personal part opened where the group asks for it (erased: left closed)."""
    if not manager.opens:
        return list(found)
    wanted = [a.event for a in found if a.event and a.event.box and a.event.type in manager.opens]
    plain = await vault.open_many([event.sealed for event in wanted if event.sealed])
    data = {
        event.id: event.with_data(event.data.opened(from_json(text)))
        for event, text in zip(wanted, plain, strict=True)
        if text is not None
    }
    return [a._replace(event=data.get(a.id, a.event)) for a in found]

"""CloudEvents on Kafka, binary mode: attributes as ``ce_…`` headers, the data as JSON value.

The value is the readable part of the data plus, when there is a personal part, ``"sealed"``: its box.
"""

from base64 import b64decode
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from pydantic_core import from_json, to_json

from hub.application.ports import OutboxRow, Record
from hub.domain.messaging.cloudevent import CloudEvent, event_id_of
from hub.domain.messaging.errors import UnreadableEventError
from hub.domain.messaging.topics import Topics
from schemas import EVENT_TYPES

SEALED = "sealed"
_JSON_CONTENT = ("content-type", b"application/json")


def attributes(event: CloudEvent) -> dict[str, Any]:
    """CloudEvents attributes of an event, without those it does not have."""
    found = {
        "specversion": "1.0",
        "id": event.id,
        "source": event.source,
        "type": event.type,
        "time": event.time,
        "recordedtime": event.recordedtime,
        "partitionkey": event.partitionkey,
        "correlationid": event.correlationid,
    }
    if event.subject is not None:
        found["subject"] = event.subject
    if event.causationid is not None:
        found["causationid"] = event.causationid
    if event.traceparent is not None:
        found["traceparent"] = event.traceparent
    return found


def encode(event: CloudEvent) -> tuple[str, bytes]:
    """The attributes (a JSON object) and the value of an event, as the outbox and the feeds keep them."""
    return to_json(attributes(event)).decode(), value_of(event)


def outbox_row(event: CloudEvent, topics: Topics) -> OutboxRow:
    """An event as it waits for Kafka, on the one topic of its type, under its partition key."""
    headers, value = encode(event)
    return OutboxRow(topic=topics.by_type[event.type].name, key=event.partitionkey, headers=headers, value=value)


def value_of(event: CloudEvent) -> bytes:
    """The data of an event: what anyone may read, and the sealed box."""
    clear = event.data.clear_bytes()
    if event.box is None:
        return clear
    comma = b"" if clear == b"{}" else b","
    return clear[:-1] + comma + b'"sealed":"' + event.box.encode() + b'"}'


def kafka_headers(stored: str) -> list[tuple[str, bytes]]:
    """Stored attributes as Kafka headers; a stored list holds headers with base64 values, byte for byte."""
    found = from_json(stored)
    if isinstance(found, list):
        return [(name, b64decode(value)) for name, value in found]
    return [_JSON_CONTENT, *((f"ce_{name}", value.encode()) for name, value in found.items())]


def decode(record: Record, headers: Mapping[str, str] | None = None) -> CloudEvent:
    """The event in a record; ``headers``: those of the record as text, when they are known.

    Raises:
        UnreadableEventError: no CloudEvent, a type nobody published, or data of the wrong shape. Its text
            names fields and rules, never values.
    """
    headers = text_headers(record.headers) if headers is None else headers
    kind = EVENT_TYPES.get(headers.get("ce_type", ""))
    if kind is None:
        raise UnreadableEventError("event-type-unknown", "ce_type is missing or names no published event type")
    try:
        body: Any = from_json(record.value or b"")
        box = body.pop(SEALED, None)
        return CloudEvent(
            id=identity(headers),
            source=headers["ce_source"],
            type=kind.type,
            time=moment(headers["ce_time"]),
            recordedtime=moment(headers.get("ce_recordedtime") or headers["ce_time"]),
            partitionkey=headers.get("ce_partitionkey") or (record.key or b"").decode(),
            subject=headers.get("ce_subject"),
            correlationid=headers.get("ce_correlationid") or headers.get("ce_partitionkey", ""),
            causationid=headers.get("ce_causationid"),
            traceparent=headers.get("ce_traceparent"),
            data=kind.model_validate(body),
            box=box,
        )
    except ValidationError as error:
        raise UnreadableEventError("event-data-invalid", _without_values(error)) from None
    except KeyError as error:
        raise UnreadableEventError("event-attribute-missing", f"header {error.args[0]} is missing") from None
    except (ValueError, AttributeError, TypeError):
        raise UnreadableEventError("event-bytes-unreadable", "the record is not a CloudEvent in binary mode") from None


def identity(headers: Mapping[str, str]) -> UUID:
    """The id of an event; ids of other producers that are no UUID become one with their source (UUIDv5)."""
    text = headers["ce_id"]
    try:
        return UUID(text)
    except ValueError:
        return event_id_of("foreign", headers.get("ce_source", ""), text)


def moment(text: str) -> datetime:
    """An RFC 3339 time, in UTC; a time without an offset is refused."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("a time without offset")
    return found if found.tzinfo is UTC else found.astimezone(UTC)


def text_headers(headers: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """Headers of a record as text, without those of other tools that are none (schema ids, traces of their own).

    Raises:
        UnreadableEventError: one of CloudEvents is no text.
    """
    try:
        return {name: value.decode() for name, value in headers}
    except (UnicodeDecodeError, AttributeError):
        own = [(name, value) for name, value in headers if name.startswith("ce_")]
    try:
        return {name: value.decode() for name, value in own}
    except (UnicodeDecodeError, AttributeError):
        raise UnreadableEventError("event-headers-unreadable", "a ce_ header is not UTF-8 text") from None


def _without_values(error: ValidationError) -> str:
    """Fields and rules of a validation error; the values stay out."""
    return "; ".join(f"/{'/'.join(map(str, one['loc']))}: {one['type']}" for one in error.errors(include_input=False))

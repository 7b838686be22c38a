"""The messages of the AsyncAPI document: CloudEvents headers, and the data as it stands in the record's value."""

from typing import Any

from hub.application.envelope import SEALED
from hub.domain.messaging.topics import Topics
from schemas import EVENT_TYPES
from schemas.json_schema import inlined, schema_of

Document = dict[str, Any]

_TEXT = {"type": "string", "minLength": 1}
_TIME = {"type": "string", "format": "date-time"}

HEADERS: Document = {
    "type": "object",
    "description": "CloudEvents 1.0 attributes, Kafka binary mode.",
    "required": ["ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "ce_partitionkey", "content-type"],
    "properties": {
        "ce_specversion": {"const": "1.0"},
        "ce_id": {"type": "string", "format": "uuid", "description": "The same for a resend of the same event."},
        "ce_source": _TEXT | {"description": "Who told it."},
        "ce_type": _TEXT | {"description": "The event type."},
        "ce_time": _TIME | {"description": "When it happened; deadlines count from here."},
        "ce_recordedtime": _TIME | {"description": "When the hub learned it."},
        "ce_partitionkey": _TEXT | {"description": "Whose order it keeps; also the record's key."},
        "ce_subject": {
            "type": "string",
            "pattern": "^p[0-9a-f]{32}$",
            "description": "Pseudonym of the person it is about.",
        },
        "ce_correlationid": _TEXT | {"description": "The same for all that follows from one document."},
        "ce_causationid": _TEXT | {"description": "Id of the event that caused this one."},
        "ce_traceparent": {
            "type": "string",
            "pattern": "^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$",
            "description": "W3C trace context.",
        },
        "content-type": {"const": "application/json"},
    },
}

SEALED_PART: Document = {
    "type": "object",
    "properties": {
        SEALED: {
            "type": "string",
            "pattern": r"^[0-9]+\.[A-Za-z0-9_-]+$",
            "description": "The personal fields as one AES-256-GCM ciphertext under the person's key, after the "
            "key's generation; absent when the event has none. Unreadable for ever once the person is erased.",
        }
    },
}


def message_name(kind: str) -> str:
    """The name of an event type's message: its class."""
    return EVENT_TYPES[kind].__name__


def components(topics: Topics) -> Document:
    """Messages and schemas of every event type that stands in a topic."""
    kinds = sorted(topics.by_type)
    return {
        "messages": {message_name(kind): _message(kind) for kind in kinds},
        "schemas": {"CloudEventHeaders": HEADERS, "SealedPart": SEALED_PART} | {kind: _payload(kind) for kind in kinds},
    }


def _message(kind: str) -> Document:
    return {
        "name": kind,
        "title": message_name(kind),
        "summary": _first_line(kind),
        "contentType": "application/json",
        "headers": {
            "allOf": [
                {"$ref": "#/components/schemas/CloudEventHeaders"},
                {"type": "object", "properties": {"ce_type": {"const": kind}}},
            ]
        },
        "payload": {
            "allOf": [{"$ref": f"#/components/schemas/{kind}"}, {"$ref": "#/components/schemas/SealedPart"}],
        },
        "correlationId": {"location": "$message.header#/ce_correlationid"},
        "bindings": {"kafka": {"key": _TEXT | {"description": _key(kind)}, "bindingVersion": "0.5.0"}},
    }


def _payload(kind: str) -> Document:
    return {key: value for key, value in inlined(schema_of(EVENT_TYPES[kind])).items() if key not in {"$schema", "$id"}}


def _key(kind: str) -> str:
    told = {
        "person": "the pseudonym of the person",
        "dossier": "the pseudonym of the dossier",
        "office": "the office",
        "adapter": "the service of a partner",
        "case": "the collective settlement case",
        "account": "the institution whose account it is",
    }
    return f"Keyed by {told[EVENT_TYPES[kind].keyed_by]}."


def _first_line(kind: str) -> str:
    return (EVENT_TYPES[kind].__doc__ or "").strip().splitlines()[0]

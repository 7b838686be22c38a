"""A letter's body as an administrator may see it: masked, until fields are revealed for a purpose."""

from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hub.application.envelope import decode
from hub.application.ports import Record
from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.errors import UnreadableEventError

RAW = "body"
"""The one field of a body that cannot be read as an event: nobody knows what in it is personal."""
CLOSED = "closed"
"""What stands for a header of which nobody knows what it holds."""
_TOLD = ("ce_", "dlq_")
_TOLD_TOO = frozenset({"content-type", "traceparent"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """What is readable of a letter, and the names of what is closed.

    ``headers``: value None where another tool wrote a header of which nobody knows what it holds.
    """

    headers: Sequence[tuple[str, str | None]]
    clear: Mapping[str, Any]
    closed: tuple[str, ...]
    size: int
    event: CloudEvent | None = None
    raw: str = field(default="", repr=False)


def body_of(letter: Mapping[str, Any]) -> Body:
    """The body of a letter with its headers, masked."""
    headers = [(name, b64decode(value)) for name, value in letter["headers"] or ()]
    value: bytes = letter["value"] or b""
    told = [(name, _text(value) if may_be_told(name) else None) for name, value in headers]
    event = _event(letter, headers, value)
    if event is None:
        return Body(
            headers=told,
            clear={},
            closed=(RAW,) if value else (),
            size=len(value),
            raw=value.decode(errors="replace"),
        )
    closed = tuple(sorted(event.data.personal_fields())) if event.sealed else ()
    return Body(headers=told, clear=event.data.clear_json(), closed=closed, size=len(value), event=event)


def shown(letter: Mapping[str, Any]) -> dict[str, Any]:
    """Headers and body of a letter as they may leave the hub: what nobody knows to be free of persons stays closed."""
    body = body_of(letter)
    return {
        "headers": {name: value if value is not None else CLOSED for name, value in body.headers},
        "body": dict(body.clear),
        "closed": list(body.closed),
    }


def _event(letter: Mapping[str, Any], headers: list[tuple[str, bytes]], value: bytes) -> CloudEvent | None:
    record = Record(
        topic=letter["topic"],
        partition=letter["partition"],
        offset=letter["offset"],
        timestamp=letter["timestamp"],
        key=letter["record_key"],
        headers=tuple(headers),
        value=value,
    )
    try:
        return decode(record)
    except UnreadableEventError:
        return None


def may_be_told(name: str) -> bool:
    """Whether a header is one of ours, which holds nothing of a person."""
    return name.startswith(_TOLD) or name.lower() in _TOLD_TOO


def _text(value: bytes) -> str:
    return value.decode(errors="replace")

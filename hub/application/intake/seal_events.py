"""Events on their way to the outbox: personal parts sealed, and no larger than Kafka takes."""

from collections.abc import Sequence

from hub.application.vault import Vault
from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.errors import RuleError
from schemas.event import Event

LARGEST_EVENT = 900_000
"""Bytes of an event's value; Kafka's brokers take records of 1 MiB (``message.max.bytes``), headers included."""
_NOTHING = b"{}"


def sealed_size(data: Event) -> int:
    """How large the value of an event will be: its readable part, and its personal part in base64."""
    return len(data.clear_bytes()) + len(data.personal_json()) * 4 // 3


async def sealed(events: Sequence[CloudEvent], vault: Vault) -> list[CloudEvent]:
    """The events with their personal parts as boxes.

    Raises:
        RuleError: ``personal-without-person``: an event has personal data and no person to seal it for.
    """
    plain = [event.data.personal_json() for event in events]
    wanted = []
    for event, personal in zip(events, plain, strict=True):
        if personal != _NOTHING:
            if event.subject is None:
                raise RuleError("personal-without-person", f"{event.type} carries personal data of nobody")
            wanted.append((event.subject, event.id, personal))
    boxes = iter(await vault.seal_many(wanted))
    return [
        event if personal == _NOTHING else event._replace(box=next(boxes))
        for event, personal in zip(events, plain, strict=True)
    ]

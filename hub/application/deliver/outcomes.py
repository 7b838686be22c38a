"""The events that tell what became of a delivery: of a mail, or what its gateway or its kind says."""

from datetime import datetime

from hub.application.consult.given_up import GIVEN_UP
from hub.application.deliver.ports import DeliveryResult, DueDelivery
from hub.application.envelope import outbox_row
from hub.application.ports import OutboxRow
from hub.domain.messaging.cloudevent import CloudEvent, event_id_of
from hub.domain.messaging.topics import Topics
from schemas.deliveries import MailFailed, MailSent
from schemas.event import Event

SOURCE = "/hub/deliver"


def told_of(delivery: DueDelivery) -> bool:
    """Whether an event tells of a delivery's end: not of a mail that belongs to no dossier."""
    return delivery.kind != "mail" or "dossier" in delivery.content


def outcome_row(
    delivery: DueDelivery, result: DeliveryResult, *, possibly_doubled: bool, topics: Topics, now: datetime
) -> OutboxRow:
    """The outbox row of a delivery's end; the same delivery and end make the same event id.

    The event keeps its place among those of its dossier, even where each office of a dossier has its own order.
    """
    data = result.told or _usual(delivery, result, possibly_doubled, now)
    key = delivery.content.get("dossier", delivery.key)
    event = CloudEvent(
        id=event_id_of("delivery", str(delivery.id), data.type),
        source=SOURCE,
        type=data.type,
        time=now,
        recordedtime=now,
        partitionkey=key,
        subject=delivery.subject,
        correlationid=delivery.correlationid,
        causationid=str(delivery.event_id),
        traceparent=delivery.traceparent,
        data=data,
    )
    return outbox_row(event, topics)


def _usual(delivery: DueDelivery, result: DeliveryResult, possibly_doubled: bool, now: datetime) -> Event:  # noqa: FBT001 - one caller
    given_up = GIVEN_UP.get(delivery.kind)
    if given_up is not None:
        return given_up(delivery, result)
    return _sent(delivery, possibly_doubled, now) if result.outcome == "sent" else _failed(delivery, result, now)


def _sent(delivery: DueDelivery, possibly_doubled: bool, now: datetime) -> MailSent:  # noqa: FBT001 - one caller
    return MailSent(
        dossier=delivery.content.get("dossier"),
        office=delivery.content.get("office"),
        effect=delivery.effect,
        delivery=str(delivery.id),
        sent_at=now,
        possibly_doubled=possibly_doubled,
    )


def _failed(delivery: DueDelivery, result: DeliveryResult, now: datetime) -> MailFailed:
    return MailFailed(
        dossier=delivery.content.get("dossier"),
        office=delivery.content.get("office"),
        effect=delivery.effect,
        delivery=str(delivery.id),
        failed_at=now,
        rule=(result.reason or "unknown").partition(":")[0],
    )

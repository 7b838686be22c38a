"""A delivery that gave up becomes a letter."""

from hub.application.consume.failures import failure_named, letter_id
from hub.application.dead_letters.outward import DELIVER, OutwardLetter
from hub.application.deliver.ports import DeliveryResult, DueDelivery

_OURS = frozenset({"mail-kind-unknown", "mail-without-reference", "gateway-missing"})


def is_failure(result: DeliveryResult) -> bool:
    """Whether an end needs somebody: that a person was erased is no failure, nothing of hers must leave."""
    return result.outcome == "refused" and result.reason != "subject-erased"


def letter_of(delivery: DueDelivery, result: DeliveryResult) -> OutwardLetter:
    """Its letter; the fingerprint is of kind and rule, the reason without values."""
    rule = result.reason or "refused"
    effect = delivery.effect.partition("/")[0]
    content = delivery.content
    whose = content.get("institution") or content.get("office") or content.get("cpas")
    return OutwardLetter(
        id=letter_id(DELIVER, delivery.id),
        group=DELIVER,
        key=content.get("dossier", delivery.key),
        reference=delivery.id,
        origin="delivery",
        event=delivery.event_id,
        type=f"{delivery.kind}/{effect}",
        source=f"/{delivery.partner}",
        topic="deliveries",
        institution=whose,
        failure=failure_named(
            "deliver",
            delivery.kind,
            f"{effect}:{rule}",
            reason=f"given up after {delivery.attempt} attempts: {rule}",
            classification="ours" if rule in _OURS else "partner",
        ),
    )

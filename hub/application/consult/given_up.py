"""What is told of a delivery to the bank that was given up: certainly not done, or nobody knows."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from hub.application.deliver.ports import DeliveryResult, DueDelivery
from hub.domain.persons.told import ACCESS, BIS, FLOW, SEARCH
from schemas.bis_numbers import BisCallEnded
from schemas.consultations import FlowCallEnded
from schemas.event import Event
from schemas.persons import AccessCallEnded
from schemas.searches import SearchCallEnded


def _access(delivery: DueDelivery, result: DeliveryResult) -> Event:
    content = delivery.content
    changes = content["operation"] != "list"
    return AccessCallEnded.model_validate(
        {
            "dossier": content["dossier"],
            "cpas": content["cpas"],
            "operation": content["operation"],
            "integration": content.get("integration"),
            "outcome": "unknown" if changes and result.uncertain else "failed",
            "reasons": (_rule(result),),
        }
    )


def _flow(delivery: DueDelivery, result: DeliveryResult) -> Event:
    content = delivery.content
    return FlowCallEnded.model_validate(
        {
            "dossier": content["dossier"],
            "cpas": content["cpas"],
            "consultation": content["consultation"],
            "flow": content["flow"],
            "outcome": "failed",
            "reasons": (_rule(result),),
        }
    )


def _search(delivery: DueDelivery, result: DeliveryResult) -> Event:
    content = delivery.content
    return SearchCallEnded(
        dossier=content["dossier"],
        cpas=content["cpas"],
        consultation=content["consultation"],
        outcome="failed",
        reasons=(_rule(result),),
    )


def _bis(delivery: DueDelivery, result: DeliveryResult) -> Event:
    content = delivery.content
    return BisCallEnded(
        dossier=content["dossier"],
        cpas=content["cpas"],
        consultation=content["consultation"],
        outcome="unknown" if result.uncertain else "failed",
        reasons=(_rule(result),),
    )


def _rule(result: DeliveryResult) -> str:
    return (result.reason or "unknown").rpartition(":")[2][:64]


GIVEN_UP: Mapping[str, Callable[[DueDelivery, DeliveryResult], Event]] = MappingProxyType(
    {ACCESS: _access, FLOW: _flow, SEARCH: _search, BIS: _bis}
)
"""By kind of delivery."""

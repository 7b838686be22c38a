"""The process manager of a person at a CPAS: the gate and everything behind it (bcss-primaweb §3.1).

``debt file opened → integration requested → registered · rejected · unknown → a list decides``. Debt file and
integration are two aggregates linked by events, because the bank can be down while files are opened (D7).
"""

from collections.abc import Callable

from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Decision, ProcessManager
from hub.domain.messaging.errors import RuleError
from hub.domain.persons import bis_numbers, consultations, files, integrations, mutations, outcomes, searches
from hub.domain.persons.gate import GateRules
from hub.domain.persons.state import Access
from schemas.bis_numbers import BisCallEnded, RequestBisNumber
from schemas.consultations import ConsultFlow, FlowCallEnded
from schemas.mutations import MutationAwaited, PersonMutationNotified, PersonRenumbered
from schemas.persons import (
    AccessCallEnded,
    DebtFileStandingChanged,
    EndIntegration,
    IntegrationTermReached,
    ListIntegrations,
    RequestIntegration,
)
from schemas.searches import SearchCallEnded, SearchPerson

GROUP = "hub.persons"
_HANDLED = (
    RequestIntegration,
    EndIntegration,
    ListIntegrations,
    ConsultFlow,
    AccessCallEnded,
    FlowCallEnded,
    IntegrationTermReached,
    DebtFileStandingChanged,
    SearchPerson,
    SearchCallEnded,
    RequestBisNumber,
    BisCallEnded,
    PersonMutationNotified,
    PersonRenumbered,
    MutationAwaited,
)


def persons(rules: GateRules) -> Callable[[Access | None, CloudEvent], Decision[Access]]:
    """The fold of a person at a CPAS."""

    def fold(state: Access | None, event: CloudEvent) -> Decision[Access]:
        known = state or Access(cpas=getattr(event.data, "cpas", ""), subject=event.subject or "")
        match event.data:
            case RequestIntegration() | EndIntegration() | ListIntegrations() | ConsultFlow():
                return _commanded(known, event, rules)
            case AccessCallEnded() as data:
                return outcomes.ended(known, event, data, rules)
            case FlowCallEnded():
                return consultations.ended(known, event, event.data)
            case IntegrationTermReached() as data:
                return outcomes.term_reached(known, event, data, rules)
            case DebtFileStandingChanged() as data:
                return files.changed(known, event, data, rules)
            case _:
                return _sought(known, event, rules)

    return fold


def _commanded(state: Access, event: CloudEvent, rules: GateRules) -> Decision[Access]:
    """What a CPAS asks."""
    match event.data:
        case RequestIntegration() as data:
            return integrations.request(state, event, data, rules)
        case EndIntegration() as data:
            return integrations.unregister(state, event, data)
        case ConsultFlow() as data:
            return consultations.consult(state, event, data, rules)
        case _:
            return integrations.ask_list(state, event)


def _sought(state: Access, event: CloudEvent, rules: GateRules) -> Decision[Access]:
    """Who somebody is that the CPAS does not know yet, or a number for her."""
    match event.data:
        case SearchPerson() as data:
            return searches.search(state, event, data)
        case SearchCallEnded() as data:
            return searches.ended(state, event, data)
        case RequestBisNumber():
            return bis_numbers.request(state, event, rules.bis_search_age)
        case BisCallEnded() as data:
            return bis_numbers.ended(state, event, data)
        case _:
            return _pushed(state, event, rules)


def _pushed(state: Access, event: CloudEvent, rules: GateRules) -> Decision[Access]:
    """What the registers behind the bank tell."""
    match event.data:
        case PersonMutationNotified() as data:
            return mutations.notified(state, event, data, rules)
        case PersonRenumbered() as data:
            return mutations.renumbered(state, event, data)
        case MutationAwaited() as data:
            return mutations.awaited(state, event, data, rules)
        case _:
            raise RuleError("event-not-handled", "a person at a CPAS does not know this event")


def process_manager(rules: GateRules) -> ProcessManager[Access]:
    """The consumer group of persons at CPAS."""
    return ProcessManager(
        group=GROUP, state=Access, fold=persons(rules), handles=frozenset(kind.type for kind in _HANDLED)
    )

"""What every decision about a person at a CPAS is made of: emissions in order, rows with their history, calls."""

from datetime import date

from hub.domain.messaging.calendar import end_of, start_of
from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Decision, Delivery, Emission, Timer
from hub.domain.messaging.identity import Identity
from hub.domain.persons.gate import GateRules
from hub.domain.persons.state import (
    Access,
    IntegrationHistoryRow,
    IntegrationRow,
    IntegrationState,
    Pending,
)
from schemas.event import Event
from schemas.mediation import CommandRefused
from schemas.persons import IntegrationTermReached

ACCESS, FLOW, SEARCH, BIS = "bcss-access", "bcss-flow", "bcss-search", "bcss-bis"
"""Kinds of deliveries to the bank."""
ACCESS_ADAPTER, SEARCH_ADAPTER, BIS_ADAPTER = "bcss/access", "bcss/search", "bcss/bis"


def adapter_of(flow: str) -> str:
    """The service that answers a flow: what a breaker watches and what is suspended."""
    return f"bcss/{flow}"


def told(state: Access, event: CloudEvent, data: Event, identity: Identity | None = None) -> Emission:
    """An event for the CPAS, on the dossier's own key."""
    return Emission(
        data=data,
        key=event.partitionkey,
        subject=state.subject,
        feeds=(state.cpas,),
        personal=identity.sealed if identity else None,
        time=event.recordedtime,
    )


def refused(state: Access, event: CloudEvent, rule: str) -> Decision[Access]:
    """Tell the CPAS which rule forbids what it asked."""
    data = CommandRefused(institution=state.cpas, command=str(event.id), rule=rule)
    return Decision(state=state, events=(Emission(data=data, key=event.partitionkey, feeds=(state.cpas,)),))


def rows(
    state: Access, event: CloudEvent, integration: str, change: Pending, *, to: IntegrationState, reason: str = ""
) -> tuple[IntegrationRow, IntegrationHistoryRow]:
    """How an integration stands now, and the step that brought it there."""
    key, at = event.partitionkey, event.recordedtime
    code, span = change.code, change.span
    current = IntegrationRow(
        key, integration, state.cpas, state.subject, code, span.begin, span.end, to, reason or None, at
    )
    step = IntegrationHistoryRow(key, integration, event.id, to, span.begin, span.end, reason or None, at)
    return current, step


def change_call(state: Access, event: CloudEvent, name: str, change: Pending) -> Delivery:
    """Ask the bank for a change. Its effect names the try: a list must have spoken before another one."""
    content = {
        "dossier": event.partitionkey,
        "cpas": state.cpas,
        "operation": change.operation,
        "integration": name,
        "code": str(change.code),
        "begin": change.begin.isoformat(),
    }
    if change.end is not None:
        content["end"] = change.end.isoformat()
    return _access(state, event, f"{change.operation}/{name}/{change.tries}", content)


def list_call(state: Access, event: CloudEvent) -> Delivery:
    """Ask the bank which integrations it knows; it changes nothing there."""
    return _access(state, event, "list", {"dossier": event.partitionkey, "cpas": state.cpas, "operation": "list"})


def _access(state: Access, event: CloudEvent, effect: str, content: dict[str, str]) -> Delivery:
    return Delivery(
        effect=effect,
        kind=ACCESS,
        partner=ACCESS_ADAPTER,
        key=f"{event.partitionkey}/access",  # changes and lists of a person keep their order; her flows do not wait
        content=content,
        personal=state.person.sealed if state.person else None,
    )


def terms(state: Access, event: CloudEvent, name: str, last: date | None, rules: GateRules) -> tuple[Timer, Timer]:
    """The warning before the end of an integration and the end itself; None cancels both."""

    def timer(term: str) -> Timer:
        if last is None:
            return Timer(name=f"{name}/{term}", due=None)
        due = end_of(last) if term == "end" else start_of(rules.warn.before(last))
        reached = IntegrationTermReached(
            dossier=event.partitionkey, integration=name, term="end" if term == "end" else "warning"
        )
        return Timer(name=f"{name}/{term}", due=due, event=reached, key=event.partitionkey, subject=state.subject)

    return timer("warning"), timer("end")

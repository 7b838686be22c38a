"""Consultations of the seven flows behind the gate (bcss-primaweb I8, D3, §1.5)."""

from uuid import UUID

from hub.domain.messaging.calendar import local_date
from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Decision, Delivery
from hub.domain.persons.gate import GateRules, gate
from hub.domain.persons.reasons import treatment_of
from hub.domain.persons.state import Access, ConsultationRow, Consulting
from hub.domain.persons.told import FLOW, adapter_of, list_call, refused, told
from schemas.consultations import (
    ConsultFlow,
    FlowAnswered,
    FlowCallEnded,
    FlowConsultationAuthorised,
    FlowConsultationDenied,
    FlowFailed,
    PersonNumberCancelled,
    PersonNumberReplaced,
)
from schemas.event import Event

BANK_DENIED = "BCSS_MSG00012"
_WITH_PERIOD = frozenset({"pensions"})
"""Flows that cannot be asked without both days (bcss-primaweb §2.6)."""


def consult(state: Access, event: CloudEvent, data: ConsultFlow, rules: GateRules) -> Decision[Access]:
    """Authorise a consultation and send it on its way, or deny it."""
    if rule := _forbidden(data):
        return refused(state, event, rule)
    name = str(event.id)
    verdict = gate(state, data.flow, local_date(event.recordedtime), rules)
    if verdict.integration is None:
        return _denied(state, event, name, flow=data.flow, reason=verdict.reason or "NOT_INTEGRATED")
    consulting = Consulting(flow=data.flow, integration=verdict.integration)
    after = state.model_copy(update={"consultations": {**state.consultations, name: consulting}})
    fact = FlowConsultationAuthorised(
        dossier=event.partitionkey,
        cpas=state.cpas,
        consultation=name,
        flow=data.flow,
        integration=verdict.integration,
    )
    return Decision(
        state=after,
        rows=(_row(state, event, name, data.flow, "authorised"),),
        events=(told(state, event, fact),),
        deliveries=(_call(state, event, name, data),),
    )


def _forbidden(data: ConsultFlow) -> str | None:
    if data.begin and data.end and data.end < data.begin:
        return "period-order"
    if data.flow in _WITH_PERIOD and not (data.begin and data.end and data.focus):
        return "period-and-focus-required"
    return None


def _call(state: Access, event: CloudEvent, name: str, data: ConsultFlow) -> Delivery:
    content = {
        "dossier": event.partitionkey,
        "cpas": state.cpas,
        "consultation": name,
        "flow": data.flow,
        "language": data.language,
    }
    optional = {
        "begin": data.begin.isoformat() if data.begin else None,
        "end": data.end.isoformat() if data.end else None,
        "focus": data.focus,
    }
    content.update({field: value for field, value in optional.items() if value})
    identity = state.proven(event)
    return Delivery(
        effect=f"consult/{data.flow}",
        kind=FLOW,
        partner=adapter_of(data.flow),
        key=f"{event.partitionkey}/{data.flow}",  # a service that is slow holds back nothing of another
        content=content,
        personal=identity.sealed if identity else None,
    )


def ended(state: Access, event: CloudEvent, data: FlowCallEnded) -> Decision[Access]:
    """What became of a consultation; only an authorised one can be answered."""
    consulting = state.consultations.get(data.consultation)
    if consulting is None:
        return Decision(state=state)
    left = {name: one for name, one in state.consultations.items() if name != data.consultation}
    after = state.model_copy(update={"consultations": left})
    match data.outcome:
        case "answered":
            return _answered(after, event, data, consulting)
        case "denied":
            return _refused_by_gate(after, event, data)
        case _:
            fact = FlowFailed(
                dossier=event.partitionkey,
                cpas=state.cpas,
                consultation=data.consultation,
                flow=data.flow,
                reasons=data.reasons,
            )
            row = _row(after, event, data.consultation, data.flow, "failed", reason=" ".join(data.reasons))
            return Decision(state=after, rows=(row,), events=(told(after, event, fact),))


def _answered(state: Access, event: CloudEvent, data: FlowCallEnded, consulting: Consulting) -> Decision[Access]:
    if data.status is None or data.asked_at is None or data.ticket is None:
        fact: Event = FlowFailed(
            dossier=event.partitionkey,
            cpas=state.cpas,
            consultation=data.consultation,
            flow=data.flow,
            reasons=("answer-incomplete",),
        )
        return Decision(state=state, events=(told(state, event, fact),))
    fact = FlowAnswered(
        dossier=event.partitionkey,
        cpas=state.cpas,
        consultation=data.consultation,
        flow=data.flow,
        integration=data.integration or consulting.integration,
        status=data.status,
        reasons=data.reasons,
        filtered=data.filtered,
        answer=data.answer,
        asked_at=data.asked_at,
        ticket=data.ticket,
        ticket_bcss=data.ticket_bcss,
    )
    row = _row(state, event, data.consultation, data.flow, "answered", status=data.status, answer=data.answer)
    events = [told(state, event, fact)]
    match treatment_of(data.reasons, data.status):
        case "replaced":
            number: Event = PersonNumberReplaced(dossier=event.partitionkey, cpas=state.cpas, answer=data.answer)
            events.append(told(state, event, number))
        case "cancelled":
            number = PersonNumberCancelled(dossier=event.partitionkey, cpas=state.cpas, answer=data.answer)
            events.append(told(state, event, number))
    return Decision(state=state, rows=(row,), events=tuple(events))


def _refused_by_gate(state: Access, event: CloudEvent, data: FlowCallEnded) -> Decision[Access]:
    """The gate was closed at the moment of sending; when it was the bank's, a list refreshes what we know."""
    reason = data.reasons[0] if data.reasons else "NOT_INTEGRATED"
    decision = _denied(state, event, data.consultation, flow=data.flow, reason=reason, ticket_bcss=data.ticket_bcss)
    if reason != BANK_DENIED or state.person is None:
        return decision
    return decision._replace(deliveries=(list_call(state, event),))


def _denied(
    state: Access, event: CloudEvent, name: str, *, flow: str, reason: str, ticket_bcss: str | None = None
) -> Decision[Access]:
    fact = FlowConsultationDenied.model_validate(
        {
            "dossier": event.partitionkey,
            "cpas": state.cpas,
            "consultation": name,
            "flow": flow,
            "reason": reason,
            "ticket_bcss": ticket_bcss,
        }
    )
    row = _row(state, event, name, flow, "denied", reason=reason)
    return Decision(state=state, rows=(row,), events=(told(state, event, fact),))


def _row(
    state: Access,
    event: CloudEvent,
    name: str,
    flow: str,
    to: str,
    *,
    status: str | None = None,
    reason: str | None = None,
    answer: str | None = None,
) -> ConsultationRow:
    at = event.recordedtime
    found = UUID(answer) if answer else None
    asked = at if name == str(event.id) else None  # what comes later leaves it as it was
    return ConsultationRow(
        name, event.partitionkey, state.cpas, state.subject, flow, to, status, reason, found, asked, at
    )

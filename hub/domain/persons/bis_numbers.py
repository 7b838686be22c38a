"""BIS numbers for people whom no register knows (bcss-primaweb §2.3), only after a search that found nobody.

The request is of the same aggregate as that search, so it is folded behind it. A number that may have been given is
never asked for again by itself: that would give somebody two. A new search tells.
"""

from datetime import timedelta
from uuid import UUID

from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Decision, Delivery
from hub.domain.messaging.identity import Identity
from hub.domain.persons.state import Access, ConsultationRow
from hub.domain.persons.told import BIS, BIS_ADAPTER, refused, told
from schemas.bis_numbers import (
    BisCallEnded,
    BisDuplicateFound,
    BisNumberAssigned,
    BisNumberFailed,
    BisNumberRequested,
)
from schemas.event import Event

FLOW_NAME = "bis-number"
"""What a request is filed under among consultations and answers."""


def request(state: Access, event: CloudEvent, longest: timedelta) -> Decision[Access]:
    """Send it on its way; ``longest``: how old the search that found nobody may be."""
    identity = Identity.of(event)
    if identity is None:
        return refused(state, event, "criteria-missing")
    if state.asked_bis is not None:
        return refused(state, event, "bis-number-pending")
    if state.nobody_at is None:
        return refused(state, event, "bis-search-missing")
    if event.recordedtime - state.nobody_at > longest:
        return refused(state, event, "bis-search-too-old")
    name = str(event.id)
    delivery = Delivery(
        effect="bis-number",
        kind=BIS,
        partner=BIS_ADAPTER,
        key=f"{event.partitionkey}/search",
        content={"dossier": event.partitionkey, "cpas": state.cpas, "consultation": name},
        personal=identity.sealed,
    )
    after = state.model_copy(update={"asked_bis": name, "nobody_at": None})
    asked = BisNumberRequested(dossier=event.partitionkey, cpas=state.cpas, consultation=name)
    rows = (_row(state, event, name, "authorised"),)
    return Decision(state=after, rows=rows, events=(told(after, event, asked),), deliveries=(delivery,))


def ended(state: Access, event: CloudEvent, data: BisCallEnded) -> Decision[Access]:
    """What became of a request; told once."""
    if data.consultation != state.asked_bis:
        return Decision(state=state)
    after = state.model_copy(update={"asked_bis": None})
    fact = _fact(event.partitionkey, state.cpas, data)
    if isinstance(fact, BisNumberFailed):
        row = _row(after, event, data.consultation, "failed", reason=" ".join(data.reasons))
    else:
        row = _row(after, event, data.consultation, "answered", status="DATA_FOUND", answer=data.answer)
    return Decision(state=after, rows=(row,), events=(told(after, event, fact),))


def _fact(dossier: str, cpas: str, data: BisCallEnded) -> Event:
    if data.outcome != "answered" or data.ticket is None:
        return BisNumberFailed(
            dossier=dossier,
            cpas=cpas,
            consultation=data.consultation,
            uncertain=data.outcome == "unknown",
            reasons=data.reasons,
        )
    if data.assigned:
        return BisNumberAssigned(
            dossier=dossier,
            cpas=cpas,
            consultation=data.consultation,
            answer=data.answer,
            ticket=data.ticket,
            ticket_bcss=data.ticket_bcss,
        )
    return BisDuplicateFound(
        dossier=dossier,
        cpas=cpas,
        consultation=data.consultation,
        found=data.found,
        answer=data.answer,
        ticket=data.ticket,
        ticket_bcss=data.ticket_bcss,
    )


def _row(
    state: Access,
    event: CloudEvent,
    name: str,
    to: str,
    *,
    status: str | None = None,
    reason: str | None = None,
    answer: str | None = None,
) -> ConsultationRow:
    at = event.recordedtime
    found, asked = UUID(answer) if answer else None, at if to == "authorised" else None
    return ConsultationRow(
        name, event.partitionkey, state.cpas, state.subject, FLOW_NAME, to, status, reason, found, asked, at
    )

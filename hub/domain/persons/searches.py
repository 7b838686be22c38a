"""Searches for a person at the bank (bcss-primaweb §2.2): nothing to gate, since nobody's file is opened.

A search is an aggregate of its own: its dossier is that of the search's name, not of a person.
"""

from uuid import UUID

from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Decision, Delivery
from hub.domain.messaging.identity import Identity
from hub.domain.persons.bis_numbers import FLOW_NAME as BIS_FLOW
from hub.domain.persons.state import Access, ConsultationRow
from hub.domain.persons.told import SEARCH, SEARCH_ADAPTER, refused, told
from schemas.event import Event
from schemas.searches import PersonSearched, PersonSearchFailed, SearchCallEnded, SearchPerson

FLOW_NAME = "person-search"
"""What a search is filed under among consultations and answers."""
UNGATED = frozenset({FLOW_NAME, BIS_FLOW})
"""Answers that tell who somebody is: no gate, since nobody's file is opened; sealed under the key of a search."""


def search(state: Access, event: CloudEvent, data: SearchPerson) -> Decision[Access]:
    """Send it on its way."""
    identity = Identity.of(event)
    if identity is None:
        return refused(state, event, "criteria-missing")
    name = str(event.id)
    content = {
        "dossier": event.partitionkey,
        "cpas": state.cpas,
        "consultation": name,
        "most": str(data.most),
        **({} if data.tolerance is None else {"tolerance": str(data.tolerance)}),
    }
    delivery = Delivery(
        effect="search",
        kind=SEARCH,
        partner=SEARCH_ADAPTER,
        key=f"{event.partitionkey}/search",
        content=content,
        personal=identity.sealed,
    )
    after = state.model_copy(update={"searches": (*state.searches, name)})
    return Decision(state=after, rows=(_row(state, event, name, "authorised"),), deliveries=(delivery,))


def ended(state: Access, event: CloudEvent, data: SearchCallEnded) -> Decision[Access]:
    """What became of a search; told once."""
    name = data.consultation
    if name not in state.searches:
        return Decision(state=state)
    nobody = data.outcome == "answered" and data.mode == "sound" and not data.found
    left = tuple(one for one in state.searches if one != name)
    after = state.model_copy(update={"searches": left, "nobody_at": event.recordedtime if nobody else None})
    fact: Event
    if data.outcome == "answered" and data.ticket is not None:
        fact = PersonSearched(
            dossier=event.partitionkey,
            cpas=state.cpas,
            consultation=name,
            mode=data.mode,
            found=data.found,
            validated=data.validated,
            reasons=data.reasons,
            answer=data.answer,
            ticket=data.ticket,
            ticket_bcss=data.ticket_bcss,
        )
        status = "DATA_FOUND" if data.found else "NO_DATA_FOUND"
        row = _row(after, event, name, "answered", status=status, answer=data.answer)
    else:
        fact = PersonSearchFailed(dossier=event.partitionkey, cpas=state.cpas, consultation=name, reasons=data.reasons)
        row = _row(after, event, name, "failed", reason=" ".join(data.reasons))
    return Decision(state=after, rows=(row,), events=(told(after, event, fact),))


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

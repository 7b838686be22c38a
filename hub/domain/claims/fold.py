"""Claims of one person: told, corrected, withdrawn; told on to the dossiers whose CPAS invited the office.

Source: fca-cpc §4.4 (claims may be added while the dossier is open), §4.5 (form), §4.9 (an office sees its own
claims only, the CPAS all of its dossier). A version that arrives after a later one changes nothing.
"""

from collections.abc import Iterator

from hub.domain.claims.state import ClaimOfficeRow, ClaimRow, OpenDossier, PersonClaims, SynchronisationRow
from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Decision, Emission, ProcessManager
from hub.domain.messaging.errors import RuleError
from schemas.claims import (
    ClaimCorrected,
    ClaimJoined,
    ClaimLeft,
    ClaimsFound,
    ClaimSubmitted,
    ClaimWithdrawn,
    SynchronisationReceived,
)
from schemas.event import Event
from schemas.mediation import DossierClosed, OfficeInvited


def fold(state: PersonClaims | None, event: CloudEvent) -> Decision[PersonClaims]:
    """What one event makes of a person's claims."""
    known = state or PersonClaims()
    match event.data:
        case ClaimSubmitted() as data:  # and ClaimCorrected
            return _told(known, event, data)
        case ClaimWithdrawn() as data:
            row = ClaimRow.withdrawn_by(event.person, event.id, event.box, data)
            left = tuple(_seen(event, one, cpas, _left(one, cpas, data)) for one, cpas in _dossiers(known, data.office))
            return Decision(state=known, rows=(row,), events=left)
        case OfficeInvited() as data:
            return _invited(known, event, data)
        case DossierClosed() as data:
            others = {dossier: one for dossier, one in known.dossiers.items() if dossier != data.dossier}
            return Decision(state=known.model_copy(update={"dossiers": others}))
        case SynchronisationReceived() as data:
            sync = SynchronisationRow(data.office, data.sequence, data.claims, data.refused)
            return Decision(state=known, rows=(sync,))
        case _:
            raise RuleError("event-not-handled", "claims do not know this event")


def _told(known: PersonClaims, event: CloudEvent, data: ClaimSubmitted) -> Decision[PersonClaims]:
    row = ClaimRow.told(event.person, event.id, event.box, data)
    joined = tuple(_seen(event, one, cpas, _joined(one, cpas, data)) for one, cpas in _dossiers(known, data.office))
    first = tuple(_found(known, event, data.office))
    if first or data.office not in known.told:
        known = _with_office(known, data.office)
    return Decision(state=known, rows=(row,), events=(*joined, *first))


def _found(known: PersonClaims, event: CloudEvent, office: str) -> Iterator[Emission]:
    """That an office has claims at all: told once to each open dossier it was invited to."""
    for dossier, one in known.dossiers.items():
        if office in one.offices and office not in one.found:
            data = ClaimsFound(dossier=dossier, cpas=one.cpas, office=office)
            yield _seen(event, dossier, one.cpas, data)


def _with_office(known: PersonClaims, office: str) -> PersonClaims:
    dossiers = {
        dossier: one.model_copy(update={"found": (*one.found, office)})
        if office in one.offices and office not in one.found
        else one
        for dossier, one in known.dossiers.items()
    }
    told = known.told if office in known.told else (*known.told, office)
    return known.model_copy(update={"dossiers": dossiers, "told": told})


def _invited(known: PersonClaims, event: CloudEvent, data: OfficeInvited) -> Decision[PersonClaims]:
    before = known.dossiers.get(data.dossier) or OpenDossier(cpas=data.cpas)
    if data.office in before.offices:
        return Decision(state=known)
    early = data.office in known.told
    found_in = (*before.found, data.office) if early else before.found
    after = before.model_copy(update={"offices": (*before.offices, data.office), "found": found_in})
    found = ClaimsFound(dossier=data.dossier, cpas=data.cpas, office=data.office)
    told = (_seen(event, data.dossier, data.cpas, found),) if early else ()
    return Decision(
        state=known.model_copy(update={"dossiers": {**known.dossiers, data.dossier: after}}),
        rows=(ClaimOfficeRow(data.dossier, data.office, event.person, data.cpas),),
        events=told,
    )


def _dossiers(known: PersonClaims, office: str) -> Iterator[tuple[str, str]]:
    """Open dossiers (with their CPAS) to which an office was invited."""
    return ((dossier, one.cpas) for dossier, one in known.dossiers.items() if office in one.offices)


def _seen(event: CloudEvent, dossier: str, cpas: str, data: Event) -> Emission:
    """An event of a dossier about one office's claim: for that office and for the CPAS."""
    office: str = getattr(data, "office", "")
    return Emission(data=data, key=dossier, subject=event.subject, feeds=(cpas, office))


def _joined(dossier: str, cpas: str, data: ClaimSubmitted) -> ClaimJoined:
    return ClaimJoined(
        dossier=dossier,
        cpas=cpas,
        office=data.office,
        claim=data.claim,
        version=data.version,
        phase=data.phase,
        heads=data.heads,
        total=data.total,
    )


def _left(dossier: str, cpas: str, data: ClaimWithdrawn) -> ClaimLeft:
    return ClaimLeft(dossier=dossier, cpas=cpas, office=data.office, claim=data.claim, version=data.version)


CLAIMS = ProcessManager(
    group="hub.claims",
    state=PersonClaims,
    fold=fold,
    aggregate="subject",
    handles=frozenset(
        kind.type
        for kind in (
            ClaimSubmitted,
            ClaimCorrected,
            ClaimWithdrawn,
            SynchronisationReceived,
            OfficeInvited,
            DossierClosed,
        )
    ),
)

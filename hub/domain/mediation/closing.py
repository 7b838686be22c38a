"""The end of a dossier: every office that was asked or takes part is told once, nobody but the CPAS learns why."""

from hub.domain.mediation.invitations import AWAITING, mail
from hub.domain.mediation.state import Dossier, DossierRow, ParticipationRow
from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Decision, Emission, Timer
from schemas.mediation import (
    ClosingProposalLapsed,
    ClosingProposed,
    ClosingReason,
    DossierClosed,
    DossierClosingReasonRecorded,
)
from schemas.rcd import RcdDetected


def closed(state: Dossier, event: CloudEvent, reason: ClosingReason) -> Decision[Dossier]:
    """Close (manual §4.6); participations are released (P9), terms cancelled, offices told by feed and mail."""
    key, at = event.partitionkey, event.recordedtime
    concerned = [office for office, one in state.offices.items() if one.state in AWAITING or one.state == "P3"]
    released = {office: state.offices[office].model_copy(update={"state": "P9"}) for office in concerned}
    after = state.model_copy(update={"open": False, "offices": {**state.offices, **released}})
    fact = DossierClosed(dossier=key, cpas=state.cpas, closed_at=at)
    why = DossierClosingReasonRecorded(dossier=key, cpas=state.cpas, reason=reason)
    return Decision(
        state=after,
        rows=(
            DossierRow(key, state.cpas, state.subject, state.stage, "closed", state.opened_at, at, None, None),
            *(
                ParticipationRow(key, office, state.cpas, "P9", one.invitation, one.invited_at, at)
                for office, one in released.items()
            ),
        ),
        events=(
            Emission(data=fact, key=key, subject=state.subject, feeds=(state.cpas, *concerned), time=at),
            Emission(data=why, key=key, subject=state.subject, feeds=(state.cpas,), time=at),
        ),
        deliveries=tuple(mail(after, event, office, "closing") for office in concerned),
        timers=tuple(Timer(name=f"answer/{office}", due=None) for office in state.offices),
    )


def settled(state: Dossier, event: CloudEvent, data: RcdDetected) -> Decision[Dossier]:
    """A collective settlement of the client is a reason to close (R2A): proposed to the CPAS, which alone closes.

    Told once while it lasts; that it is over is told where it was proposed. Offices learn nothing of either.
    """
    if not state.open or state.proposed == data.running:
        return Decision(state=state)
    key = event.partitionkey
    told = (
        ClosingProposed(
            dossier=key, cpas=state.cpas, reason="R2A", told_by=data.told_by, since=data.admitted_on, court=data.court
        )
        if data.running
        else ClosingProposalLapsed(dossier=key, cpas=state.cpas, reason="R2A")
    )
    return Decision(
        state=state.model_copy(update={"proposed": data.running}),
        events=(Emission(data=told, key=key, subject=state.subject, feeds=(state.cpas,)),),
    )

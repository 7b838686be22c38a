"""The end of a dossier: every office that was asked or takes part is told once, nobody but the CPAS learns why."""

from hub.domain.mediation.invitations import AWAITING, mail
from hub.domain.mediation.state import Dossier, DossierRow, ParticipationRow
from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Decision, Emission, Timer
from schemas.mediation import ClosingReason, DossierClosed, DossierClosingReasonRecorded


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

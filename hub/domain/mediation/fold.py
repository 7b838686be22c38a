"""The process manager of a CPC dossier.

Source: manual CPC §2.1 (only a CPAS opens, with prior consent), §3.3 (known offices are invited by mail with a
reference; reminder after 15 days; five answers), §4.4 (claims while open), §4.6 (closing); fca-cpc §4.2–4.3.
What a sender may not do is refused to the sender; it never stops somebody else's dossier.
"""

from collections.abc import Callable
from datetime import timedelta

from hub.domain.mediation import invitations
from hub.domain.mediation.closing import closed, settled
from hub.domain.mediation.state import Dossier, DossierRow
from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Decision, Emission, ProcessManager
from hub.domain.messaging.errors import RuleError
from hub.domain.messaging.identity import Identity
from schemas.claims import ClaimsFound
from schemas.deliveries import MailFailed, MailSent
from schemas.mediation import (
    AnswerDue,
    CloseDossier,
    CommandRefused,
    DossierOpened,
    OfficeAnswered,
    RegisterClient,
)
from schemas.notices import KnownBailiffsFound
from schemas.rcd import RcdDetected


def register(state: Dossier | None, event: CloudEvent, data: RegisterClient) -> Decision[Dossier]:
    """Open the dossier of a client who consented to registration and to sharing (manual §2.1)."""
    known = state or _fresh(event, data)
    if not (data.consent.registration and data.consent.sharing):
        return Decision(state=known, events=(refused(event, data.cpas, "consent-missing"),))
    if state is not None and state.open:
        return Decision(state=state, events=(refused(event, data.cpas, "dossier-already-open"),))
    dossier = _fresh(event, data).model_copy(update={"open": True})
    opened = DossierOpened(dossier=event.partitionkey, cpas=data.cpas, stage=data.stage, opened_at=event.recordedtime)
    row = DossierRow(
        event.partitionkey,
        data.cpas,
        dossier.subject,
        data.stage,
        "open",
        event.recordedtime,
        None,
        event.id,
        event.box,
    )
    emission = Emission(data=opened, key=event.partitionkey, subject=dossier.subject, feeds=(data.cpas,))
    return Decision(state=dossier, rows=(row,), events=(emission,))


def _fresh(event: CloudEvent, data: RegisterClient) -> Dossier:
    subject = event.subject or ""
    client = Identity(event=event.id, subject=subject, box=event.box) if event.box else None
    return Dossier(
        cpas=data.cpas, subject=subject, stage=data.stage, opened_at=event.recordedtime, open=False, client=client
    )


def refused(event: CloudEvent, institution: str, rule: str) -> Emission:
    """Tell the sender of a command or answer which rule forbids it; only in its own feed."""
    data = CommandRefused(institution=institution, command=str(event.id), rule=rule)
    return Emission(data=data, key=event.partitionkey, feeds=(institution,))


def close(state: Dossier | None, event: CloudEvent, data: CloseDossier) -> Decision[Dossier]:
    """Close a dossier for its owner; anyone else is told that there is no such dossier."""
    if state is None or state.cpas != data.cpas:
        return Decision(state=state or _nobody(), events=(refused(event, data.cpas, "dossier-unknown"),))
    if not state.open:
        return Decision(state=state, events=(refused(event, data.cpas, "dossier-closed"),))
    return closed(state, event, data.reason)


def answered(state: Dossier | None, event: CloudEvent, data: OfficeAnswered) -> Decision[Dossier]:
    """Take an office's answer; an office that was not invited is told so."""
    if state is None or data.office not in state.offices:
        return Decision(state=state or _nobody(), events=(refused(event, data.office, "invitation-unknown"),))
    if not state.open:
        return Decision(state=state, events=(refused(event, data.office, "dossier-closed"),))
    return invitations.answer(state, event, data.office, data.option)


def _nobody() -> Dossier:
    """What stands where no dossier was ever opened: a registration may still open it."""
    return Dossier(cpas="", subject="", stage="", opened_at=invitations.NEVER, open=False)


def mediation(answer_within: timedelta) -> Callable[[Dossier | None, CloudEvent], Decision[Dossier]]:
    """The fold of a dossier; ``answer_within`` is the term T1 of an invitation (manual §3.3: 15 days)."""

    def fold(state: Dossier | None, event: CloudEvent) -> Decision[Dossier]:
        match event.data:
            case RegisterClient() as data:
                return register(state, event, data)
            case CloseDossier() as data:
                return close(state, event, data)
            case OfficeAnswered() as data:
                return answered(state, event, data)
            case _ if state is None:
                raise RuleError("dossier-unknown", "the dossier was never opened: its registration must come first")
            case _:
                return _goes_on(state, event, answer_within)

    return fold


def _goes_on(state: Dossier, event: CloudEvent, within: timedelta) -> Decision[Dossier]:
    """What happens to a dossier that exists."""
    match event.data:
        case KnownBailiffsFound() as found:
            return invitations.invite(state, event, found, within)
        case AnswerDue() as due:
            return invitations.remind(state, event, due.office)
        case ClaimsFound() as claim:
            return invitations.join(state, event, claim.office)
        case RcdDetected() as found:
            return settled(state, event, found)
        case MailSent() | MailFailed() as mail:
            return invitations.mailed(state, event, mail, within)
        case _:
            raise RuleError("event-not-handled", "a dossier does not know this event")


def process_manager(answer_within: timedelta) -> ProcessManager[Dossier]:
    """The consumer group of CPC dossiers."""
    return ProcessManager(
        group="hub.mediation",
        state=Dossier,
        fold=mediation(answer_within),
        handles=frozenset(
            kind.type
            for kind in (
                RegisterClient,
                CloseDossier,
                OfficeAnswered,
                KnownBailiffsFound,
                AnswerDue,
                ClaimsFound,
                MailSent,
                MailFailed,
                RcdDetected,
            )
        ),
        closed=lambda dossier: bool(dossier.stage) and not dossier.open,
    )

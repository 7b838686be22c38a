"""Invitations of known offices: sent once, reminded once, answered once (manual §3.3; fca-cpc §4.3)."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from hub.domain.mediation.state import Dossier, Participation, ParticipationRow, ParticipationState
from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Decision, Delivery, Emission, Timer
from schemas.deliveries import MailFailed, MailSent
from schemas.event import Event
from schemas.mediation import (
    AnswerDue,
    AnswerOption,
    InvitationBounced,
    OfficeDeclined,
    OfficeInvited,
    OfficeJoined,
    OfficeReminded,
)
from schemas.notices import KnownBailiffsFound

NEVER = datetime.min.replace(tzinfo=UTC)
AWAITING: frozenset[ParticipationState] = frozenset({"P1", "P2"})
_DECLINED: Mapping[AnswerOption, ParticipationState] = MappingProxyType(
    {"O2": "P4", "O3": "P5", "O4": "P6", "O5": "P7"}
)


def invite(state: Dossier, event: CloudEvent, data: KnownBailiffsFound, within: timedelta) -> Decision[Dossier]:
    """Invite every known office that was not invited yet."""
    new = [known.office for known in data.offices if known.office not in state.offices] if state.open else []
    at = event.recordedtime
    invited = {
        office: Participation(state="P1", invitation=f"{event.partitionkey}.{office}", invited_at=at) for office in new
    }
    after = state.model_copy(update={"offices": {**state.offices, **invited}})
    return Decision(
        state=after,
        rows=tuple(_row(after, event, office) for office in new),
        events=tuple(_invitation(after, event, office, at + within) for office in new),
        deliveries=tuple(mail(after, event, office, "invitation", answer_by=at + within) for office in new),
        timers=tuple(_term(after, event, office, at + within) for office in new),
    )


def _invitation(state: Dossier, event: CloudEvent, office: str, answer_by: datetime) -> Emission:
    data = OfficeInvited(
        dossier=event.partitionkey,
        cpas=state.cpas,
        office=office,
        invitation=state.offices[office].invitation,
        answer_by=answer_by,
    )
    personal = state.client.sealed if state.client else None
    return Emission(
        data=data,
        key=event.partitionkey,
        subject=state.subject,
        feeds=(state.cpas, office),
        personal=personal,
        time=event.recordedtime,
    )


def mail(
    state: Dossier, event: CloudEvent, office: str, template: str, *, answer_by: datetime | None = None
) -> Delivery:
    """A mail to an office about this dossier: once per event, template and office."""
    content = {
        "template": template,
        "office": office,
        "dossier": event.partitionkey,
        "invitation": state.offices[office].invitation,
        "cpas": state.cpas,
    }
    if answer_by:
        content["answer_by"] = answer_by.isoformat()
    return Delivery(
        effect=f"{template}/{office}",
        kind="mail",
        partner="mail",  # one server carries them all: it is what a breaker watches
        key=state.offices[office].invitation,  # an office that is slow holds back nobody else's mail
        content=content,
        personal=state.client.sealed if state.client else None,
    )


def remind(state: Dossier, event: CloudEvent, office: str) -> Decision[Dossier]:
    """Term T1 passed: remind an office that is still silent, once."""
    one = state.offices.get(office)
    if not state.open or one is None or one.state != "P1":
        return Decision(state=state)
    after = _moved(state, office, "P2")
    reminded = OfficeReminded(dossier=event.partitionkey, cpas=state.cpas, office=office)
    return Decision(
        state=after,
        rows=(_row(after, event, office),),
        events=(_told(state, event, reminded, office),),
        deliveries=(mail(after, event, office, "reminder"),),
    )


def answer(state: Dossier, event: CloudEvent, office: str, option: AnswerOption) -> Decision[Dossier]:
    """One of the five answers: O1 joins, the others decline."""
    if option == "O1":
        return join(state, event, office)
    after = _moved(state, office, _DECLINED[option])
    declined = OfficeDeclined(dossier=event.partitionkey, cpas=state.cpas, office=office, option=option)
    return Decision(
        state=after,
        rows=(_row(after, event, office),),
        events=(_told(state, event, declined, office),),
        timers=(_no_term(office),),
    )


def join(state: Dossier, event: CloudEvent, office: str) -> Decision[Dossier]:
    """The office takes part: by its answer, or because it tells a claim. Once."""
    one = state.offices.get(office)
    if not state.open or one is None or one.state == "P3":
        return Decision(state=state)
    after = _moved(state, office, "P3")
    joined = OfficeJoined(dossier=event.partitionkey, cpas=state.cpas, office=office, joined_at=event.recordedtime)
    return Decision(
        state=after,
        rows=(_row(after, event, office),),
        events=(_told(state, event, joined, office),),
        timers=(_no_term(office),),
    )


def mailed(state: Dossier, event: CloudEvent, data: MailSent | MailFailed, within: timedelta) -> Decision[Dossier]:
    """The term counts from the sending, for reception cannot be seen (fca-cpc §4.8); a bounce is told to the CPAS."""
    one = state.offices.get(data.office or "")
    if not data.effect.startswith("invitation/") or data.office is None or one is None or one.state != "P1":
        return Decision(state=state)
    if isinstance(data, MailSent):
        return Decision(state=state, timers=(_term(state, event, data.office, data.sent_at + within),))
    bounced = InvitationBounced(dossier=event.partitionkey, cpas=state.cpas, office=data.office, rule=data.rule)
    return Decision(state=state, events=(Emission(data=bounced, key=event.partitionkey, feeds=(state.cpas,)),))


def _moved(state: Dossier, office: str, to: ParticipationState) -> Dossier:
    one = state.offices[office].model_copy(update={"state": to})
    return state.model_copy(update={"offices": {**state.offices, office: one}})


def _row(state: Dossier, event: CloudEvent, office: str) -> ParticipationRow:
    one = state.offices[office]
    return ParticipationRow(
        event.partitionkey, office, state.cpas, one.state, one.invitation, one.invited_at, event.recordedtime
    )


def _told(state: Dossier, event: CloudEvent, data: Event, office: str) -> Emission:
    return Emission(
        data=data,
        key=event.partitionkey,
        subject=state.subject,
        feeds=(state.cpas, office),
        time=event.recordedtime,
    )


def _term(state: Dossier, event: CloudEvent, office: str, due: datetime) -> Timer:
    data = AnswerDue(dossier=event.partitionkey, office=office)
    return Timer(name=f"answer/{office}", due=due, event=data, key=event.partitionkey, subject=state.subject)


def _no_term(office: str) -> Timer:
    return Timer(name=f"answer/{office}", due=None)

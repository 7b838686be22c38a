"""What an institution asks for its place in a case: prepared for the register, or refused to who asked (S1, §1.4)."""

from collections.abc import Mapping
from typing import Literal

from hub.domain.messaging.calendar import local_date
from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Decision, Emission
from hub.domain.rcd.access import has, places
from hub.domain.rcd.case import Case
from hub.domain.rcd.recorded import RecordedAct
from schemas.accounts import AccountCaseTold
from schemas.event import Event
from schemas.mediation import CommandRefused
from schemas.rcd_access import AccessAct, AskAccess, RcdAccessChanged, RegisterActPrepared

_ACTS: Mapping[str, AccessAct | Literal["invitation-accepted"]] = {
    "accept": "invitation-accepted",
    "refuse": "invitation-refused",
    "cede": "invitation-ceded",
    "mandate": "mandate-granted",
    "sell-in-part": "claim-sold-in-part",
}


def asked(case: Case, event: CloudEvent, data: AskAccess) -> Decision[Case]:
    """Nothing of the case changes: the register's act will."""
    rule = _forbidden(case, data)
    if rule:
        refused = CommandRefused(institution=data.institution, command=str(event.id), rule=rule)
        return Decision(state=case, events=(Emission(data=refused, key=event.partitionkey, feeds=(data.institution,)),))
    prepared = RegisterActPrepared(
        case=data.case,
        act=_ACTS[data.wish],
        institution=data.institution,
        party=data.party,
        target=data.target,
        target_party=data.target_party,
        command=str(event.id),
    )
    feeds = tuple(sorted({data.institution, *([case.told_by] if case.told_by else [])}))
    return Decision(state=case, events=(Emission(data=prepared, key=event.partitionkey, feeds=feeds),))


def _forbidden(case: Case, data: AskAccess) -> str | None:
    """The rule that forbids a wish, by the rows of §1.4."""
    access = has(case, data.institution, data.party)
    if access == "none":
        return "rcd-no-access"
    match data.wish:
        case "accept" | "refuse":
            return None if access == "invited" else "rcd-not-invited"
        case "mandate" | "sell-in-part" if access != "linked":
            return "rcd-not-linked"
        case _:
            return _without_target(data)


def _without_target(data: AskAccess) -> str | None:
    if not data.target or data.target == data.institution:
        return "rcd-target-missing"
    second = data.target_party and data.target_party != data.party
    return "rcd-second-claim-missing" if data.wish == "sell-in-part" and not second else None


def access_changes(before: Case, after: Case, case_id: str, act: RecordedAct) -> list[Event]:
    """Whose access is another than before, whatever act came late; the mediator's own link is no place of a party."""
    then, now = places(before), places(after)
    return [
        RcdAccessChanged(
            case=case_id,
            institution=institution,
            party=party,
            access=now.get((party, institution), "none"),
            act=act.act,
            register_ref=act.ref,
        )
        for party, institution in sorted(then.keys() | now.keys())
        if then.get((party, institution)) != now.get((party, institution))
    ]


def told_to_accounts(before: Case, after: Case, case_id: str, event: CloudEvent) -> list[Emission]:
    """Accounts learn in which cases they have a place; the mediator's own is one too."""
    then, now = _linked(before), _linked(after)
    at = event.recordedtime
    return [
        Emission(
            data=AccountCaseTold(institution=one, case=case_id, linked=one in now, at=at, on=local_date(at)),
            key=one,
        )
        for one in sorted(then ^ now)
    ]


def _linked(case: Case) -> set[str]:
    return {*case.institutions, *(one for ones in case.acts_for.values() for one in ones)}


def register_of(event: CloudEvent) -> str | None:
    """The institution that told an act by its connector; what an administrator mended is nobody's telling."""
    return event.source.rpartition("/")[2] if event.source.startswith("/connectors/") else None

"""The household of a debtor, official and de facto: two lists that leave each other alone (bcss-primaweb §4.6)."""

from hub.domain.debts.rows import HouseholdRow
from hub.domain.debts.state import Composition, GeneralFile, Member
from hub.domain.debts.told import moved, refused, told
from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Decision, Emission
from hub.domain.messaging.identity import Identity
from schemas.debt_commands import AddHouseholdMember, NoteOfficialMember, RemoveHouseholdMember
from schemas.debts import HouseholdMemberAdded, HouseholdMemberRemoved, OfficialHouseholdRefreshed

DE_FACTO, OFFICIAL = "de-facto", "official"


def added(state: GeneralFile, event: CloudEvent, data: AddHouseholdMember) -> Decision[GeneralFile]:
    """*Ajouter un membre*. The debtor is the one *bénéficiaire* and needs no line of her own."""
    who = event.subject or ""
    if data.relation == "beneficiary" or who == state.subject:
        return refused(state, event, data.cpas, "one-beneficiary")
    if who in state.household:
        return refused(state, event, data.cpas, "member-exists")
    member = Member(relation=data.relation, identity=Identity.of(event))
    after = state.model_copy(update={"household": {**state.household, who: member}})
    fact = HouseholdMemberAdded(dossier=event.partitionkey, cpas=state.cpas, member=who, relation=data.relation)
    return Decision(
        state=after,
        rows=(_row(event, DE_FACTO, who, member),),
        events=(told(state, event, fact), *_difference(state, after)),
    )


def removed(state: GeneralFile, event: CloudEvent, data: RemoveHouseholdMember) -> Decision[GeneralFile]:
    """*Supprimer*; the *bénéficiaire* stays."""
    who = event.subject or ""
    if who == state.subject:
        return refused(state, event, data.cpas, "one-beneficiary")
    if who not in state.household:
        return refused(state, event, data.cpas, "member-unknown")
    left = {name: member for name, member in state.household.items() if name != who}
    after = state.model_copy(update={"household": left})
    fact = HouseholdMemberRemoved(dossier=event.partitionkey, cpas=state.cpas, member=who)
    return Decision(
        state=after,
        rows=(_row(event, DE_FACTO, who, state.household[who], present=False),),
        events=(told(state, event, fact), *_difference(state, after)),
    )


def noted(state: GeneralFile, event: CloudEvent, data: NoteOfficialMember) -> Decision[GeneralFile]:
    """A member of an official composition; with the last one it replaces the list before."""
    if state.official is not None and data.taken_at <= state.official.taken_at:
        return refused(state, event, data.cpas, "composition-superseded")
    arriving = state.arriving
    if arriving is None or data.taken_at > arriving.taken_at:
        arriving = Composition(taken_at=data.taken_at, members=data.members)
    elif data.taken_at < arriving.taken_at:
        return refused(state, event, data.cpas, "composition-superseded")
    elif data.members != arriving.members:
        return refused(state, event, data.cpas, "composition-differs")
    member = Member(relation=data.role, identity=Identity.of(event))
    arriving = arriving.model_copy(update={"noted": {**arriving.noted, event.subject or "": member}})
    if not arriving.whole:
        return Decision(state=state.model_copy(update={"arriving": arriving}))
    after = state.model_copy(update={"arriving": None, "official": arriving})
    fact = OfficialHouseholdRefreshed(
        dossier=event.partitionkey, cpas=state.cpas, taken_at=arriving.taken_at, members=arriving.members
    )
    before = state.official.noted if state.official else {}
    gone = [_row(event, OFFICIAL, who, one, present=False) for who, one in before.items() if who not in arriving.noted]
    there = [_row(event, OFFICIAL, who, one) for who, one in arriving.noted.items()]
    return Decision(state=after, rows=(*gone, *there), events=(told(state, event, fact), *_difference(state, after)))


def _difference(before: GeneralFile, after: GeneralFile) -> tuple[Emission, ...]:
    """The gate is told of who came into either household, and of who is in neither any more."""
    there, then = before.cohabitants, after.cohabitants
    came = [(who, one) for who, one in then.items() if who not in there]
    left = [(who, one) for who, one in there.items() if who not in then]
    return (*moved(after, came, active=True), *moved(after, left, active=False))


def _row(event: CloudEvent, composition: str, who: str, member: Member, *, present: bool = True) -> HouseholdRow:
    identity = member.identity
    return HouseholdRow(
        event.partitionkey,
        composition,
        who,
        member.relation,
        present,
        identity.event if identity else None,
        identity.box if identity else None,
        event.recordedtime,
    )

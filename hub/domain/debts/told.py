"""What every decision about debt files is made of: facts for the CPAS, refusals, and what the legal gate is told."""

from collections.abc import Iterable

from hub.domain.debts.state import GeneralFile, Member
from hub.domain.messaging.cloudevent import CloudEvent, dossier_of
from hub.domain.messaging.decision import Decision, Emission
from schemas.event import Event
from schemas.mediation import CommandRefused
from schemas.persons import DebtFileStandingChanged


def told(state: GeneralFile, event: CloudEvent, data: Event) -> Emission:
    """A fact for the CPAS, on the person's own key."""
    return Emission(data=data, key=event.partitionkey, subject=state.subject, feeds=(state.cpas,))


def refused(state: GeneralFile, event: CloudEvent, cpas: str, rule: str) -> Decision[GeneralFile]:
    """Tell the CPAS that asked which rule forbids it; nothing changes."""
    data = CommandRefused(institution=cpas, command=str(event.id), rule=rule)
    return Decision(state=state, events=(Emission(data=data, key=event.partitionkey, feeds=(cpas,)),))


def standings(state: GeneralFile, file: str, *, active: bool, created: bool = False) -> tuple[Emission, ...]:
    """How a file stands, for the gate of its debtor and of each member of her household (D3)."""
    debtor = Member(relation="beneficiary", identity=state.person)
    hers = _standing(state, state.subject, debtor, file, active=active, created=created)
    others = (
        _standing(state, who, member, file, active=active, created=created) for who, member in state.cohabitants.items()
    )
    return (hers, *others)


def moved(state: GeneralFile, members: Iterable[tuple[str, Member]], *, active: bool) -> tuple[Emission, ...]:
    """Who came into the household of someone with active files, or left it."""
    files = [name for name, file in state.files.items() if file.active]
    return tuple(
        _standing(state, who, member, file, active=active, created=False) for who, member in members for file in files
    )


def _standing(state: GeneralFile, who: str, member: Member, file: str, *, active: bool, created: bool) -> Emission:
    dossier = dossier_of(who, state.cpas)
    data = DebtFileStandingChanged(
        dossier=dossier,
        cpas=state.cpas,
        file=file,
        role="debtor" if who == state.subject else "household",
        active=active,
        created=created,
    )
    sealed = member.identity.sealed if member.identity else None
    return Emission(data=data, key=dossier, subject=who, personal=sealed)

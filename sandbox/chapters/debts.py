"""CPAS open debt files, plan and receive refunds, let the hub compute, close; the debtors are to be integrated."""

from datetime import timedelta
from decimal import Decimal

from sandbox.chapters.dossiers import rules
from sandbox.cpas import CpasSystem
from sandbox.debts import Debt
from sandbox.scene import Scene
from sandbox.waiting import until
from schemas.debt_commands import (
    AddHouseholdMember,
    AddRefund,
    CloseDebtFile,
    DeleteRefund,
    ModifyDebtFile,
    ModifyRefund,
    OpenDebtFile,
    OpenGeneralFile,
)

_DEBTORS = 3
_DUE, _TYPED, _REFUND, _PLANNED = Decimal("2000.00"), Decimal("500.00"), Decimal("200.00"), Decimal("149.99")


async def kept(scene: Scene) -> None:
    """Each CPAS keeps debt files of some of its clients."""
    scene.teller.begin("CPAS open debt files; refunds are planned, made, deleted", _DEBTORS * len(scene.cpas))
    for system in scene.cpas.values():
        await _opened(system)
        await _repaid(system, scene)
        await _refused(system)
        await _household(system)
        await _closed(system)
        scene.teller.advance(_DEBTORS)
    files = sum(len(system.debts) for system in scene.cpas.values())
    await until(
        lambda: all(rules(system) == sorted(system.refusals) for system in scene.cpas.values()),
        "the refusals of the CPAS in their feeds",
        progress=lambda: {system.cpas.id: rules(system) for system in scene.cpas.values()},
    )
    await until(
        lambda: _told(scene, "integration.requested") == _ended(scene) == files,
        "the integrations that debt files ask for, and what became of them",
        progress=lambda: f"{_told(scene, 'integration.requested')} asked, {_ended(scene)} ended",
    )
    scene.check(
        "every debt file asks for the integration of its debtor, and its CPAS hears what became of it", true=True
    )


def _ended(scene: Scene) -> int:
    """Registered where the story has a bank, rejected where it has none; the file stays created (D7)."""
    return _told(scene, "integration.registered") + _told(scene, "integration.rejected")


def _told(scene: Scene, kind: str) -> int:
    return sum(system.feed.count(kind) for system in scene.cpas.values())


async def _opened(system: CpasSystem) -> None:
    people = [case.person for case in list(system.cases.values())[:_DEBTORS]]
    await system.ask(
        [
            OpenGeneralFile(cpas=system.cpas.id, niss=one.niss, name=one.name, first_name=one.first_name, born=one.born)
            for one in people
        ]
    )
    system.debts = [
        Debt(person=one, due=_DUE + n, typed=_TYPED if n else Decimal("0.00")) for n, one in enumerate(people)
    ]
    names = await system.ask(
        [
            OpenDebtFile(
                cpas=system.cpas.id, due=one.due, repaid=one.typed, niss=one.person.niss, description="Avance sur loyer"
            )
            for one in system.debts
        ]
    )
    for debt, name in zip(system.debts, names, strict=True):
        debt.file = name


async def _repaid(system: CpasSystem, scene: Scene) -> None:
    """The first two: a refund made, another planned; then computed; then the planned one arrives, one is deleted."""
    some, cpas = system.debts[:2], system.cpas.id
    for amount, made, day in ((_REFUND, True, 1), (_PLANNED, False, -30)):
        on = scene.today - timedelta(days=day)
        names = await system.ask(
            [AddRefund(cpas=cpas, file=one.file, on=on, amount=amount, made=made, niss=one.person.niss) for one in some]
        )
        for debt, name in zip(some, names, strict=True):
            debt.refunds[name] = (amount, made)
    await system.ask([ModifyDebtFile(cpas=cpas, file=one.file, mode="automatic", niss=one.person.niss) for one in some])
    for debt in some:
        debt.automatic = True
    first, second = some
    planned = list(first.refunds)[1]
    await system.ask([ModifyRefund(cpas=cpas, file=first.file, refund=planned, made=True, niss=first.person.niss)])
    first.refunds[planned] = (_PLANNED, True)
    received = next(iter(second.refunds))
    await system.ask([DeleteRefund(cpas=cpas, file=second.file, refund=received, niss=second.person.niss)])
    del second.refunds[received]


async def _refused(system: CpasSystem) -> None:
    """A file without any refund cannot be computed (A1)."""
    last = system.debts[-1]
    await system.ask([ModifyDebtFile(cpas=system.cpas.id, file=last.file, mode="automatic", niss=last.person.niss)])
    system.refusals.append("automatic-needs-refund")


async def _household(system: CpasSystem) -> None:
    """The third client lives with the first."""
    first, last = system.debts[0], system.debts[-1]
    dossier = system.cases[first.person.niss].dossier
    await system.ask(
        [AddHouseholdMember(cpas=system.cpas.id, dossier=dossier, niss=last.person.niss, name=last.person.name)]
    )


async def _closed(system: CpasSystem) -> None:
    """One is closed with all of it still due, as in the manual."""
    last = system.debts[-1]
    await system.ask([CloseDebtFile(cpas=system.cpas.id, file=last.file, niss=last.person.niss)])
    last.closed = True

"""CPAS consult the Crossroads Bank about their debtors: gated, answered, refused, told of a mutation."""

from collections.abc import Sequence
from datetime import date

from sandbox.bcss.pusher import Change, Mutation
from sandbox.cpas import CpasSystem
from sandbox.people import Person
from sandbox.scene import Scene
from sandbox.waiting import until
from schemas.consultations import ConsultFlow
from schemas.persons import FLOWS, FlowName

ANSWERED, CLOSED, REFUSED = "answered", "NOT_INTEGRATED", "BCSS_MSG00012"
"""How a consultation ends: with an answer, at the hub's own gate, at the bank's."""
_PENSIONS = {"begin": date(2025, 1, 1), "end": date(2025, 12, 31), "focus": "reference-period"}


async def consulted(scene: Scene) -> None:
    """All seven flows of every debtor with an active file; one client without a file; one whom the bank forgot."""
    systems = list(scene.cpas.values())
    scene.teller.begin("CPAS consult the BCSS: seven flows, behind the legal gate", len(systems))
    for system in systems:
        for debt in [one for one in system.debts if not one.closed]:
            await _ask(system, debt.person, *FLOWS, ends=ANSWERED)
        with_file = {debt.person.niss for debt in system.debts}
        stranger = next(case.person for case in system.cases.values() if case.person.niss not in with_file)
        await _ask(system, stranger, "income", ends=CLOSED)
        scene.teller.advance()
    await until(
        lambda: ends(scene, ANSWERED) == wanted(scene, ANSWERED),
        "the answers of the bank",
        progress=lambda: f"{ends(scene, ANSWERED)} of {wanted(scene, ANSWERED)}",
    )
    await _forgotten(scene, systems)
    await _mutated(scene, systems)


async def _ask(system: CpasSystem, person: Person, *flows: FlowName, ends: str) -> None:
    for flow in flows:
        asked = {"cpas": system.cpas.id, "flow": flow, "niss": person.niss, "language": person.language}
        command = ConsultFlow.model_validate({**asked, **(_PENSIONS if flow == "pensions" else {})})
        (name,) = await system.ask([command])
        system.consultations[name] = ends


async def _forgotten(scene: Scene, systems: Sequence[CpasSystem]) -> None:
    """Somebody took an integration away at the bank: it refuses, a list tells the hub, and the gate closes."""
    for system in systems:
        person = system.debts[1].person
        scene.bank.forget(system.cpas.id, person)
        await _ask(system, person, "income", ends=REFUSED)
    await until(
        lambda: ends(scene, REFUSED) == len(systems) == told(scene, "integration.ended"),
        "the bank's refusals, and lists that say who is integrated no longer",
        progress=lambda: f"{ends(scene, REFUSED)} refused, {told(scene, 'integration.ended')} ended",
    )


async def _mutated(scene: Scene, systems: Sequence[CpasSystem]) -> None:
    """The first debtor of each CPAS moves: told once, though pushed twice; her address answered before is stale."""
    readable = stale = 0
    for n, system in enumerate(systems, 1):
        address = _answer(system, list(system.consultations)[FLOWS.index("addresses")])
        readable += await system.reads(address)
        change = Change(kind="LEGAL_ADDRESS", effective=scene.today.isoformat(), form="R020")
        mutation = Mutation(recipient=system.cpas.id, niss=system.debts[0].person.niss, order=1, changes=(change,))
        for _ in range(2):
            await scene.bank_client.push("mutations", scene.bank.pusher.envelope(mutation))
        scene.bank.ledger["mutations"] += 1
        await until(lambda n=n: told(scene, "person.mutated") == n, "the mutation in the feed of its CPAS")
        stale += not await system.reads(address)
    every = len(systems)
    scene.check("an address that was answered is read by its CPAS for a purpose", true=readable == every)
    scene.check("after the mutation it is shown no longer", true=stale == every)


def _answer(system: CpasSystem, consultation: str) -> str:
    found = (one["answer"] for one in system.feed.of("flow.answered") if one["consultation"] == consultation)
    return str(next(found))


def wanted(scene: Scene, end: str) -> int:
    """How many consultations must end like this."""
    return sum(one == end for system in scene.cpas.values() for one in system.consultations.values())


def ends(scene: Scene, end: str) -> int:
    """How many did, as the feeds tell."""
    if end == ANSWERED:
        return told(scene, "flow.answered")
    every = (one for system in scene.cpas.values() for one in system.feed.of("flow-consultation.denied"))
    return sum(one["reason"] == end for one in every)


def told(scene: Scene, kind: str) -> int:
    """How many events of a type stand in the feeds of CPAS."""
    return sum(system.feed.count(kind) for system in scene.cpas.values())

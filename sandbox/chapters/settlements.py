"""Collective settlements: admissions, claims on time, late, or never, and what other files learn of it.

Everything is done by accounts at the register's own counter, on its own socket; the register tells the hub.
Days are counted from the beginning of the story; terms are chosen so that weekends and holidays decide nothing.
"""

from collections.abc import Sequence

from sandbox.bailiff import BailiffSoftware
from sandbox.chapters.at_the_register import acting_for, daily_mails, exported, feeds, holders, push, the_court
from sandbox.cpas import Case
from sandbox.expected import mailed, participation
from sandbox.people import Person
from sandbox.scene import Scene, Settlement
from sandbox.waiting import until

_EACH = 30
"""One more admission for so many people."""
_PARTIES = ("cred-1", "cred-2", "cred-3")


async def admitted(scene: Scene) -> None:
    """Three clients of CPAS and some other people are admitted; claims come on time, late, or not at all."""
    chosen, others = _clients(scene), _others(scene)
    scene.teller.begin("The register: admissions, claims on time and late", len(chosen) + len(others))
    for office in scene.offices.values():
        await office.open_account()
    first, second, third = chosen
    await _opened(scene, [first, second, third], days=(-80, -60, -60))
    await _plain(scene, others)
    await push(scene, "folder")
    await _claims(scene, first)
    await push(scene, "rest")  # the claims reach the hub before the reminders they answer
    await _reminded(scene, first, day=-38)
    await _reminded(scene, second, day=-8)
    await push(scene, "soap")
    scene.teller.advance(len(others) + len(chosen))
    await _effects(scene)
    await _ceded(scene, third)
    await exported(scene, first)
    await _stranger(scene, first)
    await daily_mails(scene)
    await _closed(scene, first)


async def _opened(scene: Scene, settlements: Sequence[Settlement], *, days: tuple[int, ...]) -> None:
    """Petition, admission with its mediator, notice in the FCA, notification to the creditors."""
    house = scene.register
    court = the_court(house)
    for one, day in zip(settlements, days, strict=True):
        await _admission(scene, one, day)
        house.time.to(day + 10)
        for party in _PARTIES[: one.creditors]:
            await court.act(one.case, "admissibility-notified", party=party, quality="creditor", residence="BE")
        house.time.to(day + 12)
        for party in _PARTIES[: one.creditors]:
            if one.cedes:
                await court.act(one.case, "invited", party=party, institution=one.acting[party])
            elif party in one.acting:
                await acting_for(scene, one, party).act(one.case, "invitation-accepted")
    house.time.to(0)


async def _ceded(scene: Scene, one: Settlement) -> None:
    """An invited office gives its place to another: it asks the hub, the register records, access follows."""
    party = _PARTIES[0]
    invited, successor = scene.offices[one.acting[party]], scene.offices[sorted(scene.offices)[2]]
    await until(lambda: bool(_access(invited, "invited")), "the invitation in the office's feed")
    case = _access(invited, "invited")[0]
    await invited.cede(case, party, successor.office.id)
    book = scene.register.book
    await until(lambda: (one.case, party) in book.ceded, "the register to record what the hub prepared")
    await push(scene, "rest")
    await until(lambda: case in _access(successor, "linked"), "the successor's access in its feed")
    before = acting_for(scene, one, party)
    one.acting = {**one.acting, party: successor.office.id}
    refused = await before.act(one.case, "claim-submitted") is None
    scene.check(
        "who ceded an invitation no longer acts in its place", true=refused and case in _access(invited, "none")
    )


def _access(software: BailiffSoftware, access: str) -> list[str]:
    """Cases in which an office was told that it has this access."""
    return [str(event["case"]) for event in software.feed.of("rcd-access.changed") if event["access"] == access]


async def _admission(scene: Scene, one: Settlement, day: int) -> None:
    house, court = scene.register, the_court(scene.register)
    roll = {"court": "TTL-SANDBOX", "roleNumber": f"26/{one.case.rsplit('/', 1)[-1]}/B"}
    whose = {**roll, "niss": one.person.niss}
    mediator = {"institution": one.mediator} if one.mediator else {}
    for days, act, said in ((0, "petition-filed", {}), (5, "admitted", {**whose, **mediator}), (6, "avis-posted", {})):
        house.time.to(day + days)
        await court.act(one.case, act, **said)
    one.told = holders(scene, one.person)


async def _plain(scene: Scene, others: Sequence[Settlement]) -> None:
    """Admissions of people whom no CPAS keeps a dossier of."""
    for one in others:
        await _admission(scene, one, -30)
    scene.register.time.to(0)


async def _claims(scene: Scene, one: Settlement) -> None:
    """One creditor within its last term, one after it, one never."""
    for party, day in (("cred-1", -30), ("cred-2", -15)):
        scene.register.time.to(day)
        amounts = {"principal": "1250.10", "interest": "37.42", "costs": "65.00"}
        await acting_for(scene, one, party).act(one.case, "claim-submitted", obliged="true", **amounts)
    scene.register.time.to(0)


async def _stranger(scene: Scene, one: Settlement) -> None:
    """Another CPAS may not send claims of this case."""
    mediator = scene.register.account("mediateur", "mediator", institution=one.mediator)
    content = await mediator.export(one.case)
    other = next(system for name, system in scene.cpas.items() if name != one.mediator)
    refused = await other.refused_workbook(content)
    scene.check("claims of a settlement come from its mediator alone", true=refused)


async def _reminded(scene: Scene, one: Settlement, *, day: int) -> None:
    """The mediator's reminder is received: the last term of fifteen days (art. 1675/9 §3)."""
    mediator = scene.register.account("mediateur", "mediator", institution=one.mediator)
    scene.register.time.to(day)
    for party in _PARTIES[: one.creditors]:
        await mediator.act(one.case, "reminder-received", party=party)
    scene.register.time.to(0)


async def _effects(scene: Scene) -> None:
    """Dossiers and offices learn it; foreclosures are proposed to the mediator and to who acts for the creditor."""
    dossiers = {one.dossier for one in scene.memory.settlements if one.dossier}
    offices = sum(len(one.told) for one in scene.memory.settlements)
    first = scene.memory.settlements[0]
    await until(
        lambda: (
            dossiers <= {one["dossier"] for one in feeds(scene, "closing.proposed")}
            and sum(software.feed.count("rcd-avis.told") for software in scene.offices.values()) >= offices
            and len(_proposals(scene, first.mediator)) >= first.creditors - 1
        ),
        "effects of admissions in the feeds of CPAS and offices",
        progress=lambda: (
            f"{len(feeds(scene, 'closing.proposed'))} proposed to close, "
            f"{len(_proposals(scene, first.mediator))} foreclosures proposed"
        ),
    )


async def _closed(scene: Scene, one: Settlement) -> None:
    """The CPAS closes the dossier for the settlement (R2A); offices learn the closing, never why."""
    case = next(case for case in scene.cases() if case.dossier == one.dossier)
    concerned = [
        (case, office)
        for office in sorted(case.invited)
        if participation(scene, case, office, reminded=False) in {"P1", "P3"}
    ]
    await scene.cpas[case.cpas].close(case, "R2A")
    scene.memory.closings_mailed += mailed(scene, concerned)
    await until(
        lambda: any(event["reason"] == "R2A" for event in feeds(scene, "dossier.closing-reason-recorded")),
        "the closing in the feed of its CPAS",
    )
    told = [event for software in scene.offices.values() for event in software.feed.events.values()]
    scene.check("offices never learn that a settlement is why", true="R2A" not in str(told))


def _clients(scene: Scene) -> list[Settlement]:
    """Three clients with an open dossier each, of whom the FCA knows no settlement yet."""
    known = {notice.person.niss for notice in scene.fca.notices.values() if notice.kind == "N10"}
    twice = [case.person.niss for case in scene.cases()]
    free = [
        case
        for system in scene.cpas.values()
        for case in reversed(list(system.cases.values()))
        if case.open and case.person.niss not in known and twice.count(case.person.niss) == 1
    ]
    made = [_settlement(scene, n, case.person, case) for n, case in enumerate(free[:3])]
    scene.memory.settlements += made
    return made


def _others(scene: Scene) -> list[Settlement]:
    clients = {case.person.niss for case in scene.cases()}
    free = [person for person in scene.population.people if person.niss not in clients]
    made = [_settlement(scene, n + 3, person) for n, person in enumerate(free[: scene.scale.people // _EACH])]
    scene.memory.settlements += made
    return made


def _settlement(scene: Scene, n: int, person: Person, case: Case | None = None) -> Settlement:
    """Its creditors: the first two act through bailiff offices, the third through nobody."""
    offices = sorted(scene.offices)
    return Settlement(
        case=f"{scene.today.year}/{scene.run}/{n + 1}",
        person=person,
        dossier=case.dossier if case else "",
        mediator=case.cpas if case else "",
        creditors=(3, 2, 1)[n] if case else 0,
        cedes=n == 2,  # noqa: PLR2004 - the third
        acting={"cred-1": offices[0], "cred-2": offices[1]} if case else {},
    )


def _proposals(scene: Scene, mediator: str) -> list[str]:
    """Cases of the foreclosures that a mediator was proposed."""
    return [str(event["case"]) for event in scene.cpas[mediator].feed.of("foreclosure.proposed")]

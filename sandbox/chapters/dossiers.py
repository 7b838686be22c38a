"""CPAS register clients, known offices are invited by mail and feed, and answer."""

import asyncio
from collections.abc import Sequence

from sandbox.bailiff import BailiffSoftware, Option
from sandbox.cpas import Case, CpasSystem
from sandbox.expected import invitations, mailed
from sandbox.people import Person
from sandbox.roles import option_of, role_of
from sandbox.scene import Scene
from sandbox.waiting import until

_CLIENTS = 0.4
_AT_ONCE = 4


async def registrations(scene: Scene) -> None:
    """Each CPAS registers its clients; one of them is a client of two."""
    systems = list(scene.cpas.values())
    clients = scene.population.people[: int(len(scene.population.people) * _CLIENTS)]
    shares = {system.cpas.id: list(clients[n :: len(systems)]) for n, system in enumerate(systems)}
    shares[systems[1].cpas.id].append(shares[systems[0].cpas.id][0])
    count = sum(len(share) for share in shares.values())
    scene.teller.begin("CPAS register clients with their consent", count)
    for system in systems:
        cases = [_case(scene, system, person) for person in shares[system.cpas.id]]
        await system.register(cases)
        scene.teller.advance(len(cases))
    await _refused(scene, systems[0], scene.population.people[-1])
    await until(
        lambda: all(case.dossier for case in scene.cases()),
        "every registered client's dossier in the feed of its CPAS",
        progress=lambda: f"{sum(bool(case.dossier) for case in scene.cases())} of {count}",
    )


async def invited(scene: Scene) -> None:
    """Every office that appears in the FCA for a client gets its invitation, by feed and by mail."""
    wanted = invitations(scene)
    scene.teller.begin("Known offices are invited, by feed and by mail", len(wanted))
    await invitations_arrived(scene)
    scene.teller.advance(len(wanted))


async def invitations_arrived(scene: Scene, *, but: frozenset[tuple[str, str]] = frozenset()) -> None:
    """Wait until each invitation is in its office's feed and mailbox; ``but``: (NISS, office) still unknown."""
    wanted = [(case, office) for case, office in invitations(scene) if (case.person.niss, office) not in but]
    references = {f"{case.dossier}.{office}" for case, office in wanted}
    mails = mailed(scene, wanted)

    def seen() -> set[str]:
        return {reference for software in scene.offices.values() for reference in software.invited_by_feed()}

    await until(
        lambda: references <= seen() and scene.mailroom.count("invitation") >= mails,
        "invitations in the offices' feeds and mailboxes",
        progress=lambda: (
            f"{len(seen())} of {len(references)} in feeds, {scene.mailroom.count('invitation')} of {mails} mailed"
        ),
    )


async def answers(scene: Scene) -> None:
    """Offices answer; the reference comes from the mail, or from the feed where no mail came."""
    todo = [
        (software, reference, option)
        for software in scene.offices.values()
        for reference, option in _due(scene, software)
    ]
    scene.teller.begin("Offices answer their invitations", len(todo))
    room = asyncio.Semaphore(_AT_ONCE)

    async def answer(software: BailiffSoftware, reference: str, option: Option) -> None:
        async with room:
            await software.answer(reference, option)
            scene.teller.advance()

    await asyncio.gather(*(answer(*one) for one in todo))
    joined = sum(option == "O1" for _, _, option in todo)
    declined = len(todo) - joined
    await until(
        lambda: _told(scene, "office.joined") >= joined and _told(scene, "office.declined") >= declined,
        "the answers in the feeds of the CPAS",
        progress=lambda: (
            f"{_told(scene, 'office.joined')} of {joined} joined, "
            f"{_told(scene, 'office.declined')} of {declined} declined"
        ),
    )


def _due(scene: Scene, software: BailiffSoftware) -> list[tuple[str, Option]]:
    """Invitations the office answers, by their references."""
    by_feed = software.invited_by_feed()
    by_mail = {mail.reference for mail in software.mails("invitation")}
    references = sorted(by_mail or by_feed)
    roles = ((one, role_of(scene.seed, by_feed[one], software.office.id)) for one in references)
    return [(one, option) for one, role in roles if (option := option_of(role)) and one not in software.answers]


def _told(scene: Scene, kind: str) -> int:
    return sum(system.feed.count(kind) for system in scene.cpas.values())


def _case(scene: Scene, system: CpasSystem, person: Person) -> Case:
    return Case(person=person, cpas=system.cpas.id, invited=scene.fca.offices_of(person))


async def _refused(scene: Scene, system: CpasSystem, stranger: Person) -> None:
    """What a CPAS may not do is told to it alone."""
    await system.register_without_consent(stranger)
    await system.register_twice(next(iter(system.cases.values())))
    await until(
        lambda: rules(system) == sorted(system.refusals),
        f"the refusals {system.refusals} in the feed of {system.cpas.id}",
        progress=lambda: rules(system),
    )
    scene.check("a registration without consent, and a second one, are refused to their CPAS", true=True)


def rules(system: CpasSystem) -> Sequence[str]:
    """Rules that commands of a CPAS met, as its feed tells them."""
    return sorted(event["rule"] for event in system.feed.of("command.refused"))

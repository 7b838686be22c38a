"""What chapters about the register share: who acts there, what they read, and how the hub is told."""

from sandbox.people import Person
from sandbox.register.account import RegisterAccount
from sandbox.register.house import RegisterHouse
from sandbox.register.push import Way
from sandbox.scene import Scene, Settlement
from sandbox.settlements import hints
from sandbox.waiting import until


async def exported(scene: Scene, one: Settlement) -> None:
    """The mediator sends the register's Excel export of its claims; a second export of the same changes nothing."""
    mediator = scene.register.account("mediateur", "mediator", institution=one.mediator)
    first, second = await mediator.export(one.case), await mediator.export(one.case)
    answers = [await scene.cpas[one.mediator].workbook(content) for content in (first, first, second)]
    scene.check("the same Excel export has the same receipt", true=len({answer.receipt for answer in answers[:2]}) == 1)
    one.exported = True


def the_court(house: RegisterHouse) -> RegisterAccount:
    """The court's registry."""
    return house.account("greffe", "court")


def acting_for(scene: Scene, one: Settlement, party: str) -> RegisterAccount:
    """The office that acts for a creditor."""
    return scene.register.account("creancier", "creditor", institution=one.acting[party], party=party)


def holders(scene: Scene, person: Person) -> list[str]:
    """Offices whose notices on a person run."""
    return sorted(scene.fca.offices_of(person))


def feeds(scene: Scene, kind: str) -> list[dict[str, str]]:
    """What all CPAS read of a type."""
    return [dict(event) for system in scene.cpas.values() for event in system.feed.of(kind)]


async def daily_mails(scene: Scene) -> None:
    """The register sends each institution one mail a day; the hub makes hints of it."""
    await scene.register.operator.overviews()
    wanted = hints(scene.register.overviews)
    await until(
        lambda: len(feeds(scene, "rcd-action.suggested")) >= wanted,
        "hints of the register's daily mails",
        progress=lambda: f"{len(feeds(scene, 'rcd-action.suggested'))} of {wanted}",
    )


async def push(scene: Scene, way: Way) -> None:
    """The register tells the hub everything that waits."""
    while scene.register.push.waiting:
        await scene.register.push.once(way)

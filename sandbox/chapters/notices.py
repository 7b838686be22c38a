"""The directory of offices, and notices: one by one, then in bulk through a watched folder."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from itertools import count

from sandbox import notices
from sandbox.fca import bad_registration
from sandbox.notices import Notice
from sandbox.scene import Scene
from sandbox.waiting import until
from sandbox.xml import Element

_SINGLE_SHARE = 5
_AT_ONCE = 12


async def directory(scene: Scene) -> None:
    """The Chamber lists its offices."""
    scene.teller.begin("The Chamber lists its bailiff offices", len(scene.offices))
    await scene.fca.list_offices([software.office for software in scene.offices.values()])
    await counted(scene, {"offices": len(scene.offices)}, "the directory of offices")
    scene.teller.advance(len(scene.offices))


async def registrations(scene: Scene) -> None:
    """Notices of everybody: some one by one over HTTP, the rest in one file."""
    known = planned(scene)
    single, bulk = known[: len(known) // _SINGLE_SHARE], known[len(known) // _SINGLE_SHARE :]
    scene.teller.begin("The FCA registers notices, one by one", len(single))
    room = asyncio.Semaphore(_AT_ONCE)

    async def register(notice: Notice) -> None:
        async with room:
            await scene.fca.register(notice)
            scene.teller.advance()

    await asyncio.gather(*(register(notice) for notice in single))
    scene.teller.begin("A file of notices, two of them wrong", len(bulk))
    bad = [bad_registration(notices.changed(notice, number=f"{notice.number}-X")) for notice in bulk[:2]]
    answer = await scene.fca.drop([notices.registration(notice) for notice in bulk], bad=bad)
    scene.fca.know(bulk)
    scene.memory.bad_items += len(bad)
    scene.check("a file with two wrong notices: the others go on", true=len(answer.refused) == len(bad))
    scene.teller.advance(len(bulk))
    await _states(scene, "notices registered")


async def operations(scene: Scene) -> None:
    """Strikes, suspensions, renewals, corrections, changes of holder: what happens to notices."""
    entries, after = _happenings(scene)
    scene.teller.begin("Notices struck, suspended, renewed, corrected", len(entries))
    await scene.fca.drop(entries)
    scene.fca.know(after)
    await _states(scene, "notices in their states")
    scene.teller.advance(len(entries))


def planned(scene: Scene) -> list[Notice]:
    """Notices for everybody: each person with a few offices, some notices of a court registry."""
    offices = [software.office for software in scene.offices.values()]
    known = {
        person.niss: scene.random.sample(offices, scene.random.choice((1, 2, 2, 3, 3, 4)))
        for person in scene.population.people
    }
    pairs = [(person, office) for person in scene.population.people for office in known[person.niss]]
    while len(pairs) < scene.scale.notices:
        person = scene.random.choice(scene.population.people)
        pairs.append((person, scene.random.choice(known[person.niss])))
    scene.random.shuffle(pairs)
    numbers = count(1)
    return [
        notices.new_notice(
            scene.random,
            f"{scene.run}-{next(numbers):06d}",
            person,
            None if scene.random.random() < 0.08 else office,  # noqa: PLR2004 - a few are of a court registry
            scene.today,
        )
        for person, office in pairs
    ]


async def counted(scene: Scene, wanted: dict[str, int], what: str, *, within: float = 60.0) -> None:
    """Wait until the hub counts this; what differs at the end stands in the message."""
    found: dict[str, int] = {}

    async def equal() -> bool:
        counts = await scene.administrator.counts()
        found.update({name: counts.get(name, 0) for name in wanted})
        return found == wanted

    def difference() -> str:
        return ", ".join(f"{name} {found.get(name)} of {number}" for name, number in wanted.items())

    await until(equal, what, within=within, progress=difference)


async def _states(scene: Scene, what: str) -> None:
    states = Counter(notice.state for notice in scene.fca.notices.values())
    await counted(scene, {f"notices.{state}": states[state] for state in ("active", "suspended", "struck")}, what)


def _happenings(scene: Scene) -> tuple[Sequence[Element], Sequence[Notice]]:
    """Entries of a drop, and the notices as they are afterwards."""
    entries: list[Element] = []
    after: list[Notice] = []
    offices = list(scene.offices)
    chosen = scene.random.sample(list(scene.fca.notices.values()), len(scene.fca.notices) // 6)
    for n, notice in enumerate(one for one in chosen if one.office):
        entry, changed = _happening(scene, n, notice, offices)
        entries.append(entry)
        after.append(changed)
    return entries, after


def _happening(scene: Scene, n: int, notice: Notice, offices: Sequence[str]) -> tuple[Element, Notice]:
    today = scene.today
    match n % 6:
        case 0 | 1:
            return notices.strike(notice, today), notices.changed(notice, state="struck")
        case 2:
            return notices.suspension(notice, today), notices.changed(notice, state="suspended")
        case 3:
            later = notices.changed(notice, expires_on=today.replace(year=today.year + 3, day=1))
            return notices.renewal(later, today), later
        case 4:
            newer = notices.changed(notice, version=2, amount=notice.amount + 10)
            return notices.registration(newer), newer
        case _:
            other = notices.changed(notice, office=scene.random.choice(offices))
            return notices.holder_change(other, today), other

"""Claims: told early, in bulk, with wrong ones among them, corrected and withdrawn."""

import asyncio
from collections import Counter

from sandbox.bailiff import BailiffSoftware
from sandbox.chapters.notices import counted
from sandbox.claims import Claim, bad_claims, corrected, new_claim, withdrawn
from sandbox.people import Person
from sandbox.roles import TELLING, Role, role_of
from sandbox.scene import Scene

Told = dict[str, list[Claim]]
"""Claims to be told, by office."""


async def early(scene: Scene, told: Told) -> None:
    """Some offices tell claims before anybody invited them."""
    mine = _of(scene, told, frozenset({"early"}))
    scene.teller.begin("Claims told before any invitation", sum(map(len, mine.values())))
    await asyncio.gather(*(_tell(scene, office, claims) for office, claims in mine.items() if claims))
    await claims_counted(scene)


async def bulk(scene: Scene, told: Told) -> None:
    """Offices synchronise their claims in bulk; two send wrong ones too, one leaves a gap and fills it."""
    mine = _of(scene, told, frozenset({"shares", "tells"}))
    scene.teller.begin("Claims in bulk, over HTTP and folders", sum(map(len, mine.values())))
    first, *others = (office for office, claims in mine.items() if claims)
    await asyncio.gather(
        _with_gap(scene, scene.offices[first], mine[first]),
        *(_bulk(scene, n, one, mine[one]) for n, one in enumerate(others)),
    )
    await claims_counted(scene)


async def changes(scene: Scene) -> None:
    """Offices correct some claims and withdraw others."""
    picked = {office: _changes(scene, software) for office, software in scene.offices.items()}
    scene.teller.begin("Offices correct and withdraw claims", sum(map(len, picked.values())))
    await asyncio.gather(*(_tell(scene, office, claims) for office, claims in picked.items() if claims))
    await claims_counted(scene)


def planned(scene: Scene) -> Told:
    """Claims of each office on the people it has notices of, if its role is to tell any."""
    pairs = [
        (scene.offices[office], person)
        for person in scene.population.people
        for office in sorted(scene.fca.offices_of(person))
        if role_of(scene.seed, person.niss, office) in TELLING
    ]
    found: Told = {office: [] for office in scene.offices}
    while len(pairs) < scene.scale.claims and pairs:
        pairs += pairs[: scene.scale.claims - len(pairs)]
    for software, person in pairs:
        found[software.office.id].append(_new(scene, software, person))
    return found


async def claims_counted(scene: Scene) -> None:
    """Wait until the hub knows every claim in its state."""
    every = [claim for software in scene.offices.values() for claim in software.claims.values()]
    states = Counter("withdrawn" if claim.withdrawn else "living" for claim in every)
    wanted = {f"claims.{state}": states[state] for state in ("living", "withdrawn")}
    await counted(scene, wanted, "claims in their states", within=90)


async def _tell(scene: Scene, office: str, claims: list[Claim]) -> None:
    await scene.offices[office].synchronise(claims)
    scene.teller.advance(len(claims))


async def _bulk(scene: Scene, n: int, office: str, claims: list[Claim]) -> None:
    """One office's bulk: by folder for every third office, with wrong claims from the first two."""
    software = scene.offices[office]
    bad = bad_claims(claims[0], software.contact) if n < 2 else {}  # noqa: PLR2004 - see above
    sent = await software.synchronise(claims, bad=bad, folder=n % 3 == 0)
    if bad:
        codes = sorted({str(one.get("code")) for one in sent.answer.refused})
        scene.memory.bad_items += len(bad)
        name = f"{office}: {len(bad)} wrong claims of {len(claims) + len(bad)} are listed with their rules"
        scene.check(name, true=codes == sorted(bad))
    scene.teller.advance(len(claims))


async def _with_gap(scene: Scene, software: BailiffSoftware, claims: list[Claim]) -> None:
    """The second half comes first, so the answer tells of a gap, which the first half fills."""
    half = len(claims) // 2
    before, after = software.next_sequence(), software.next_sequence()
    late = await software.synchronise(claims[half:], sequence=after)
    scene.check("a synchronisation that skips a number is told of the gap", true=late.missing == [[before, before]])
    filled = await software.synchronise(claims[:half], sequence=before)
    scene.check("the missing synchronisation fills the gap", true=filled.missing == [])
    scene.teller.advance(len(claims))


def _of(scene: Scene, told: Told, roles: frozenset[Role]) -> Told:
    return {
        office: [claim for claim in claims if role_of(scene.seed, claim.person.niss, office) in roles]
        for office, claims in told.items()
    }


def _changes(scene: Scene, software: BailiffSoftware) -> list[Claim]:
    every = list(software.claims.values())
    chosen = scene.random.sample(every, len(every) // 12)
    return [withdrawn(one) if n % 4 == 0 else corrected(one, scene.random) for n, one in enumerate(chosen)]


def _new(scene: Scene, software: BailiffSoftware, person: Person) -> Claim:
    return new_claim(scene.random, software.office, software.next_claim(), person)

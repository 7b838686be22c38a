"""The register is away while a last term ends, and back: what was done meanwhile is entered at its own date."""

from sandbox.chapters.at_the_register import acting_for, daily_mails, exported, feeds, holders, push, the_court
from sandbox.scene import Scene
from sandbox.settlements import silent
from sandbox.waiting import until

_BACK = 15
"""The day on which the register is back: what the story lets pass."""


async def away(scene: Scene) -> None:
    """The register goes away: whoever asks is told so; the hub learns it."""
    scene.teller.begin("The register is away; whoever asks is told", 1)
    house = scene.register
    house.time.to(0)
    name = await house.operator.switch(away=True)
    second = scene.memory.settlements[1]
    creditor = acting_for(scene, second, "cred-1")
    refused = await creditor.act(second.case, "claim-submitted") is None
    scene.check("an act during an outage is refused and its account is told so", true=refused and bool(name))
    await push(scene, "folder")
    scene.teller.advance()


async def caught_up(scene: Scene) -> None:
    """The register is back: a claim of the outage is entered at its own date, with evidence; another case ends."""
    scene.teller.begin("The register is back: a claim is caught up, a settlement ends", 3)
    house, (_, second, third, *_) = scene.register, scene.memory.settlements
    proposed = len(feeds(scene, "foreclosure.proposed"))
    scene.check(
        "nothing is proposed while the register is away",
        true=proposed == len(silent(scene, scene.memory.settlements[0].case)) and bool(silent(scene, second.case)),
    )
    house.time.to(_BACK)
    name = await house.operator.switch(away=False)
    creditor, evidence = acting_for(scene, second, "cred-1"), {"outage": name, "evidence": "DOC-1"}
    outside = await creditor.act(second.case, "claim-submitted", at=house.time.day(-1).isoformat(), **evidence)
    scene.check("an act cannot be caught up outside its outage", true=outside is None)
    inside = await creditor.act(
        second.case, "claim-submitted", at=house.time.day(0).isoformat(), principal="480.00", **evidence
    )
    scene.check("a claim made during the outage is entered at its own date", true=inside is not None)
    await push(scene, "rest")
    await exported(scene, second)
    scene.teller.advance()
    court = the_court(house)
    for act in ("ended-at-request", "avis-radiated"):
        await court.act(third.case, act)
    await daily_mails(scene)
    third.ended, third.told = True, third.told + holders(scene, third.person)
    await push(scene, "soap")
    scene.teller.advance()
    await until(
        lambda: any(one["dossier"] == third.dossier for one in feeds(scene, "closing-proposal.lapsed")),
        "the end of a settlement in the feed of its client's CPAS",
    )
    scene.teller.advance()

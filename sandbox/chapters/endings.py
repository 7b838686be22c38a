"""Dossiers end: some are closed, silent offices are reminded when time passes, one person is erased."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from sandbox.bailiff import BailiffSoftware
from sandbox.chapters.notices import counted
from sandbox.cpas import Case
from sandbox.expected import mailed, participation, silent
from sandbox.scene import Scene
from sandbox.waiting import until

_FORTNIGHT = timedelta(days=15)


async def closed(scene: Scene) -> None:
    """Some CPAS close a dossier; offices learn that, never why; an answer that comes later is refused."""
    settled = {one.dossier for one in scene.memory.settlements}
    quiet = {case.dossier for case, _ in silent(scene)} - settled
    chosen = [
        next((one for one in system.cases.values() if one.dossier in quiet), next(iter(system.cases.values())))
        for system in scene.cpas.values()
    ]
    scene.teller.begin("Dossiers closed; offices learn it, never why", len(chosen))
    late = [(case, office) for case, office in silent(scene) if case in chosen]
    told = [(case, office) for case in chosen for office in sorted(case.invited) if _concerned(scene, case, office)]
    for case in chosen:
        await scene.cpas[case.cpas].close(case, "R1")
        scene.teller.advance()
    scene.memory.closings_mailed += mailed(scene, told)
    mails = scene.memory.closings_mailed
    await until(
        lambda: (
            all(case.dossier in _closed(scene.offices[office]) for case, office in told)
            and scene.mailroom.count("closing") >= mails
        ),
        "closings in the offices' feeds and mailboxes",
        progress=lambda: f"{scene.mailroom.count('closing')} of {mails} mailed",
    )
    await _late(scene, late[:1])


async def reminded(scene: Scene) -> None:
    """Fifteen days pass: offices that said nothing are reminded, once; notices run out."""
    quiet = silent(scene)
    scene.teller.begin("Fifteen days pass: silent offices are reminded", len(quiet))
    scene.memory.reminded, scene.memory.reminders_mailed = len(quiet), mailed(scene, quiet)
    await scene.administrator.advance(_FORTNIGHT)
    expired = scene.fca.expire(scene.today + _FORTNIGHT)
    await until(
        lambda: _reminded(scene) >= len(quiet) and scene.mailroom.count("reminder") >= scene.memory.reminders_mailed,
        "reminders in feeds and mailboxes",
        progress=lambda: (
            f"{_reminded(scene)} of {len(quiet)} told, {scene.mailroom.count('reminder')} of "
            f"{scene.memory.reminders_mailed} mailed"
        ),
    )
    await counted(scene, {"notices.expired": expired}, "notices that ran out")
    await _overviews(scene)
    scene.teller.note(f"{expired} notices ran out")
    scene.teller.advance(len(quiet))


async def _overviews(scene: Scene) -> None:
    """Once a day each user gets her overviews of settlements: one mail for each that was scheduled."""
    await until(
        lambda: 0 < len(scheduled(scene)) <= scene.mailroom.count("digest"),
        "overviews of the day in mailboxes",
        progress=lambda: f"{scene.mailroom.count('digest')} of {len(scheduled(scene))}",
    )
    every = [(one["institution"], one["user"], one["digest"], one["on"]) for one in scheduled(scene)]
    scene.check("nobody gets two overviews of a kind on one day", true=len(set(every)) == len(every))


def scheduled(scene: Scene) -> list[Mapping[str, Any]]:
    """Overviews that the hub says it sends."""
    return [one for software in scene.offices.values() for one in software.feed.of("digest.scheduled")]


async def erased(scene: Scene) -> None:
    """A person withdraws her consent: nobody can read her any more, sums stay."""
    scene.teller.begin("A person withdraws her consent and is erased", 3)
    case = next(one for one in scene.cases() if one.open and any(_names(scene, one)))
    readers = _names(scene, case)
    scene.check("before the erasure, CPAS and offices read the client's NISS", true=all(readers))
    scene.teller.advance()
    await scene.administrator.erase(case.person.niss)
    scene.memory.erased = case
    scene.teller.advance()
    names: list[object] = [
        *await _read_again(scene, case),
        *_mentions(await scene.cpas[case.cpas].dossier(case.dossier), case),
        *_mentions(await scene.cpas[case.cpas].claims(case.dossier), case),
        *[_mentions(await scene.offices[office].dossier(case.dossier), case) for office in sorted(case.invited)],
    ]
    scene.check("after the erasure, nobody reads the client: feeds, dossier, claims", true=not any(names))
    scene.teller.advance()


def _mentions(body: object, case: Case) -> list[str]:
    """Identifying words of the client that stand in an answer."""
    text = str(body)
    return [word for word in (case.person.niss, case.person.name) if word in text]


def _names(scene: Scene, case: Case) -> list[bool]:
    """For each reader of the dossier's invitations: whether the client's NISS stands there."""
    feeds = [scene.cpas[case.cpas].feed, *(scene.offices[office].feed for office in sorted(case.invited))]
    return [
        event.get("niss") == case.person.niss
        for feed in feeds
        for event in feed.of("office.invited")
        if event["dossier"] == case.dossier
    ]


async def _read_again(scene: Scene, case: Case) -> list[str]:
    """What stands as the client's NISS in the dossier's invitations, read again from the beginning of each feed."""
    feeds = [scene.cpas[case.cpas].feed, *(scene.offices[office].feed for office in sorted(case.invited))]
    again = [await feed.read_again() for feed in feeds]
    events = [event for feed in again for event in feed.of("office.invited") if event["dossier"] == case.dossier]
    return [event.get("niss", "") for event in events]


async def _late(scene: Scene, late: list[tuple[Case, str]]) -> None:
    """An answer to an invitation whose dossier is closed."""
    for case, office in late:
        software = scene.offices[office]
        await software.answer(f"{case.dossier}.{office}", "O3")
        software.answers.pop(f"{case.dossier}.{office}")
        await until(partial(_refused, software), "the refusal of a late answer in its office's feed")
        scene.check("an answer after the closing is refused to its office", true=True)


def _concerned(scene: Scene, case: Case, office: str) -> bool:
    """Whether an office is told of the closing: it was asked, or takes part."""
    return participation(scene, case, office, reminded=False) in {"P1", "P3"}


def _closed(software: BailiffSoftware) -> set[str]:
    return {event["dossier"] for event in software.feed.of("dossier.closed")}


def _refused(software: BailiffSoftware) -> bool:
    return any(event["rule"] == "dossier-closed" for event in software.feed.of("command.refused"))


def _reminded(scene: Scene) -> int:
    return sum(system.feed.count("office.reminded") for system in scene.cpas.values())

"""An administrator's day: a bad release fills a group; a plan, a canary that stops, a fix, a replay, a return.

The bad release is injected by the administrator of the demo: while it lasts, the hub cannot write that a notice was
struck. Everything else is what an administrator does with ``hub dlq``.
"""

from collections.abc import Sequence

from sandbox import notices
from sandbox.chapters.dossiers import invitations_arrived
from sandbox.notices import Notice
from sandbox.scene import JobSeen, LetterSeen, Scene
from sandbox.waiting import until

_STRUCK = 12


async def day(scene: Scene) -> None:
    """The whole day."""
    scene.teller.begin("An administrator's day: a bad release, a plan, a canary, a fix, a return", 5)
    waiting = await _bad_release(scene)
    scene.teller.advance()
    plan = await _planned(scene, len(waiting))
    scene.teller.advance()
    await _canary(scene, plan, len(waiting))
    scene.teller.advance()
    await _returned(scene)
    scene.teller.advance()
    await invitations_arrived(scene)
    scene.teller.advance()


async def _bad_release(scene: Scene) -> Sequence[LetterSeen]:
    """Strikes of twelve persons, while the release in production cannot handle any."""
    await scene.administrator.release("bad")
    for notice in _one_a_person(scene)[:_STRUCK]:
        await scene.fca.strike(notice)
    found = await _letters(scene, _STRUCK)
    groups = {(one.group, one.reason) for one in found}
    scene.check("a bad release fills one group of dead letters", true=len(groups) == 1)
    return found


async def _planned(scene: Scene, letters: int) -> str:
    """Asked while the release is bad, the plan says so; after the fix it says what it will release."""
    plan = await scene.administrator.plan("replay", [])
    scene.check("a plan under the bad release says that all fail again", true=plan.fails == letters)
    await scene.administrator.release(None)
    plan = await scene.administrator.plan("replay", [])
    scene.check("a plan under the fix says that all would succeed", true=plan.good == letters)
    scene.teller.note(f"plan: {plan.good} of {letters} would succeed")
    return plan.id


async def _canary(scene: Scene, plan: str, letters: int) -> None:
    """The fix breaks otherwise: the canary stops. Mended, the job goes on; one letter fails and is replayed alone."""
    await scene.administrator.release("worse")
    job = await scene.administrator.ask(plan, "the release 1.0.1 mends it")
    seen = await _job(scene, job, "stopped")
    scene.check("a canary stops a job at a failure its plan did not know", true=(seen.failed, seen.done) == (1, 0))
    scene.teller.note(f"job stopped after {seen.failed} of {letters}: {seen.why}")
    await scene.administrator.release(None)
    await scene.administrator.resume(job)
    seen = await _job(scene, job, "done")
    scene.check("mended, the job replays the others", true=seen.done == letters - 1)
    scene.memory.letters["replayed"] += letters
    (last,) = await _letters(scene, 1)
    goes_on = await scene.administrator.replay(last.id, last=False)
    scene.check("the canary's letter is replayed alone", true=goes_on)


async def _returned(scene: Scene) -> None:
    """A strike with a wrong number goes back to the Chamber, whose correction closes it."""
    notice = _one_a_person(scene)[_STRUCK]
    await scene.fca.strike(notices.changed(notice, number=f"{notice.number}-wrong"))
    (letter,) = await _letters(scene, 1)
    plan = await scene.administrator.plan("return", [letter.id], code="return-content-wrong", where="/Strike/@number")
    await _job(scene, await scene.administrator.ask(plan.id, "the Chamber never registered this number"), "done")
    returned = await scene.fca.returns()
    mine = [one["reference"] for one in returned] == [letter.id]
    scene.check("the Chamber reads why its document was returned", true=mine)
    await scene.fca.correct(letter.id, notice)

    async def closed() -> bool:
        return not await scene.fca.returns()

    scene.memory.letters["corrected"] += 1
    await until(closed, "the correction to close the returned letter", progress=lambda: returned)
    scene.check("no dead letter waits after the day", true=not await scene.administrator.letters())


async def skipped(scene: Scene) -> None:
    """Mails that no office can get and calls that no bank took are left out, for a reason, by two administrators."""
    waiting = await scene.administrator.letters("delivery")
    scene.teller.begin("What could not be delivered is skipped by two administrators", len(waiting))
    if waiting:
        plan = await scene.administrator.plan("skip", [one.id for one in waiting])
        await _job(scene, await scene.administrator.ask(plan.id, "no address, no bank; told by phone"), "done")
    scene.memory.letters["skipped"] += len(waiting)
    scene.teller.advance(len(waiting))


async def _letters(scene: Scene, number: int) -> Sequence[LetterSeen]:
    found: list[LetterSeen] = []

    async def there() -> bool:
        found[:] = await scene.administrator.letters()
        return len(found) == number

    await until(there, f"{number} dead letters", progress=lambda: f"{len(found)} so far")
    return found


async def _job(scene: Scene, job: str, state: str) -> JobSeen:
    seen = await scene.administrator.job(job)

    async def there() -> bool:
        nonlocal seen
        seen = await scene.administrator.job(job)
        return seen.state == state

    await until(there, f"the job to be {state}", progress=lambda: seen)
    return seen


def _one_a_person(scene: Scene) -> list[Notice]:
    """Running notices of an office, one of each person, in a stable order."""
    found: dict[str, Notice] = {}
    for notice in scene.fca.notices.values():
        if notice.state == "active" and notice.office:
            found.setdefault(notice.person.niss, notice)
    return list(found.values())

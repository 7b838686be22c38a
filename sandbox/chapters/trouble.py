"""A poison event parks its dossier while all others go on; mended, it is replayed.

The strike of a notice overtakes the notice's own registration. The hub cannot strike what it does not know: the
strike becomes a dead letter, and everything later about that person waits behind it, the registration too. The
administrator sees what waits, and replays the letter after it.
"""

from sandbox import notices
from sandbox.chapters.dossiers import invitations_arrived
from sandbox.cpas import Case
from sandbox.notices import Notice
from sandbox.scene import LetterSeen, Scene
from sandbox.waiting import until

_OTHERS = 10


async def poisoned(scene: Scene) -> None:
    """The poison, the others that go on, the replay."""
    scene.teller.begin("A poison event parks its dossier; others go on", 4)
    unlucky, *others = _with_room(scene)[: _OTHERS + 1]
    office = _stranger(scene, unlucky)
    late = _notice(scene, "late", unlucky, office)
    await scene.fca.strike(late)
    letter = await _letter(scene, behind=0)
    scene.teller.note(f"dead letter in {letter.group}: {letter.reason}")
    scene.teller.advance()
    await scene.fca.register(late)
    unlucky.invited.add(office)
    await _letter(scene, behind=1)
    scene.teller.advance()
    for n, case in enumerate(others):
        newcomer = _stranger(scene, case)
        await scene.fca.register(_notice(scene, f"other{n}", case, newcomer))
        case.invited.add(newcomer)
    await invitations_arrived(scene, but=frozenset({(unlucky.person.niss, office)}))
    invitation = f"{unlucky.dossier}.{office}"
    waits = invitation not in scene.offices[office].invited_by_feed()
    scene.check("while one dossier is parked, others go on and it waits", true=waits)
    scene.teller.advance()
    await _mended(scene, letter)
    await invitations_arrived(scene)
    scene.fca.know([notices.changed(late, state="struck")])
    scene.teller.advance()


async def _mended(scene: Scene, letter: LetterSeen) -> None:
    again = await scene.administrator.replay(letter.id, last=False)
    scene.check("replayed as it is, the letter fails again and the dossier stays parked", true=not again)
    goes_on = await scene.administrator.replay(letter.id, last=True)
    scene.check("replayed after what waits behind it, the dossier goes on", true=goes_on)
    scene.memory.letters["replayed"] += 1
    scene.check("no dead letter waits any more", true=not await scene.administrator.letters())


async def _letter(scene: Scene, *, behind: int) -> LetterSeen:
    """The one dead letter, once so many records wait behind it."""
    found: list[LetterSeen] = []

    async def there() -> bool:
        found[:] = await scene.administrator.letters()
        return len(found) == 1 and found[0].behind >= behind

    await until(there, f"one dead letter with {behind} records behind it", progress=lambda: found)
    return found[0]


def _with_room(scene: Scene) -> list[Case]:
    """Dossiers to which an office could still be invited."""
    return [case for case in scene.cases() if _strangers(scene, case)]


def _strangers(scene: Scene, case: Case) -> list[str]:
    known = case.invited | scene.fca.offices_of(case.person)
    twice = [one for one in scene.cases() if one.person.niss == case.person.niss]
    told = {office for office, software in scene.offices.items() if software.told(case.person)}
    return sorted(set(scene.offices) - known - told) if len(twice) == 1 else []


def _stranger(scene: Scene, case: Case) -> str:
    return _strangers(scene, case)[0]


def _notice(scene: Scene, name: str, case: Case, office: str) -> Notice:
    holder = scene.offices[office].office
    return notices.new_notice(scene.random, f"{scene.run}-{name}", case.person, holder, scene.today)

"""What must be true of dossiers, computed from what was sent; never from what the hub says."""

from collections import Counter

from sandbox.amounts import Totals
from sandbox.cpas import Case
from sandbox.scene import Scene

_DECLINED = {"O2": "P4", "O3": "P5", "O4": "P6", "O5": "P7"}


def participation(scene: Scene, case: Case, office: str, *, reminded: bool) -> str:
    """The state of an invited office in a dossier (fca-cpc §4.3); ``reminded``: its term has passed."""
    software = scene.offices[office]
    option = software.answers.get(f"{case.dossier}.{office}")
    if option == "O1" or software.told(case.person):
        state = "P3"
    elif option:
        state = _DECLINED[option]
    else:
        state = "P2" if reminded and case.open else "P1"
    return "P9" if not case.open and state in {"P1", "P2", "P3"} else state


def participations(scene: Scene, *, reminded: bool) -> Counter[str]:
    """How many participations are in which state."""
    return Counter(
        participation(scene, case, office, reminded=reminded) for case in scene.cases() for office in case.invited
    )


def silent(scene: Scene) -> list[tuple[Case, str]]:
    """Invitations of open dossiers that nobody answered."""
    return [
        (case, office)
        for case in scene.cases()
        for office in sorted(case.invited)
        if participation(scene, case, office, reminded=False) == "P1"
    ]


def totals(scene: Scene, case: Case) -> dict[str, Totals]:
    """What each office's claims come to in a dossier; offices without living claims are left out."""
    found = {office: scene.offices[office].totals(case.person) for office in sorted(case.invited)}
    return {office: total for office, total in found.items() if total.claims}


def invited(scene: Scene) -> int:
    """How many invitations there must be."""
    return sum(len(case.invited) for case in scene.cases())


def mailed(scene: Scene, pairs: list[tuple[Case, str]]) -> int:
    """How many of these reach a mailbox: the directory knows an address."""
    return sum(scene.offices[office].office.email is not None for _, office in pairs)


def invitations(scene: Scene) -> list[tuple[Case, str]]:
    """All invitations there must be."""
    return [(case, office) for case in scene.cases() for office in sorted(case.invited)]

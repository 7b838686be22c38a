"""What must be true of collective settlements, computed from the register's own book; and the hub held against it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal

from sandbox.register.export import ClaimKept
from sandbox.register.mails import Overview
from sandbox.scene import Scene
from sandbox.summary import Check

_LAST_TERM = 15
"""Days of the last term for a claim (art. 1675/9 §3); the story's claims are days away from its end."""

_ALL = frozenset({"petition-filed"})
_LINKS = frozenset({"invitation-accepted", "invitation-ceded"})


def in_hub(scene: Scene) -> dict[str, int]:
    """Counts that the hub must have."""
    book = scene.register.book
    states = Counter(book.state(case) for case in book.cases)
    told = [office for one in scene.memory.settlements for office in one.told]
    mailed = sum(scene.offices[office].office.email is not None for office in told)
    return {
        **{f"settlements.{state}": number for state, number in states.items()},
        "settlement-claims": len(exported(scene)),
        "settlement-claims.cents": int(sum((claim.total for claim in exported(scene)), Decimal()).scaleb(2)),
        "mails.settlement.done": mailed,
        "mails.settlement.failed": len(told) - mailed,
    }


def exported(scene: Scene) -> list[ClaimKept]:
    """Claims that mediators exported and sent: each was new once."""
    cases = {one.case for one in scene.memory.settlements if one.exported}
    return [claim for (case, _), claim in scene.register.book.claims.items() if case in cases]


def hints(mails: Iterable[Overview]) -> int:
    """What daily mails say, once for each case and kind of a day."""
    return sum(len(set(mail.lines)) for mail in mails)


def in_feeds(scene: Scene) -> Iterable[Check]:
    """What CPAS and offices must have read."""
    for kind, number in _of_cpas(scene).items():
        found = sum(system.feed.count(kind) for system in scene.cpas.values())
        yield Check(name=kind, where="feeds of CPAS", ledger=str(number), found=str(found))
    for kind, number in _of_offices(scene).items():
        found = sum(software.feed.count(kind) for software in scene.offices.values())
        yield Check(name=kind, where="feeds of offices", ledger=str(number), found=str(found))
    mails = str(in_hub(scene)["mails.settlement.done"])
    found = scene.mailroom.count("settlement")
    yield Check(name="mails.settlement", where="mailboxes", ledger=mails, found=str(found))


def _of_cpas(scene: Scene) -> Mapping[str, int]:
    """A CPAS reads why it may close, and, as a mediator, how its cases stand and whom it may declare foreclosed."""
    known = {notice.person.niss for notice in scene.fca.notices.values() if notice.kind == "N10"}
    known |= {one.person.niss for one in scene.memory.settlements}
    mediated = [one for one in scene.memory.settlements if one.mediator]
    return {
        "closing.proposed": sum(case.person.niss in known for case in scene.cases()),
        "closing-proposal.lapsed": sum(one.ended and bool(one.dossier) for one in mediated),
        "rcd-case.changed": sum(len(_changes(scene, one.case)) for one in mediated),
        "foreclosure.proposed": sum(len(silent(scene, one.case)) for one in mediated),
        "rcd-claim.changed": len(exported(scene)),
        "rcd-access.changed": sum(_accesses(scene, one.case) for one in mediated),
        "rcd-action.suggested": hints(scene.register.overviews),
    }


def _of_offices(scene: Scene) -> Mapping[str, int]:
    """An office reads of notices of people it holds notices on, and what concerns the creditor it acts for."""
    acting = [(one, party) for one in scene.memory.settlements for party in one.acting]
    linked = {(one.case, one.acting[party]) for one, party in acting if party in _notified(scene, one.case)}
    return {
        "rcd-avis.told": sum(len(one.told) for one in scene.memory.settlements),
        "foreclosure.proposed": sum(party in silent(scene, one.case) for one, party in acting),
        "rcd-claim.changed": len(exported(scene)),
        "rcd-case.changed": sum(len(_changes(scene, case, since=_LINKS)) for case, _ in linked),
        "rcd-access.changed": sum(_accesses(scene, one.case) for one in scene.memory.settlements),
    }


def silent(scene: Scene, case: str) -> set[str]:
    """Creditors whose last term ended without a claim, by the register's own moments."""
    acts = scene.register.book.cases[case]
    claims = {act.said["party"]: act.at for act in acts if act.act == "claim-submitted"}
    reminded = {act.said["party"]: act.at for act in acts if act.act == "reminder-received"}
    return {party for party, at in reminded.items() if party not in claims or (claims[party] - at).days > _LAST_TERM}


def _accesses(scene: Scene, case: str) -> int:
    """How often somebody's access changed: a cession changes that of two."""
    kinds = {"invited": 1, "invitation-accepted": 1, "invitation-ceded": 2}
    return sum(kinds.get(act.act, 0) for act in scene.register.book.cases[case])


def _changes(scene: Scene, case: str, *, since: frozenset[str] = _ALL) -> list[str]:
    """How a case stood otherwise than before, after an act: ``since`` its first one of these names."""
    states = {"admitted": "a", "admissibility-notified": "b", "reminder-received": "c", "ended-at-request": "d"}
    names = [act.act for act in scene.register.book.cases[case]]
    first = next(n for n, name in enumerate(names) if name in since)
    return list(dict.fromkeys(states[name] for name in names[first:] if name in states))


def _notified(scene: Scene, case: str) -> set[str]:
    acts = scene.register.book.cases[case]
    return {act.said["party"] for act in acts if act.act == "admissibility-notified"}

"""Holds the hub against the ledgers: every count, and every dossier to the cent."""

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal

from sandbox import expected, reading, settlements
from sandbox.amounts import ZERO, Totals
from sandbox.chapters import bank, endings
from sandbox.ledger import DocumentLedger
from sandbox.receipts import wrong_receipts
from sandbox.scene import Scene
from sandbox.summary import Check
from sandbox.waiting import AwaitedTooLongError, until

_STATES = tuple(f"P{n}" for n in range(1, 10))
_MAILS = ("invitation", "reminder", "closing")


async def audited(scene: Scene, *, within: float = 45.0) -> list[Check]:
    """Every check, once they agree or ``within`` seconds passed."""
    scene.teller.begin("The hub is held against the ledgers")
    found: list[Check] = []

    async def agreed() -> bool:
        found[:] = await counts(scene)
        return all(check.ok for check in found)

    try:
        await until(agreed, "the hub to agree with the ledgers", within=within)
    except AwaitedTooLongError as error:
        scene.teller.note(str(error))
    once = [*await _dossiers(scene), *await _debts(scene), await _receipts(scene)]
    return [*await counts(scene), *once]  # once more: nothing may come after the end


async def counts(scene: Scene) -> list[Check]:
    """Counts in the hub, in feeds and in mailboxes."""
    hub = await scene.administrator.counts()
    return [
        *_in_hub(hub, _documents(scene)),
        *_in_hub(hub, _notices(scene)),
        *_in_hub(hub, _claims(scene)),
        *_in_hub(hub, _dossier_counts(scene)),
        *_in_hub(hub, _mails(scene)),
        *_in_hub(hub, settlements.in_hub(scene)),
        *_in_hub(hub, {"letters.waiting": 0, "parked.keys": 0, "parked.records": 0}),
        *_in_hub(hub, {f"letters.{state}": number for state, number in scene.memory.letters.items()}),
        *_feeds(scene),
        *settlements.in_feeds(scene),
        *_mailboxes(scene),
        *_bank(scene),
    ]


def _bank(scene: Scene) -> Iterable[Check]:
    """What CPAS asked of the bank and were told, beside what the bank itself remembers."""
    ledger = scene.bank.ledger
    done = sum(number for name, number in ledger.items() if name.startswith("flow.")) - ledger["flow.MSG00012"]
    for name, wanted, found in (
        ("integrations registered", ledger["register"], bank.told(scene, "integration.registered")),
        ("consultations answered", bank.wanted(scene, bank.ANSWERED), bank.ends(scene, bank.ANSWERED)),
        ("refused at the hub's gate, never asked", bank.wanted(scene, bank.CLOSED), bank.ends(scene, bank.CLOSED)),
        ("refused by the bank (MSG00012)", bank.wanted(scene, bank.REFUSED), bank.ends(scene, bank.REFUSED)),
        ("mutations, each pushed twice", ledger["mutations"], bank.told(scene, "person.mutated")),
    ):
        yield Check(name=name, where="feeds of CPAS", ledger=str(wanted), found=str(found))
    for name, wanted, found in (
        ("consultations answered", bank.wanted(scene, bank.ANSWERED), done),
        ("refused by the bank (MSG00012)", bank.wanted(scene, bank.REFUSED), ledger["flow.MSG00012"]),
    ):
        yield Check(name=name, where="the bank's own ledger", ledger=str(wanted), found=str(found))


def _in_hub(hub: Mapping[str, int], wanted: Mapping[str, int]) -> Iterable[Check]:
    return (
        Check(name=name, where="hub", ledger=str(number), found=str(hub.get(name, 0)))
        for name, number in wanted.items()
    )


def _documents(scene: Scene) -> dict[str, int]:
    ledgers = _ledgers(scene)
    states = Counter(
        f"documents.{sent.connector}.{sent.answer.state}" for ledger in ledgers for sent in ledger.sent.values()
    )
    states["documents.justrestart.accepted"] += len(scene.register.overviews)  # mails are documents too
    return {**states, "documents.fca.rejected": scene.memory.rejected}


def _ledgers(scene: Scene) -> list[DocumentLedger]:
    """Of everybody who sends documents."""
    offices = (software.documents for software in scene.offices.values())
    cpas = (system.documents for system in scene.cpas.values())
    return [scene.fca.documents, scene.register.push.documents, *offices, *cpas]


def _notices(scene: Scene) -> dict[str, int]:
    states = Counter(notice.state for notice in scene.fca.notices.values())
    return {
        "offices": len(scene.fca.listed),
        **{f"notices.{state}": states[state] for state in ("active", "suspended", "struck", "expired")},
    }


def _claims(scene: Scene) -> dict[str, int]:
    every = [claim for software in scene.offices.values() for claim in software.claims.values()]
    withdrawn = sum(claim.withdrawn for claim in every)
    cents = sum((_joined(scene)), ZERO).scaleb(2)
    return {
        "claims.living": len(every) - withdrawn,
        "claims.withdrawn": withdrawn,
        "synchronisations": sum(len(software.bulks) for software in scene.offices.values()),
        "joined.cents": int(cents),
    }


def _joined(scene: Scene) -> Iterable[Decimal]:
    return (total.total for case in scene.cases() for total in expected.totals(scene, case).values())


def _dossier_counts(scene: Scene) -> dict[str, int]:
    opened = sum(case.open for case in scene.cases())
    every = expected.participations(scene, reminded=True)
    return {
        "dossiers.open": opened,
        "dossiers.closed": sum(not case.open for case in scene.cases()),
        **{f"participations.{state}": every[state] for state in _STATES},
    }


def _mails(scene: Scene) -> dict[str, int]:
    every = expected.invitations(scene)
    mailed = expected.mailed(scene, every)
    return {
        "mails.invitation.done": mailed,
        "mails.invitation.failed": len(every) - mailed,
        "mails.reminder.done": scene.memory.reminders_mailed,
        "mails.closing.done": scene.memory.closings_mailed,
    }


def _mailboxes(scene: Scene) -> Iterable[Check]:
    wanted = _mails(scene)
    for kind in _MAILS:
        ledger = str(wanted[f"mails.{kind}.done"])
        yield Check(name=f"mails.{kind}", where="mailboxes", ledger=ledger, found=str(scene.mailroom.count(kind)))
    overviews = str(len(endings.scheduled(scene)))
    yield Check(name="mails.digest", where="mailboxes", ledger=overviews, found=str(scene.mailroom.count("digest")))


def _feeds(scene: Scene) -> Iterable[Check]:
    every = expected.invitations(scene)
    answers = [option for software in scene.offices.values() for option in software.answers.values()]
    closed = [case for case in scene.cases() if not case.open]
    for kind, number in (
        ("dossier.opened", sum(1 for _ in scene.cases())),
        ("office.invited", len(every)),
        ("office.declined", sum(option != "O1" for option in answers)),
        ("office.joined", sum(_joins(scene, case.person.niss, f"{case.dossier}.{one}", one) for case, one in every)),
        ("office.reminded", scene.memory.reminded),
        ("dossier.closed", len(closed)),
    ):
        found = sum(system.feed.count(kind) for system in scene.cpas.values())
        yield Check(name=kind, where="feeds of CPAS", ledger=str(number), found=str(found))
    found = sum(software.feed.count("office.invited") for software in scene.offices.values())
    yield Check(name="office.invited", where="feeds of offices", ledger=str(len(every)), found=str(found))
    doubled = sum(feed.doubled for feed in scene.feeds())
    yield Check(name="events told twice", where="all feeds", ledger="0", found=str(doubled))


def _joins(scene: Scene, niss: str, invitation: str, office: str) -> bool:
    software = scene.offices[office]
    told = any(claim.person.niss == niss for claim in software.claims.values())
    return told or software.answers.get(invitation) == "O1"


async def _receipts(scene: Scene) -> Check:
    """Every receipt, checked offline with the published keys."""
    ledgers = _ledgers(scene)
    documents = [sent for ledger in ledgers for sent in ledger.sent.values()]
    number, wrong = len(documents), wrong_receipts(documents, await scene.fca.key_set())
    name = "receipts signed by the hub for the bytes that were sent"
    return Check(name=name, where="checked offline", ledger=str(number), found=str(number - wrong))


async def _debts(scene: Scene) -> list[Check]:
    """Each debt file as its CPAS reads it: amounts, mode, state; and its statement, which ends there."""
    debts = [(system, debt) for system in scene.cpas.values() for debt in system.debts]
    shown = {one["file"]: one for system in scene.cpas.values() for one in await system.debt_files()}
    statements = 0
    for system, debt in debts:
        statement = await system.statement(debt.file)
        last, wanted = statement["steps"][-1], debt.shown
        statements += all(last[name] == statement[name] == wanted[name] for name in ("due", "repaid", "remaining"))
    right, number = sum(debt.agrees(shown.get(debt.file, {})) for _, debt in debts), str(len(debts))
    return [
        Check(name="debt files listed", where="read by CPAS", ledger=number, found=str(len(shown))),
        Check(
            name="debt files with every amount right, to the cent",
            where="read by CPAS",
            ledger=number,
            found=str(right),
        ),
        Check(
            name="statements that end where their file stands",
            where="read by CPAS",
            ledger=number,
            found=str(statements),
        ),
    ]


async def _dossiers(scene: Scene) -> list[Check]:
    """Each dossier as its CPAS reads it: participations, and totals per office and head."""
    states = totals = foreign = 0
    cases = list(scene.cases())
    listed = {one["dossier"] for system in scene.cpas.values() for one in await system.dossiers()}
    for case in cases:
        body = await scene.cpas[case.cpas].dossier(case.dossier)
        wanted = {office: expected.participation(scene, case, office, reminded=True) for office in sorted(case.invited)}
        states += reading.participations(body) == wanted
        ledger = expected.totals(scene, case)
        totals += reading.totals(body) == ledger and reading.sums(body["totals"]) == Totals.sum(ledger.values())
    for case in cases[:: max(1, len(cases) // 10)]:
        others = [system for system in scene.cpas.values() if system.cpas.id != case.cpas]
        foreign += await others[0].may_see(case.dossier)
    number = str(len(cases))
    return [
        Check(name="dossiers listed", where="read by CPAS", ledger=number, found=str(len(listed))),
        Check(name="dossiers with every participation right", where="read by CPAS", ledger=number, found=str(states)),
        Check(
            name="dossiers with every total right, to the cent", where="read by CPAS", ledger=number, found=str(totals)
        ),
        Check(name="dossiers that another CPAS can read", where="read by CPAS", ledger="0", found=str(foreign)),
    ]

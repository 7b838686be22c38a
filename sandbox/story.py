"""The story that ``hub demo`` plays: from the first notice to the erasure of a person.

It is a function over simulators that speak to a running hub; what it is, the chapters say.
"""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from time import monotonic
from zoneinfo import ZoneInfo

from sandbox import expected
from sandbox.audit import audited
from sandbox.background import following
from sandbox.bailiff import BailiffSoftware
from sandbox.bcss.house import BANK, BankHouse
from sandbox.chapters import (
    administration,
    bank,
    claims,
    debts,
    documents,
    dossiers,
    endings,
    notices,
    outage,
    settlements,
    trouble,
)
from sandbox.cpas import CpasSystem
from sandbox.drop import FolderDrop
from sandbox.fca import Fca
from sandbox.feed import FeedFollower
from sandbox.mailroom import Mail, Mailroom
from sandbox.people import Office, Population
from sandbox.register.house import RegisterHouse, StoryTime, register_house
from sandbox.register.push import Push
from sandbox.scene import Administrator, Scale, Scene, Teller
from sandbox.summary import DossierViews, Summary
from sandbox.wire import HubClient

FCA, REGISTER = "fca", "register"
BRUSSELS = ZoneInfo("Europe/Brussels")
_SAMPLES = ("invitation", "reminder", "closing", "settlement", "digest")


@dataclass(frozen=True, kw_only=True, slots=True)
class Addresses:
    """Where the hub is: HTTP base URL, root of the watched folders, folder of the caught mails, mailboxes it reads."""

    http: str
    folders: Path
    mails: Path
    mailboxes: Path


@dataclass(frozen=True, kw_only=True, slots=True)
class Script:
    """Who plays, and how much they send; the same seed plays the same story. ``run`` names one run on a hub."""

    population: Population
    scale: Scale
    seed: int
    run: str

    @classmethod
    def of(cls, people: int, seed: int) -> "Script":
        """So many people, and everybody else in proportion."""
        scale = Scale.of(people)
        return cls(
            population=Population.of(seed=seed, people=people, offices=scale.offices, cpas=scale.cpas),
            scale=scale,
            seed=seed,
            run=f"s{seed}-{datetime.now(BRUSSELS):%d%H%M%S}",
        )


async def play(
    addresses: Addresses,
    *,
    keys: dict[str, str],
    administrator: Administrator,
    teller: Teller,
    script: Script,
    bank_house: BankHouse,
) -> Summary:
    """Play the whole story and hold the hub against the ledgers.

    Args:
        addresses: of the running hub.
        keys: API key by institution id: the FCA, the register, the bank, every office and CPAS of the population.
        administrator: what the hub's administrator does in the story.
        teller: hears how far it is.
        script: who plays, and how much they send.
        bank_house: the Crossroads Bank that the hub asks.

    Raises:
        AwaitedTooLongError: something did not happen in time.
        UnexpectedAnswerError: the hub answered what no ledger allows.
    """
    begun = monotonic()
    async with AsyncExitStack() as exits:
        clients = await _clients(exits, addresses.http, keys)
        simulators = _Simulators(addresses, clients, script, bank_house)
        house = await exits.enter_async_context(simulators.register())
        scene = simulators.scene(administrator, teller, house)
        await exits.enter_async_context(following(scene.feeds()))
        await _chapters(scene)
        return Summary(
            run=scene.run,
            checks=await audited(scene),
            facts=scene.memory.facts,
            mails=_samples(scene),
            dossier=await _views(scene),
            seconds=monotonic() - begun,
        )


async def _clients(exits: AsyncExitStack, http: str, keys: dict[str, str]) -> dict[str, HubClient]:
    return {
        name: await exits.enter_async_context(HubClient(http, institution=name, key=key)) for name, key in keys.items()
    }


async def _chapters(scene: Scene) -> None:
    await notices.directory(scene)
    await notices.registrations(scene)
    await documents.resent_and_broken(scene)
    await notices.operations(scene)
    told = claims.planned(scene)
    await claims.early(scene, told)
    await dossiers.registrations(scene)
    await dossiers.invited(scene)
    await debts.kept(scene)
    await bank.consulted(scene)
    await dossiers.answers(scene)
    await claims.bulk(scene, told)
    await claims.changes(scene)
    await trouble.poisoned(scene)
    await administration.day(scene)
    await settlements.admitted(scene)
    await endings.closed(scene)
    await outage.away(scene)
    await endings.reminded(scene)
    await outage.caught_up(scene)
    await endings.erased(scene)
    await administration.skipped(scene)


@dataclass(frozen=True, slots=True)
class _Simulators:
    """Makes every simulator of a run."""

    addresses: Addresses
    clients: dict[str, HubClient]
    script: Script
    bank: BankHouse

    def register(self) -> AbstractAsyncContextManager[RegisterHouse]:
        """The register, listening on a socket of its own."""
        time = StoryTime()
        drop = self._drop("justrestart", REGISTER)
        client = self.clients[REGISTER]
        return register_house(
            time, Push(client, drop, run=self.script.run, now=time), FeedFollower(client), self.addresses.mailboxes
        )

    def scene(self, administrator: Administrator, teller: Teller, house: RegisterHouse) -> Scene:
        today, mailroom = datetime.now(BRUSSELS).date(), Mailroom(self.addresses.mails)
        people, run = self.script.population, self.script.run
        return Scene(
            run=run,
            seed=self.script.seed,
            scale=self.script.scale,
            today=today,
            random=Random(self.script.seed),
            population=people,
            fca=Fca(self.clients[FCA], self._drop("fca", FCA), run=run, today=today),
            offices={office.id: self._software(office, mailroom) for office in people.offices},
            cpas={cpas.id: CpasSystem(cpas, self.clients[cpas.id], run=run) for cpas in people.cpas},
            bank=self.bank,
            bank_client=self.clients[BANK],
            mailroom=mailroom,
            register=house,
            administrator=administrator,
            teller=teller,
        )

    def _software(self, office: Office, mailroom: Mailroom) -> BailiffSoftware:
        return BailiffSoftware(
            office, self.clients[office.id], self._drop("cia", office.id), mailroom, run=self.script.run
        )

    def _drop(self, connector: str, institution: str) -> FolderDrop:
        return FolderDrop(self.addresses.folders, connector=connector, institution=institution)


def _samples(scene: Scene) -> Sequence[Mail]:
    """One mail of each kind, in different languages if there are."""
    found: list[Mail] = []
    languages = {software.office.email: software.office.language for software in scene.offices.values()}
    for kind in _SAMPLES:
        mails = [mail for mail in scene.mailroom.mails if mail.kind == kind]
        seen = {languages.get(mail.recipient) for mail in found}
        mails.sort(key=lambda mail: languages.get(mail.recipient) in seen)
        found += mails[:1]
    return found


async def _views(scene: Scene) -> DossierViews:
    """The dossier with most offices that tell claims, as its CPAS and the first of them see it."""
    case = max((one for one in scene.cases() if one.open), key=lambda one: len(expected.totals(scene, one)))
    office = next(iter(expected.totals(scene, case)), next(iter(sorted(case.invited))))
    return DossierViews(
        dossier=case.dossier,
        cpas=case.cpas,
        for_cpas=await scene.cpas[case.cpas].dossier(case.dossier),
        office=office,
        for_office=await scene.offices[office].dossier(case.dossier),
    )

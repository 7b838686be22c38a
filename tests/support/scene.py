"""Institutions with keys, and people whose dossiers are open with one office invited: where chaos begins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hub.application.intake.callers import Institution
from hub.bootstrap.hub import Hub
from hub.domain.messaging.cloudevent import dossier_of
from tests.support import documents
from tests.support.documents import niss_of
from tests.support.partner import Partner
from tests.support.waiting import until

FCA, OFFICE, CPAS = "fca", "etude-001", "cpas-001"
_COMMANDS = ("be.mediationhub.client.register.v1", "be.mediationhub.dossier.close.v1")
_KINDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "fca": (("fca", "cia"), ()),
    "office": (("cia",), ("be.mediationhub.office.answered.v1", "be.mediationhub.claim.submitted.v1")),
    "cpas": ((), _COMMANDS),
}
"""Connectors and event types that a key of each kind is granted."""


async def admitted(hub: Hub, institution: str, kind: str) -> str:
    """An institution with a key that may do what its kind may."""
    added = Institution(id=institution, kind=kind, name=f"Test {institution}", email=None, language="en")
    await hub.institutions.add(added)
    _, text = await hub.institutions.key(institution, *_KINDS[kind])
    return text


@dataclass(kw_only=True, slots=True)
class Scene:
    """Partners of one hub, and the people of its load by number."""

    hub: Hub
    fca: Partner
    office: Partner
    cpas: Partner
    people: Sequence[int]
    subjects: dict[int, str] = field(default_factory=dict)

    @classmethod
    async def of(cls, hub: Hub, http: str, people: int) -> "Scene":
        """Everybody known to the hub; nothing sent yet."""
        made = [Partner(http, name, await admitted(hub, name, kind)) for name, kind in _PARTNERS]
        fca, office, cpas = made
        subjects = {n: hub.vault.subject_of(niss_of(n)) for n in range(people)}
        return cls(hub=hub, fca=fca, office=office, cpas=cpas, people=range(people), subjects=subjects)

    def dossier(self, n: int) -> str:
        """The dossier of a person with the CPAS."""
        return dossier_of(self.subjects[n], CPAS)

    async def open_dossiers(self, *, within: float = 60.0) -> None:
        """Directory, notices, registrations; until the office is invited to every dossier."""
        await self.fca.document("cia", documents.directory("dir-1", [OFFICE]))
        for n in self.people:
            await self.fca.document("fca", documents.notice(f"notice-{n}", n, OFFICE))
        await self.cpas.events([documents.registration(f"register-{n}", n, cpas=CPAS) for n in self.people])
        await until(self._invited, "every dossier to have its invitation", within=within)

    async def _invited(self) -> bool:
        """The consumer of claims knows every invitation: from here on each claim joins its dossier."""
        known = await self.hub.database.pool.fetchval("SELECT count(*) FROM projection_claim_office")
        return bool(known == len(self.people))

    async def close(self) -> None:
        """Hang up."""
        for one in (self.fca, self.office, self.cpas):
            await one.close()


_PARTNERS = ((FCA, "fca"), (OFFICE, "office"), (CPAS, "cpas"))

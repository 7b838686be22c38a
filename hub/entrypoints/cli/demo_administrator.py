"""The administrator of the demo: the same use cases as the commands ``hub dlq``, ``hub clock`` and ``hub person``."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from hub.application.dead_letters.selection import Selection
from hub.application.intake.callers import Institution
from hub.bootstrap.hub import Hub
from sandbox.people import Population
from sandbox.scene import LetterSeen
from sandbox.story import FCA

_CPAS_TYPES = ("be.mediationhub.client.register.v1", "be.mediationhub.dossier.close.v1")


class HubAdministrator:
    """Acts on a running hub."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def counts(self) -> Mapping[str, int]:
        """How many there are of everything, by name and state."""
        return await self._hub.status.counts()

    async def letters(self) -> Sequence[LetterSeen]:
        """Dead letters that wait (``hub dlq list``, ``hub dlq show``)."""
        listed = await self._hub.letter_reads.letters(Selection(), after=None, limit=50)
        shown = [await self._hub.letter_reads.letter(one["id"]) for one in listed.letters]
        return [
            LetterSeen(
                id=str(one["id"]), group=one["consumer_group"], reason=one["reason"], behind=one["parked_behind"]
            )
            for one in shown
            if one
        ]

    async def replay(self, letter: str, *, last: bool) -> bool:
        """Replay a letter (``hub dlq replay``); whether its dossier goes on."""
        await self._hub.clock.refresh()
        report = await self._hub.replay_letter.run(UUID(letter), who="demo", last=last, reason="the cause was mended")
        return not report.parked

    async def advance(self, by: timedelta) -> None:
        """Move the hub's time forward (``hub clock --advance``)."""
        await self._hub.time_machine.advance(by)

    async def erase(self, niss: str) -> None:
        """Erase a person (``hub person erase``)."""
        await self._hub.clock.refresh()
        await self._hub.erase.person(self._hub.vault.subject_of(niss))

    async def admit(self, population: Population) -> dict[str, str]:
        """Add every institution with a key (``hub institution add``, ``hub institution key``); keys by institution."""
        keys = {FCA: await self._admit(Institution(id=FCA, kind="fca", name="FCA", email=None, language="fr"))}
        for office in population.offices:
            added = Institution(
                id=office.id, kind="office", name=office.name, email=office.email, language=office.language
            )
            keys[office.id] = await self._admit(added)
        for cpas in population.cpas:
            keys[cpas.id] = await self._admit(
                Institution(id=cpas.id, kind="cpas", name=cpas.name, email=cpas.email, language=cpas.language)
            )
        return keys

    async def _admit(self, institution: Institution) -> str:
        connectors = {"fca": ("fca", "cia"), "office": ("cia",)}.get(institution.kind, ())
        types = _CPAS_TYPES if institution.kind == "cpas" else ()
        await self._hub.institutions.add(institution)
        _, key = await self._hub.institutions.key(institution.id, connectors, types)
        return key

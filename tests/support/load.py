"""Claims told without pause, each person's in order; what the receipts say is the ledger of the history checker."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from hub.domain.messaging.cloudevent import event_id_of
from tests.support import documents
from tests.support.history import Person, Told
from tests.support.partner import event_ids
from tests.support.scene import CPAS, OFFICE, Scene
from tests.support.waiting import until

_VERSIONS = 3


class Load:
    """The bailiff software's documents about the people of a scene. ``pace``: seconds between two of one person."""

    def __init__(self, scene: Scene, *, pace: float = 0.0) -> None:
        self._scene, self.pace = scene, pace
        self._told: dict[int, list[Told]] = {n: [] for n in scene.people}
        self._enough = asyncio.Event()
        self.accepted = 0

    def people(self) -> list[Person]:
        """The ledger."""
        scene = self._scene
        return [
            Person(subject=scene.subjects[n], dossier=scene.dossier(n), viewers=(CPAS, OFFICE), told=tuple(told))
            for n, told in self._told.items()
        ]

    def events(self) -> list[UUID]:
        """Every event so far."""
        return [one.event for told in self._told.values() for one in told]

    async def send(self, each: int) -> None:
        """So many documents about each person."""
        await asyncio.gather(*(self._about(n, each) for n in self._scene.people))

    @asynccontextmanager
    async def going_on(self) -> AsyncIterator[None]:
        """Documents without end while something else happens; then each person's last one is finished."""
        self._enough.clear()
        sending = asyncio.create_task(self.send(1_000_000))
        try:
            yield
        finally:
            self._enough.set()
            await asyncio.wait_for(sending, 60)

    async def more(self, by: int) -> None:
        """Wait until so many more documents are accepted."""
        wanted = self.accepted + by

        async def accepted() -> bool:
            return self.accepted >= wanted

        await until(accepted, f"{by} more documents to be accepted")

    async def _about(self, n: int, each: int) -> None:
        for _ in range(each):
            if self._enough.is_set():
                return
            await self._tell(n, len(self._told[n]))
            if self.pace:
                await asyncio.sleep(self.pace)

    async def _tell(self, n: int, step: int) -> None:
        """The next document about a person: three versions of a claim, every second claim is then withdrawn."""
        reference, version = f"R-{n}-{step // _VERSIONS}", step % _VERSIONS + 1
        withdrawn = step % (2 * _VERSIONS) == 2 * _VERSIONS - 1
        cents = 0 if withdrawn else 10_000 + 100 * n + step
        message = message_id(n, step)
        if withdrawn:
            content = documents.withdrawal(message, n, reference, version, office=OFFICE)
        else:
            content = documents.claim(message, n, reference, version, cents, office=OFFICE)
        receipt = await self._scene.office.document("cia", content)
        (event,) = event_ids(receipt)
        claim = event_id_of("claim", OFFICE, reference)
        self._told[n].append(Told(event=event, claim=claim, version=version, total=cents, withdrawn=withdrawn))
        self.accepted += 1


def message_id(n: int, step: int) -> str:
    """The office's message id of a person's document."""
    return f"m-{n}-{step}"

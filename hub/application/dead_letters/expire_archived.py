"""Archived letters whose time is over: their bodies go, their dossiers are released (dead-letters §23)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from hub.application.audit import Audit, Deed
from hub.application.consume.replay import Replay
from hub.application.consume.replay_ports import HUB, Treatment
from hub.application.ports import Clock

_EXPIRED = Treatment(outcome="expired", fold=False)


class Archive(Protocol):
    """Letters with a countdown."""

    async def over(self, now: datetime, limit: int) -> Sequence[tuple[UUID, bool]]:
        """Letters whose time is over: archived ones (True), and expired ones that still have a body."""

    async def forget(self, letters: Sequence[UUID]) -> None:
        """Delete the bodies of expired letters; counts and evidence stay."""


class ExpireArchived:
    """Ends them, one after the other; a death in the middle leaves the rest for the next look."""

    def __init__(self, archive: Archive, replay: Replay, *, audit: Audit, clock: Clock) -> None:
        self._archive, self._replay, self._audit, self._clock = archive, replay, audit, clock

    async def once(self, limit: int = 100) -> int:
        """End a batch; how many."""
        letters = await self._archive.over(self._clock(), limit)
        for letter, archived in letters:
            if archived:
                report = await self._replay.letter(letter, treatment=_EXPIRED, reason="its time in the archive is over")
                detail = {"released": report.released, "parked": report.parked}
                await self._audit.note([Deed(who=HUB, verb="expire", what=f"letter {letter}", detail=detail)])
            await self._archive.forget([letter])
        return len(letters)

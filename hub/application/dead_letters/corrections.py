"""Corrections of returned documents: handled in the place of the letter, which they close by themselves (§19)."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol
from uuid import UUID

import structlog

from hub.application.consume.replay import Replay
from hub.application.consume.replay_ports import Treatment, WaitingRecord
from hub.application.dead_letters.rehearse import Rehearse
from hub.application.dead_letters.verdicts import GOOD
from hub.application.intake.institutions import EVENTS_CONNECTOR
from hub.application.intake.receipts import event_ids
from hub.domain.messaging.cloudevent import event_id_of
from hub.domain.messaging.errors import RefusalError

_log = structlog.get_logger()


class Correction(NamedTuple):
    """A returned letter and the document that corrects it."""

    letter: UUID
    group: str
    key: str
    institution: str
    connector: str
    message_id: str
    events: int

    def event_ids(self) -> list[UUID]:
        """Of the correction."""
        if self.connector == EVENTS_CONNECTOR:
            return [event_id_of(EVENTS_CONNECTOR, self.institution, self.message_id)]
        return [UUID(one) for one in event_ids(self.connector, self.institution, self.message_id, self.events)]


class Corrections(Protocol):
    """Corrections that came."""

    async def answered(self, limit: int) -> Sequence[Correction]: ...
    async def arrived(self, group: str, events: Sequence[UUID]) -> set[UUID]:
        """Which events reached the group: handled, or parked."""

    async def parked(self, group: str, key: str, events: Sequence[UUID]) -> Mapping[UUID, WaitingRecord]: ...


class Correct:
    """Closes returned letters whose corrections reached their group."""

    def __init__(self, corrections: Corrections, replay: Replay, rehearse: Rehearse) -> None:
        self._corrections, self._replay, self._rehearse = corrections, replay, rehearse

    async def once(self, limit: int = 100) -> int:
        """Look at corrections that came; how many letters were closed.

        A death between the step that handles a correction and the next look changes nothing: the letter is
        ``corrected`` by the step's own transaction.
        """
        closed = 0
        for one in await self._corrections.answered(limit):
            ids = one.event_ids()
            if await self._corrections.arrived(one.group, ids):
                closed += await self._closed(one, ids)
        return closed

    async def _closed(self, one: Correction, ids: Sequence[UUID]) -> bool:
        try:
            report = await self._replay.letter(
                one.letter,
                treatment=await self._treatment(one, ids),
                who=one.institution,
                reason="corrected by its sender",
            )
        except RefusalError as refusal:
            _log.warning("correction waits", letter=str(one.letter), rule=refusal.rule)
            return False
        return report.succeeded

    async def _treatment(self, one: Correction, ids: Sequence[UUID]) -> Treatment:
        """In the letter's place, if it can be handled there; else the letter is left out and the rest goes in order.

        A correction may need what was sent between: then it is handled in its own turn. One that is of another
        dossier was handled there.
        """
        out = Treatment(outcome="corrected", fold=False, event=ids[0])
        parked = await self._corrections.parked(one.group, one.key, ids)
        first = next((event for event in ids if event in parked), None)
        if first is None:
            return out
        waiting = parked[first]
        place = Treatment(outcome="corrected", record=waiting.record, event=first, taken=waiting.seq)
        (verdict,) = await self._rehearse.verdicts(one.group, {one.letter: place})
        return place if verdict.verdict in GOOD else out._replace(event=first)

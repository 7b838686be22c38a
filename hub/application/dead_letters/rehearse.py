"""The present code tried on letters, in a transaction that is rolled back (dead-letters §13)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from hub.application.consume.arrivals import Arrival, arrivals
from hub.application.consume.failures import failure_of
from hub.application.consume.follow import Consequences
from hub.application.consume.replay_ports import Letters, RehearsalTransaction, Treatment
from hub.application.consume.replay_step import Step, Work, step
from hub.application.dead_letters import verdicts
from hub.application.dead_letters.verdicts import Verdict
from hub.application.ports import Clock, Failure, Vault
from hub.domain.messaging.cloudevent import event_id_of
from hub.domain.messaging.decision import ProcessManager
from hub.domain.messaging.errors import HubError
from hub.domain.messaging.topics import Topics

_LOOKED_AT = 500
"""Records of one dossier that a rehearsal handles."""


class Rehearse:
    """Says what a replay would do, having done it and taken it back."""

    def __init__(
        self,
        managers: Mapping[str, ProcessManager[Any]],
        *,
        letters: Letters,
        vault: Vault,
        topics: Topics,
        clock: Clock,
    ) -> None:
        self._managers, self._letters = managers, letters
        self._vault, self._topics, self._clock = vault, topics, clock

    async def verdicts(self, group: str, wanted: Mapping[UUID, Treatment]) -> list[Verdict]:
        """A verdict for each letter of one group.

        What the database refuses to write is found by halving: the letter that is the reason fails again.

        Raises:
            HubError: retriable; call again.
        """
        if not wanted:
            return []
        try:
            return await self._tried(group, wanted)
        except HubError:
            raise
        except Exception as error:  # noqa: BLE001 - a failure becomes a verdict
            if len(wanted) == 1:
                (letter,) = wanted
                return [_again(letter, failure_of(error, "write"))]
        items = list(wanted.items())
        middle = len(items) // 2
        halves = [await self.verdicts(group, dict(half)) for half in (items[:middle], items[middle:])]
        return [*halves[0], *halves[1]]

    async def _tried(self, group: str, wanted: Mapping[UUID, Treatment]) -> list[Verdict]:
        manager = self._managers[group]
        limit = min(_LOOKED_AT, max(20, 10_000 // len(wanted)))
        async with self._letters.rehearse(group) as transaction:
            found = await step(transaction, manager, self._vault, wanted, limit=limit)
            facts = await self._facts(transaction, manager, found)
            consequences = Consequences(group=group, topics=self._topics, vault=self._vault)
            await transaction.write(await consequences.of(found.written(), self._clock()))
        barred = [
            Verdict(letter=letter, verdict=verdicts.BARRED, reason=why.rule) for letter, why in found.refused.items()
        ]
        return [facts.of(work) for work in found.works] + barred

    async def _facts(self, transaction: RehearsalTransaction, manager: ProcessManager[Any], found: Step) -> "_Facts":
        own = {work.stored.id: one for work in found.works if work.own for one in arrivals(manager, [work.own])}
        keys = [work.stored.key for work in found.works]
        sent = {
            _delivery_id(one.event.id, what.effect) for one in found.batch.folded for what in one.decision.deliveries
        }
        return _Facts(
            found=found,
            own=own,
            now=self._clock(),
            erased=await self._erased(own),
            closed=_closed(manager, await transaction.load(sorted(keys))),
            applied=await transaction.handled(keys, [one.id for one in own.values()]),
            sent=await transaction.delivered(sorted(sent)),
            behind=await transaction.waiting(keys),
        )

    async def _erased(self, own: Mapping[UUID, Arrival]) -> set[UUID]:
        """Letters whose personal part nobody can open any more."""
        boxed = [(letter, one.event.sealed) for letter, one in own.items() if one.event and one.event.sealed]
        plain = await self._vault.open_many([sealed for _, sealed in boxed])
        return {letter for (letter, _), text in zip(boxed, plain, strict=True) if text is None}


class _Facts:
    """What a rehearsal saw, letter by letter."""

    def __init__(
        self,
        *,
        found: Step,
        own: Mapping[UUID, Arrival],
        now: datetime,
        erased: set[UUID],
        closed: set[str],
        applied: set[UUID],
        sent: set[UUID],
        behind: Mapping[str, int],
    ) -> None:
        self._found, self._own, self._now = found, own, now
        self._erased, self._closed, self._applied, self._sent = erased, closed, applied, sent
        self._behind = behind
        self._decisions = {one.arrival.id: one.decision for one in found.batch.folded}

    def of(self, work: Work) -> Verdict:
        """The verdict on one letter."""
        behind = self._behind.get(work.stored.key, 0)
        again = self._found.failed_itself(work)
        if again:
            return _again(work.stored.id, again, behind)
        failed = self._found.failed(work)
        handled = work.handled(failed[0] if failed else None)
        return Verdict(
            letter=work.stored.id,
            verdict=self._verdict(work),
            behind=behind,
            releases=len(handled) - (failed is not None),
            next_fingerprint=failed[1].fingerprint if failed else None,
        )

    def _verdict(self, work: Work) -> str:
        own = self._own.get(work.stored.id)
        if own is None:
            return verdicts.SUCCEEDS
        decision = self._decisions.get(own.id)
        deliveries = decision.deliveries if decision else ()
        timers = decision.timers if decision else ()
        said = {
            verdicts.ERASED: work.stored.id in self._erased,
            verdicts.APPLIED: own.id in self._applied,
            verdicts.SENT: any(_delivery_id(own.id, what.effect) in self._sent for what in deliveries),
            verdicts.CLOSED: work.stored.key in self._closed,
            verdicts.PASSED: any(timer.due and timer.due <= self._now for timer in timers),
        }
        return next((verdict for verdict, true in said.items() if true), verdicts.SUCCEEDS)


def _again(letter: UUID, failure: Failure, behind: int = 0) -> Verdict:
    verdict = verdicts.INVALID if failure.stage == "read" else verdicts.AGAIN
    return Verdict(
        letter=letter,
        verdict=verdict,
        fingerprint=failure.fingerprint,
        reason=failure.reason,
        behind=behind,
    )


def _closed(manager: ProcessManager[Any], states: Mapping[str, str | None]) -> set[str]:
    """Dossiers that are closed, in groups that know of closing."""
    closed = manager.closed
    if closed is None:
        return set()
    read = manager.state.model_validate_json
    return {key for key, text in states.items() if text is not None and closed(read(text))}


def _delivery_id(event: UUID, effect: str) -> UUID:
    return event_id_of("delivery", str(event), effect)

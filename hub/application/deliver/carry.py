"""Outward effects leave: take due deliveries, send outside any transaction, settle in one (ADR 0007)."""

import asyncio
import contextlib
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from hub.application.deliver.attempt import Attempts, DeliverPolicy, Ended, postponed
from hub.application.deliver.given_up import is_failure, letter_of
from hub.application.deliver.outcomes import outcome_row, told_of
from hub.application.deliver.ports import Deliveries, DeliveryMeter, DueDelivery, Gateway
from hub.application.ports import Bell, MovableClock, OutboxRow, Vault
from hub.application.spans import OFF, Spans
from hub.domain.messaging.errors import TransientError
from hub.domain.messaging.topics import Topics

_T = TypeVar("_T")


class Deliver:
    """One worker; any number may run side by side."""

    def __init__(
        self,
        *,
        deliveries: Deliveries,
        gateways: Mapping[str, Gateway],
        vault: Vault,
        topics: Topics,
        clock: MovableClock,
        bell: Bell,
        meter: DeliveryMeter,
        policy: DeliverPolicy,
        spans: Spans = OFF,
    ) -> None:
        self._deliveries, self._vault = deliveries, vault
        self._topics, self._clock, self._bell, self._meter = topics, clock, bell, meter
        self._policy = policy
        self._attempts = Attempts(gateways=gateways, clock=clock, policy=policy, spans=spans)
        self._sending: set[asyncio.Task[Ended]] = set()
        self._ended: list[Ended] = []

    async def run(self) -> None:
        """Deliver until cancelled; then let what is on its way arrive, hand back the rest, and settle."""
        failures = 0
        try:
            while True:
                try:
                    await self._round()
                    failures = 0
                except TransientError:  # the database is away: what ended stays in hand until it is back
                    failures += 1
                    await asyncio.sleep(self._policy.away.wait(failures).total_seconds())
        finally:
            await self._wind_down()

    async def once(self) -> int:
        """Take one batch, send it and settle it; how many deliveries were taken."""
        taken = await self._take(self._policy.batch)
        while self._sending:
            await asyncio.wait(self._sending)
            await self._settle()
        return taken

    async def _round(self) -> None:
        """Settle what ended, take what there is room for, wait if there was nothing."""
        await self._settle()
        in_hand = len(self._sending)
        if in_hand > self._policy.batch // 2 or not await _to_its_end(self._take(self._policy.batch - in_hand)):
            await self._wait()

    async def _wait(self) -> None:
        """Until a send ends, somebody rings, or it is time to look."""
        ring = asyncio.create_task(self._bell.wait(self._policy.poll))
        try:
            await asyncio.wait({*self._sending, ring}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ring.cancel()

    async def _take(self, limit: int) -> int:
        """Take deliveries and start sending them; how many. A partner that was away gets one, as a trial."""
        await self._clock.refresh()
        lease, trials = self._policy.lease, self._attempts.trials()
        begun = asyncio.get_running_loop().time()
        taken = list(await self._deliveries.take(limit=limit, lease=lease, shut=self._attempts.shut()))
        for partner in trials:
            taken += await self._deliveries.take(limit=1, lease=lease, only=partner)
        personal = await self._opened(taken)
        for delivery, plain in zip(taken, personal, strict=True):
            self._sending.add(asyncio.create_task(self._attempts.attempt(delivery, plain, begun)))
        return len(taken)

    async def _opened(self, taken: Sequence[DueDelivery]) -> list[bytes | None]:
        """The personal part of each delivery; None where there is none (or no longer)."""
        boxes = [one.personal for one in taken if one.personal]
        try:
            plain = iter(await self._vault.open_many(boxes) if boxes else ())
        except TransientError:
            self._ended += [(one, postponed(one)) for one in taken]
            raise
        return [next(plain) if one.personal else None for one in taken]

    async def _settle(self) -> None:
        """Write in one transaction what ended since; kept in hand if that fails."""
        done = {task for task in self._sending if task.done()}
        self._sending -= done
        self._ended += [task.result() for task in done]
        batch = {delivery.id: (delivery, result) for delivery, result in self._ended}
        if not batch:
            return
        async with self._deliveries.settle() as settlement:
            closed = await settlement.close([result for _, result in batch.values()])
            letters = [letter_of(*batch[one]) for one in closed if is_failure(batch[one][1])]
            await settlement.give_up(letters)
            told = self._told([(batch[one], doubled) for one, doubled in closed.items()])
            now = self._clock()
            await settlement.publish([*told, *(one.announced(self._topics, now) for one in letters)])
        self._ended = []
        self._count(batch.values(), closed)

    def _told(self, ended: Sequence[tuple[Ended, bool]]) -> list[OutboxRow]:
        """Events of deliveries that ended now; what the ledger knew before was told before."""
        now = self._clock()
        return [
            outcome_row(delivery, result, possibly_doubled=doubled, topics=self._topics, now=now)
            for (delivery, result), doubled in ended
            if not delivery.happened and told_of(delivery)
        ]

    def _count(self, ended: Iterable[Ended], closed: Mapping[UUID, bool]) -> None:
        for delivery, result in ended:
            if result.outcome == "unreachable":
                self._meter.retried(delivery.effect, result.reason or "")
            elif delivery.id in closed and result.outcome == "refused":
                self._meter.failed(delivery.effect, result.reason or "")
            elif delivery.id in closed and not delivery.happened:
                self._meter.sent(delivery.effect, possibly_doubled=closed[delivery.id])

    async def _wind_down(self) -> None:
        """Start nothing more; what does not arrive in time stays under its lease and is then tried again."""
        self._attempts.stopping = True
        if self._sending:
            _, late = await asyncio.wait(self._sending, timeout=self._policy.grace.total_seconds())
            self._sending -= late
            for task in late:
                task.cancel()
        with contextlib.suppress(TransientError):
            await self._settle()


async def _to_its_end(work: Coroutine[Any, Any, _T]) -> _T:
    """Await something that a cancellation must not cut in half: what was taken has to be handed back."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.gather(task, return_exceptions=True)
        raise

"""Deadlines become events, once each, on their dossier's own topic (ADR 0008)."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import ValidationError

from hub.application.clock_ports import ClockMeter, DueTimer, Timers
from hub.application.dead_letters.outward import OutwardLetter, unreadable_timer
from hub.application.envelope import outbox_row
from hub.application.ports import Bell, MovableClock, OutboxRow
from hub.application.spans import OFF, SpanBatch, Spans
from hub.domain.messaging.cloudevent import CloudEvent, event_id_of
from hub.domain.messaging.errors import TransientError
from hub.domain.messaging.retry import Backoff
from hub.domain.messaging.topics import Topics
from schemas import EVENT_TYPES

SOURCE = "/hub/clock"


class FireTimers:
    """One clock; any number may run side by side."""

    def __init__(
        self,
        *,
        timers: Timers,
        topics: Topics,
        clock: MovableClock,
        bell: Bell,
        meter: ClockMeter,
        backoff: Backoff,
        spans: Spans = OFF,
        batch: int = 1000,
        poll: timedelta = timedelta(seconds=5),
    ) -> None:
        self._timers, self._topics, self._clock = timers, topics, clock
        self._bell, self._meter, self._backoff = bell, meter, backoff
        self._spans, self._batch, self._poll = spans, batch, poll

    async def run(self) -> None:
        """Fire until cancelled."""
        failures = 0
        while True:
            try:
                if not await self.once():
                    await self._bell.wait(await self._pause())
                failures = 0
            except TransientError:  # the database is away; nothing is lost, the timers are in it
                failures += 1
                await asyncio.sleep(self._backoff.wait(failures).total_seconds())

    async def once(self) -> int:
        """Fire one batch of due timers in one transaction; how many."""
        await self._clock.refresh(timedelta(0))
        now = self._clock()
        async with self._spans.batch() as spans, self._timers.begin() as transaction:
            found = await transaction.due(now, self._batch)
            fired = [(one, row) for one in found if (row := self._row(one, now, spans))]
            if fired:
                await transaction.fire([one for one, _ in fired], [row for _, row in fired])
            done = {id(one) for one, _ in fired}
            await transaction.unreadable([_letter(one) for one in found if id(one) not in done])
        self._count(found, {id(one) for one, _ in fired})
        return len(fired)

    async def _pause(self) -> timedelta:
        """Until the next timer is due, but no longer than the poll; what cannot fire now is looked at then."""
        due = await self._timers.next_due()
        wait = due - self._clock() if due else self._poll
        return wait if timedelta(0) < wait < self._poll else self._poll

    def _row(self, timer: DueTimer, now: datetime, spans: SpanBatch) -> OutboxRow | None:
        """The event of a timer; None when this release cannot read it, which then stays until one can."""
        kind = EVENT_TYPES.get(timer.type)
        try:
            data = kind.model_validate_json(timer.data) if kind else None
        except ValidationError:
            data = None
        if data is None:
            return None
        event = CloudEvent(
            id=_event_id(timer),
            source=SOURCE,
            type=timer.type,
            time=timer.due,
            recordedtime=now,
            partitionkey=timer.event_key,
            subject=timer.subject,
            correlationid=timer.correlationid,
            causationid=timer.causationid,
            traceparent=spans.add("timer", timer.type, timer.traceparent, group=timer.group),
            data=data,
        )
        return outbox_row(event, self._topics)

    def _count(self, found: Sequence[DueTimer], fired: set[int]) -> None:
        for one in found:
            if id(one) in fired:
                self._meter.fired(one.type)
            else:
                self._meter.unreadable(one.type)


def _event_id(timer: DueTimer) -> UUID:
    """A timer fires as one event, whoever fires it."""
    return event_id_of("timer", timer.group, timer.key, timer.name, timer.due.isoformat())


def _letter(timer: DueTimer) -> OutwardLetter:
    return unreadable_timer(
        _event_id(timer), group=timer.group, key=timer.key, name=timer.name, type_=timer.type, data=timer.data
    )

"""What each process of the hub does, until it is cancelled."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Protocol

import structlog

from hub.bootstrap.hub import Hub
from hub.domain.messaging.ceiling import Ceiling
from hub.domain.messaging.errors import TransientError
from hub.entrypoints.consumer import CeilingReachedError, GroupWorker


class Subscriber(Protocol):
    """A consumer group at work in this process."""

    async def start(self) -> None: ...
    async def stop(self) -> None: ...


_POLL = timedelta(seconds=1)
_LOOK_FOR_STOPS = timedelta(seconds=5)
_log = structlog.get_logger()


async def relay(hub: Hub) -> None:
    """Outbox to Kafka."""
    async with hub.bell("hub_outbox") as bell:
        await hub.relay.run(bell, hub.backoff, relayed=hub.meter.relayed, poll=_POLL)


async def consume(hub: Hub, groups: Sequence[str] = ()) -> None:
    """The consumer groups (all of them unless some are named), but none that reached its ceiling.

    Ends with the reason when one reaches it now; one that an administrator resumes is started again.
    """
    ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def stop(group: str, reason: str) -> None:
        await hub.stops.stop(group, reason)
        if not ended.done():
            ended.set_exception(CeilingReachedError("ceiling-reached", f"{group}: {reason}; see: hub dlq groups"))

    running: dict[str, Subscriber] = {}
    expected: set[str] = set()
    forget = asyncio.create_task(hub.forget_erased())
    try:
        while not ended.done():
            await _learn_rules(hub, expected)
            await _settle(
                hub, groups or tuple(hub.managers), running, partial(_worker, hub, stop=stop, expected=expected)
            )
            await asyncio.wait({ended}, timeout=_LOOK_FOR_STOPS.total_seconds())
        await ended
    finally:
        forget.cancel()
        await asyncio.gather(*(subscriber.stop() for subscriber in running.values()))


async def _settle(
    hub: Hub, wanted: Sequence[str], running: dict[str, Subscriber], worker: Callable[[str], GroupWorker]
) -> None:
    """Start groups that may run and do not; stop those that were stopped elsewhere."""
    try:
        stopped = await hub.stops.stopped()
    except TransientError:
        return  # nobody can say now; what runs waits for the database by itself
    new = [group for group in wanted if group not in running and group not in stopped]
    running.update({group: hub.subscriber(group, worker(group).handle) for group in new})
    await asyncio.gather(*(running[group].start() for group in new))
    for group in [group for group in running if group in stopped]:
        _log.critical("consumer stays stopped", group=group, reason=stopped[group], alert=True, mend="hub dlq resume")
        await running.pop(group).stop()


async def _learn_rules(hub: Hub, expected: set[str]) -> None:
    """Which fingerprints wait for a release now."""
    try:
        found = {rule.fingerprint for rule in await hub.fingerprint_rules.listed()}
    except TransientError:
        return  # what was known is still the best guess
    expected.clear()
    expected.update(found)


def _worker(hub: Hub, group: str, *, stop: Callable[[str, str], Awaitable[None]], expected: set[str]) -> GroupWorker:
    return GroupWorker(
        hub.consume(group),
        clock=hub.clock,
        ceiling=_ceiling(hub),
        backoff=hub.backoff,
        done=hub.meter.batch,
        waited=hub.meter.waited,
        stop=stop,
        expected=lambda: expected,
    )


def _ceiling(hub: Hub) -> Ceiling:
    consume = hub.settings.consume
    return Ceiling(failures=consume.ceiling_failures, share=consume.ceiling_share)


async def deliver(hub: Hub) -> None:
    """Mails and calls."""
    async with hub.bell("hub_delivery") as bell:
        forget = asyncio.create_task(hub.forget_erased())
        try:
            await hub.deliver(bell).run()
        finally:
            forget.cancel()


async def clock(hub: Hub) -> None:
    """Deadlines, and what falls due without being one: documents whose retention is over."""
    async with hub.bell("hub_timer") as bell:
        expire = asyncio.gather(hub.expire.run(), hub.expire_answers.run())
        try:
            await hub.fire_timers(bell).run()
        finally:
            expire.cancel()


async def replay(hub: Hub) -> None:
    """Jobs over dead letters."""
    async with hub.bell("hub_replay") as bell:
        forget = asyncio.create_task(hub.forget_erased())
        try:
            await hub.run_jobs.run(bell, hub.backoff)
        finally:
            forget.cancel()

"""What each process of the hub does, until it is cancelled."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from hub.bootstrap.hub import Hub
from hub.domain.messaging.ceiling import Ceiling
from hub.entrypoints.consumer import GroupWorker

_POLL = timedelta(seconds=1)


async def relay(hub: Hub) -> None:
    """Outbox to Kafka."""
    async with hub.bell("hub_outbox") as bell:
        await hub.relay.run(bell, hub.backoff, relayed=hub.meter.relayed, poll=_POLL)


async def consume(hub: Hub, groups: Sequence[str] = ()) -> None:
    """The consumer groups (all of them unless some are named); ends with the reason when a ceiling is reached."""
    stopped: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def stop(error: Exception) -> None:
        if not stopped.done():
            stopped.set_exception(error)

    subscribers = []
    for group in groups or tuple(hub.managers):
        worker = GroupWorker(
            hub.consume(group),
            clock=hub.clock,
            ceiling=_ceiling(hub),
            backoff=hub.backoff,
            done=hub.meter.batch,
            waited=hub.meter.waited,
            stop=stop,
        )
        subscribers.append(hub.subscriber(group, worker.handle))
    forget = asyncio.create_task(hub.forget_erased())
    try:
        await asyncio.gather(*(subscriber.start() for subscriber in subscribers))
        await stopped
    finally:
        forget.cancel()
        await asyncio.gather(*(subscriber.stop() for subscriber in subscribers))


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
    """Deadlines."""
    async with hub.bell("hub_timer") as bell:
        await hub.fire_timers(bell).run()

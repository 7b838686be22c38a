"""What each process of the hub does, until it is cancelled."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

from prometheus_client import generate_latest

from hub.bootstrap.hub import Hub
from hub.bootstrap.telemetry import METRICS
from hub.domain.messaging.ceiling import Ceiling
from hub.domain.messaging.errors import TransientError
from hub.entrypoints.consumer import GroupWorker
from hub.entrypoints.folders import WatchedFolders
from hub.entrypoints.http.app import create_app
from hub.entrypoints.http.doors import Doors
from hub.entrypoints.http.server import serving
from hub.entrypoints.processes import announced

_POLL = timedelta(seconds=1)


async def intake(hub: Hub) -> None:
    """HTTP and watched folders."""
    settings = hub.settings
    forget = asyncio.create_task(hub.forget_erased())
    tick = asyncio.create_task(_keep_time(hub))
    ring = asyncio.create_task(hub.ring_feeds())
    watch = asyncio.create_task(_folders(hub).run())
    try:
        async with serving(create_app(doors(hub)), host=settings.http.host, port=settings.http.port) as port:
            with announced(
                settings.home, "intake", http=settings.http.public_url or f"http://{settings.http.host}:{port}"
            ):
                try:
                    await asyncio.get_running_loop().create_future()
                finally:
                    hub.subscribe.close()  # who waits for a feed is answered now, or the server would wait for them
    finally:
        for task in (forget, tick, ring, watch):
            task.cancel()


async def _keep_time(hub: Hub) -> None:
    """Learn moved time, for what is recorded between batches."""
    while True:
        with suppress(TransientError):
            await hub.clock.refresh()
        await asyncio.sleep(_POLL.total_seconds())


def _folders(hub: Hub) -> WatchedFolders:
    poll = hub.settings.intake.folder_poll
    return WatchedFolders(hub.folders, hub.take_file, poll=poll, taken=hub.meter.taken)


def doors(hub: Hub) -> Doors:
    """What HTTP serves."""
    return Doors(
        callers=hub.callers,
        intake=hub.intake,
        publish=hub.publish,
        documents=hub.read_documents,
        dossiers=hub.read_dossiers,
        feed=hub.subscribe,
        signer=hub.signer,
        clock=hub.clock,
        most_bytes=hub.settings.intake.max_bytes,
        ready=hub.ready,
        metrics=lambda: generate_latest(METRICS),
        taken=hub.meter.taken,
    )


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

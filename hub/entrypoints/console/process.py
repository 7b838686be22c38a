"""The process ``hub console``."""

import asyncio

from hub.bootstrap.hub import Hub
from hub.entrypoints.console.app import create_console
from hub.entrypoints.console.watch import Watch
from hub.entrypoints.http.server import serving
from hub.entrypoints.processes import announced


async def console(hub: Hub) -> None:
    """Serve the pages until cancelled."""
    settings = hub.settings
    watch = Watch(hub)
    beside = [asyncio.create_task(watch.run()), asyncio.create_task(hub.forget_erased())]
    host, wanted = settings.http.host, settings.console.port
    try:
        async with serving(create_console(hub, watch), host=host, port=wanted, setting="HUB_CONSOLE__PORT") as port:
            with announced(settings.home, "console", console=settings.console.public_url or f"http://{host}:{port}"):
                await asyncio.get_running_loop().create_future()
    finally:
        for task in beside:
            task.cancel()

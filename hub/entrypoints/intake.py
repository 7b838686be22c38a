"""The intake process: HTTP, watched folders and mailboxes in, feeds and dossiers out."""

import asyncio
import sys
from contextlib import suppress
from datetime import timedelta

from prometheus_client import generate_latest

from hub.bootstrap.settlements import SettlementParts
from hub.bootstrap.telemetry import METRICS
from hub.domain.messaging.errors import TransientError
from hub.entrypoints.endings import FORESEEN, exit_code
from hub.entrypoints.folders import WatchedFolders
from hub.entrypoints.http.app import create_app
from hub.entrypoints.http.doors import Doors
from hub.entrypoints.http.server import PortInUseError, serving
from hub.entrypoints.mailboxes import WatchedMailboxes
from hub.entrypoints.processes import announced, run_process

_POLL = timedelta(seconds=1)


async def intake(hub: SettlementParts) -> None:
    """HTTP, watched folders and mailboxes."""
    settings = hub.settings
    forget = asyncio.create_task(hub.forget_erased())
    tick = asyncio.create_task(_keep_time(hub))
    ring = asyncio.create_task(hub.ring_feeds())
    watch = asyncio.create_task(_folders(hub).run())
    read = asyncio.create_task(_mailboxes(hub).run())
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
        for task in (forget, tick, ring, watch, read):
            task.cancel()


async def _keep_time(hub: SettlementParts) -> None:
    """Learn moved time, for what is recorded between batches."""
    while True:
        with suppress(TransientError):
            await hub.clock.refresh()
        await asyncio.sleep(_POLL.total_seconds())


def _folders(hub: SettlementParts) -> WatchedFolders:
    poll = hub.settings.intake.folder_poll
    return WatchedFolders(hub.folders, hub.take_file, poll=poll, taken=hub.meter.taken)


def _mailboxes(hub: SettlementParts) -> WatchedMailboxes:
    poll = hub.settings.intake.folder_poll
    return WatchedMailboxes(hub.mailboxes, hub.take_file, poll=poll, taken=hub.meter.taken)


def doors(hub: SettlementParts) -> Doors:
    """What HTTP serves."""
    return Doors(
        callers=hub.callers,
        intake=hub.intake,
        publish=hub.publish,
        documents=hub.read_documents,
        dossiers=hub.read_dossiers,
        answers=hub.read_answers,
        debts=hub.read_debts,
        claims=hub.export_claims,
        workbooks=hub.mark_workbook,
        suggestions=hub.suggestions,
        channels=hub.channels,
        debtor_notices=hub.debtor_notices,
        outages=hub.settlements,
        returns=hub.read_returns,
        feed=hub.subscribe,
        signer=hub.signer,
        clock=hub.clock,
        open_soap=hub.open_soap,
        public_url=hub.settings.http.public_url,
        most_bytes=hub.settings.intake.max_bytes,
        ready=hub.ready,
        metrics=lambda: generate_latest(METRICS),
        taken=hub.meter.taken,
    )


def main() -> None:
    """Run until told to stop; what was foreseen is one sentence and its exit code."""
    try:
        run_process("intake", intake, SettlementParts)
    except (*FORESEEN, PortInUseError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(exit_code(error))


if __name__ == "__main__":
    main()

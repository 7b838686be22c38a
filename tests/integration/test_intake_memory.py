"""A real intake process keeps its memory and its breath, whatever the size of a document."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from time import monotonic

import httpx
import psutil
import pytest

from hub.adapters.crypto.secrets import ensure_secrets
from hub.adapters.localstack.ports import is_free
from hub.bootstrap.hub import Hub
from hub.settings import Settings
from tests.integration.intake_documents import synchronisation
from tests.integration.intake_parts import DOCUMENTS, count, key_of
from tests.support.processes import Processes, processes_of

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400), pytest.mark.alone]  # it looks at how long others wait

MEGABYTE = 1024 * 1024
CLAIMS = 60_000
"""A document of 44 MB."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home of this test alone: its process announces itself there."""
    ensure_secrets(tmp_path)
    return tmp_path


@pytest.fixture
def processes(settings: Settings) -> Iterator[Processes]:
    """Starts processes; all of them end with the test."""
    port = next(number for number in range(32_761, 32_999) if is_free(number))
    with processes_of(settings, http_port=port) as found:
        yield found


async def large() -> AsyncIterator[bytes]:
    """The document, piece by piece."""
    for piece in synchronisation(CLAIMS):
        yield piece


async def watched(process: psutil.Process, client: httpx.AsyncClient, done: asyncio.Event) -> tuple[float, list[float]]:
    """The most memory it used, in MB, and how long others waited for an answer meanwhile, in seconds."""
    peak, waits = 0.0, []
    while not done.is_set():
        start = monotonic()
        await client.get("/health/live")
        waits.append(monotonic() - start)
        peak = max(peak, process.memory_info().rss / MEGABYTE)
        await asyncio.wait({asyncio.create_task(done.wait())}, timeout=0.05)
    return peak, waits


async def test_document_of_sixty_thousand_claims_stays_below_150_megabytes_and_holds_nobody_up(
    hub: Hub, processes: Processes
) -> None:
    headers = await key_of(hub, "etude-001", "office", ["cia"])
    intake = await processes.start("intake").up()
    process = psutil.Process(intake._process.pid)
    done = asyncio.Event()
    async with (
        httpx.AsyncClient(base_url=processes.http, headers=headers, timeout=300) as sender,
        httpx.AsyncClient(base_url=processes.http, timeout=60) as other,
    ):
        watch = asyncio.create_task(watched(process, other, done))
        answer = await sender.post(DOCUMENTS, content=large(), headers={"content-type": "text/xml"})
        done.set()
        peak, waits = await watch
    assert (answer.status_code, answer.json()["events"]) == (201, CLAIMS + 1)
    assert await count(hub, "outbox") == CLAIMS + 1
    assert peak < 150, f"{peak:.0f} MB"
    median = sorted(waits)[len(waits) // 2]
    assert median < 0.1, f"others waited {median * 1000:.0f} ms"

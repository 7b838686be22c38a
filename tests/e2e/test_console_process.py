"""``hub console`` as a process of its own: it says where it answers, and ends when it is told to."""

import httpx
import pytest

from hub.entrypoints.processes import processes as running
from tests.support.processes import Processes

pytestmark = pytest.mark.e2e


async def test_console_process_serves_pages_and_health_and_ends_cleanly(processes: Processes) -> None:
    process = await processes.start("console").up()
    (said,) = running(processes.home)

    async with httpx.AsyncClient(timeout=20) as client:
        door = await client.get(f"{said['console']}/sign-in")
        ready = await client.get(f"{said['probe']}/health/ready")

    assert (door.status_code, ready.status_code) == (200, 200)
    assert "hub admin add NAME --role operator" in door.text  # nobody can sign in yet: the page says what to do
    process.ask_to_end()
    assert await process.ended() == 0
    assert running(processes.home) == []


async def test_console_says_which_setting_frees_it_from_a_taken_port(processes: Processes) -> None:
    first = await processes.start("console").up()
    (said,) = running(processes.home)
    port = said["console"].rsplit(":", 1)[1]

    second = processes.start("console", HUB_CONSOLE__PORT=port)

    assert await second.ended() == 1
    assert "HUB_CONSOLE__PORT=0" in second.text()
    assert first.alive

"""Fixtures of a hub of real processes on the local stack, in a home of its own; chaos and e2e import them."""

import random
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from hub.adapters.crypto.secrets import ensure_secrets
from hub.adapters.localstack.ports import is_free
from hub.bootstrap.hub import Hub
from hub.settings import Settings
from tests.support.processes import Processes, processes_of
from tests.support.scene import Scene


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home of this test alone: its processes announce themselves there."""
    ensure_secrets(tmp_path)
    return tmp_path


@pytest.fixture
def processes(settings: Settings) -> Iterator[Processes]:
    """Starts processes; all of them end with the test."""
    places = random.SystemRandom().sample(range(32_400, 32_760), 360)  # several runs may share this machine
    port = next(number for number in places if is_free(number))
    with processes_of(settings, http_port=port) as found:
        yield found


@pytest.fixture
async def scene(hub: Hub, processes: Processes) -> AsyncIterator[Scene]:
    """Thirty people; nothing is sent yet."""
    found = await Scene.of(hub, processes.http, 30)
    yield found
    await found.close()

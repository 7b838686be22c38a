"""``hub sandbox bcss`` alone: another client is tested against it."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from hub.application.consult.searching import Search
from hub.bootstrap.bank import soap_bank
from hub.settings import BcssSettings
from sandbox.people import Population
from tests.support.soap_bank import OURS

pytestmark = pytest.mark.integration

SAID = ("ENDPOINTS", "AUTHORITY", "CERTIFICATE", "KEY")


@pytest.fixture
def printed(tmp_path: Path) -> Iterator[dict[str, str]]:
    """What it says for the environment of a hub."""
    command = [
        sys.executable,
        "-m",
        "hub",
        "sandbox",
        "bcss",
        "--folder",
        str(tmp_path),
        "--people",
        "3",
        "--seed",
        "5",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline().strip() for _ in SAID]
        yield {
            name.removeprefix("HUB_BCSS__").lower(): value for name, _, value in (one.partition("=") for one in lines)
        }
        process.terminate()


async def test_bank_that_runs_alone_is_reached_by_the_settings_it_prints(printed: dict[str, str]) -> None:
    somebody = Population.of(seed=5, people=3, offices=1, cpas=1).people[0]
    settings = BcssSettings.model_validate({**printed, "organisations": f"cpas-1={OURS}"})
    bank = soap_bank(settings, lambda: datetime.now(UTC))
    try:
        found = await bank.identify("cpas-1", uuid4(), Search(niss=somebody.niss))
    finally:
        await bank.close()

    assert [one.niss for one in found.candidates] == [somebody.niss]

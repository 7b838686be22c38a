"""``hub connector suspend|resume|status`` on a real database: exit codes, rows and events that scripts rely on."""

import asyncio
import json
from collections.abc import Sequence

import pytest
from typer.testing import CliRunner, Result

from hub.application.consult.suspend import ADAPTERS
from hub.bootstrap.hub import Hub
from hub.entrypoints.cli import connector
from hub.settings import Settings
from tests.integration.post_office import outbox

pytestmark = pytest.mark.integration


@pytest.fixture
def environment(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    dsn, url = settings.postgres.dsn, settings.smtp.url
    assert dsn
    assert url
    monkeypatch.setenv("HUB_HOME", str(settings.home))
    monkeypatch.setenv("HUB_KAFKA__BOOTSTRAP", str(settings.kafka.bootstrap))
    monkeypatch.setenv("HUB_POSTGRES__DSN", dsn.get_secret_value())
    monkeypatch.setenv("HUB_SMTP__URL", url.get_secret_value())


async def said(*arguments: str) -> Result:
    def invoke(words: Sequence[str]) -> Result:
        return CliRunner().invoke(connector.app, words, catch_exceptions=False)

    return await asyncio.to_thread(invoke, arguments)


@pytest.mark.usefixtures("environment")
async def test_service_is_suspended_and_resumed_once_and_both_are_told(hub: Hub) -> None:
    assert (await said("suspend", "bcss/income", "--reason", "contract under review")).exit_code == 0
    assert "already" in (await said("suspend", "bcss/income", "--reason", "again")).stdout

    rows = json.loads((await said("status", "--json")).stdout)
    assert [row["adapter"] for row in rows] == list(ADAPTERS)
    assert {"bcss/access", "bcss/search", "bcss/income"} < set(ADAPTERS)
    (suspended,) = [row for row in rows if row["state"] == "suspended"]
    assert (suspended["adapter"], suspended["reason"]) == ("bcss/income", "contract under review")

    assert (await said("resume", "bcss/income")).exit_code == 0
    assert "not suspended" in (await said("resume", "bcss/income")).stdout
    told = await outbox(hub.database.pool)
    assert [one["ce_type"].split(".")[3] for one in told] == ["suspended", "resumed"]
    assert {(one["topic"], one["key"]) for one in told} == {("adapter-events", "bcss/income")}


@pytest.mark.usefixtures("environment", "hub")
async def test_service_that_does_not_exist_is_refused_with_those_there_are() -> None:
    refused = await said("suspend", "bcss/nothing", "--reason", "x")

    assert refused.exit_code == 3
    assert "bcss/pensions" in refused.output

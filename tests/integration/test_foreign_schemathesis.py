"""schemathesis over the OpenAPI document as callers that ``test_openapi.py`` does not play: nobody, an office."""

import httpx
import pytest

from hub.bootstrap.hub import Hub
from tests.integration.intake_parts import door, key_of
from tests.integration.test_openapi import schemathesis

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]


async def played(client: httpx.AsyncClient, *words: str) -> None:
    code, said = await schemathesis(client, *words)
    assert code == 0, said[-6000:]
    assert "passed" in said


async def test_nobody_without_a_known_key_finds_a_server_error(hub: Hub) -> None:
    async with door(hub, {"authorization": "Bearer hub_0123456789abcdef_" + "A" * 43}) as client:
        await played(client, "--phases", "fuzzing", "--max-examples", "5")
    assert await hub.database.pool.fetchval("SELECT count(*) FROM document") == 0


async def test_office_finds_no_server_error(hub: Hub) -> None:
    hub.subscribe.close()  # nobody waits for events that never come
    types = ["be.mediationhub.office.answered.v1", "be.mediationhub.claim.submitted.v1"]
    async with door(hub, await key_of(hub, "etude-001", "office", ["cia"], types)) as client:
        await played(client, "--phases", "fuzzing", "--max-examples", "5")

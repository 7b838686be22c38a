"""Nothing that fits the OpenAPI document, or nearly, makes the door fail."""

import asyncio
import sys
from pathlib import Path

import httpx
import pytest
from lxml import etree

from hub.bootstrap.hub import Hub
from tests.integration.intake_parts import door, key_of

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
TYPES = ["be.mediationhub.client.register.v1", "be.mediationhub.dossier.close.v1"]


async def schemathesis(client: httpx.AsyncClient, *words: str) -> tuple[int | None, str]:
    """Run it against the door; its exit code and what it said."""
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("schemathesis")),
        "run",
        f"{client.base_url}/openapi.json",
        "-H",
        f"Authorization: {client.headers['authorization']}",
        "--checks",
        CHECKS,
        "--no-color",
        "--seed",
        "7",
        *words,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode, said.decode()


async def test_schemathesis_finds_no_server_error_and_no_undocumented_answer(hub: Hub) -> None:
    hub.subscribe.close()  # nobody waits for events that never come
    async with door(hub, await key_of(hub, "cpas-1", "cpas", (), TYPES)) as client:
        code, said = await schemathesis(client, "--phases", "coverage,fuzzing", "--max-examples", "10")
    assert code == 0, said[-6000:]
    assert "passed" in said


async def test_every_route_that_needs_a_key_says_so(hub: Hub) -> None:
    async with door(hub) as client:
        document = (await client.get("/openapi.json")).json()
        contracts = {"/v1/connectors", "/v1/connectors/{name}/contract", "/v1/answer.xsd"}
        open_to_all = {"/v1/keys", "/health/live", "/health/ready", "/metrics", *contracts}
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                assert ("security" in operation) == (path not in open_to_all), path
                if path not in open_to_all:
                    ids = dict.fromkeys(
                        ("document", "receipt", "integration", "answer", "reference", "file", "command"), "0" * 32
                    )
                    real = path.format(name="cia", dossier="d" + "0" * 32, case="c" + "0" * 32, **ids)
                    answer = await client.request(method, real, content=b"<x/>")
                    assert answer.status_code == 401, (method, real)
                    assert answer.headers["content-type"] == "application/problem+json"


async def test_operations_answer_without_a_key(hub: Hub) -> None:
    async with door(hub) as client:
        assert (await client.get("/health/live")).json() == {"status": "live"}
        assert (await client.get("/health/ready")).json() == {"status": "ready"}
        assert "hub_documents_received" in (await client.get("/metrics")).text
        assert (await client.get("/nowhere")).json()["code"] == "not-found"
        assert (await client.put("/v1/events")).json()["code"] == "method"


async def test_partner_finds_every_contract_before_the_first_document(hub: Hub) -> None:
    async with door(hub) as client:
        listed = (await client.get("/v1/connectors")).json()["connectors"]
        assert [one["name"] for one in listed] == ["cia", "fca", "justrestart", "mutations"]
        assert "Synchronisation" in listed[0]["documents"]
        for path in (*(one["contract"] for one in listed), "/v1/answer.xsd"):
            answer = await client.get(path)
            etree.XMLSchema(etree.fromstring(answer.content))
        assert (await client.get("/v1/connectors/nobody/contract")).status_code == 404


async def test_error_nobody_foresaw_is_a_problem_and_tells_no_value(
    hub: Hub, capfd: pytest.CaptureFixture[str]
) -> None:
    async def fails() -> bool:
        raise ValueError("61021399111 is secret")

    async with door(hub, ready=fails) as client:
        answer = await client.get("/health/ready", headers={"accept-language": "de"})
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    said = capfd.readouterr()
    assert "secret" not in answer.text + said.out + said.err
    assert "ValueError" in said.out + said.err

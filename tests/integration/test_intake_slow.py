"""Callers that are slow, vanish, or find the database away."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from hub.bootstrap.hub import Hub, opened
from hub.settings import PostgresSettings, Settings
from tests.integration.intake_documents import single
from tests.integration.intake_parts import count, door, key_of, post
from tests.integration.proxy import Proxy

pytestmark = pytest.mark.integration


@pytest.fixture
async def office(hub: Hub) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the key of an office, of a door without patience."""
    hub.__dict__["limits"] = replace(hub.limits, idle=timedelta(milliseconds=200), patience=timedelta(seconds=1))
    async with door(hub, await key_of(hub, "etude-001", "office", ["cia"])) as client:
        yield client


async def raw(office: httpx.AsyncClient, length: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection that announced a document."""
    reader, writer = await asyncio.open_connection(office.base_url.host, office.base_url.port)
    head = f"POST /v1/connectors/cia/documents HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\n"
    writer.write(f"{head}authorization: {office.headers['authorization']}\r\n\r\n".encode())
    return reader, writer


async def test_body_that_stops_coming_is_refused_after_the_idle_time(hub: Hub, office: httpx.AsyncClient) -> None:
    reader, writer = await raw(office, 1000)
    writer.write(b"<Claim")
    async with asyncio.timeout(5):
        assert b" 408 " in await reader.readline()
    writer.close()
    assert await count(hub, "document") == 0


async def test_body_that_drips_is_refused_when_patience_ends(office: httpx.AsyncClient) -> None:
    reader, writer = await raw(office, 1000)
    answer = asyncio.create_task(reader.readline())
    async with asyncio.timeout(10):
        while not answer.done():
            writer.write(b" ")
            await asyncio.wait({answer}, timeout=0.05)
    assert b" 408 " in answer.result()
    writer.close()


async def test_caller_that_vanishes_in_the_middle_leaves_nothing(hub: Hub, office: httpx.AsyncClient) -> None:
    _, writer = await raw(office, 1000)
    writer.write(single(1)[:100])
    await writer.drain()
    writer.transport.abort()
    assert (await post(office, single(2))).status_code == 201
    assert await count(hub, "document") == 1


async def test_database_that_is_away_is_told_and_the_same_document_is_taken_afterwards(settings: Settings) -> None:
    dsn = settings.postgres.dsn
    assert dsn is not None
    async with Proxy.before(dsn.get_secret_value()) as proxy:
        by_proxy = settings.model_copy(update={"postgres": PostgresSettings.model_validate({"dsn": proxy.dsn})})
        async with opened(by_proxy) as hub, door(hub, await key_of(hub, "etude-001", "office", ["cia"])) as client:
            assert (await post(client, single(1))).status_code == 201
            await proxy.cut()
            answers = await asyncio.gather(*(post(client, single(n)) for n in range(2, 8)))
            assert {answer.status_code for answer in answers} == {503}
            assert {answer.headers["retry-after"] for answer in answers} == {"2"}
            assert (await client.get("/health/ready")).status_code == 503
            await proxy.mend()
            answers = await asyncio.gather(*(post(client, single(n)) for n in range(1, 8)))
            assert [answer.status_code for answer in answers] == [200] + [201] * 6
            assert await count(hub, "outbox") == 7

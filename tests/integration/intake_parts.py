"""The door of a test's hub on a real port, and institutions with keys."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx

from hub.application.intake.callers import Institution
from hub.bootstrap.hub import Hub
from hub.entrypoints.http.app import create_app
from hub.entrypoints.http.server import serving
from hub.entrypoints.intake import doors

DOCUMENTS = "/v1/connectors/cia/documents"


async def key_of(
    hub: Hub, institution: str, kind: str, connectors: Sequence[str] = (), types: Sequence[str] = ()
) -> dict[str, str]:
    """A new key of an institution, which is added if need be; as request headers. It speaks English."""
    if await hub._institutions.find(institution) is None:
        await hub.institutions.add(
            Institution(id=institution, kind=kind, name=f"Test {institution}", email=None, language="en")
        )
    _, text = await hub.institutions.key(institution, connectors, types)
    return {"authorization": f"Bearer {text}"}


@asynccontextmanager
async def door(hub: Hub, headers: Mapping[str, str] | None = None, **changes: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the hub's HTTP door."""
    async with (
        serving(create_app(replace(doors(hub), **changes)), host="127.0.0.1", port=0, grace=1) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60, headers=dict(headers or {})) as client,
    ):
        yield client


async def post(client: httpx.AsyncClient, body: bytes, **headers: str) -> httpx.Response:
    """Hand in a cia document."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await client.post(DOCUMENTS, content=body, headers={"content-type": "application/xml", **named})


async def count(hub: Hub, table: str, where: str = "true") -> int:
    """Rows of a table."""
    found: int = await hub.database.pool.fetchval(f"SELECT count(*) FROM {table} WHERE {where}")
    return found

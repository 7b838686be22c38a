"""A partner that does not give up: sends the same bytes again until it holds a receipt."""

import asyncio
from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Any
from uuid import UUID

import httpx

from sandbox.receipts import claims_of

_PAUSE, _PATIENCE = 0.1, 60.0
_SERVER_ERROR = 500
_CLOUDEVENTS = "application/cloudevents-batch+json"


class Partner:
    """One institution over HTTP. ``failures`` counts what it had to send again."""

    def __init__(self, http: str, institution: str, key: str) -> None:
        self.institution, self.key, self.failures = institution, key, 0
        self.http = httpx.AsyncClient(
            base_url=http, headers={"Authorization": f"Bearer {key}"}, timeout=httpx.Timeout(20.0)
        )

    async def document(self, connector: str, content: bytes) -> Mapping[str, Any]:
        """What the receipt of a document says."""
        answer = await self.insisting(f"/v1/connectors/{connector}/documents", content, "application/xml")
        return claims_of(answer["receipt"])

    async def events(self, events: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """What the receipts of a batch of events say."""
        content = httpx.Request("POST", "http://x", json=list(events)).content
        answer = await self.insisting("/v1/events", content, _CLOUDEVENTS)
        assert all("receipt" in one for one in answer["results"]), answer
        return [claims_of(one["receipt"]) for one in answer["results"]]

    async def insisting(self, path: str, content: bytes, kind: str) -> Mapping[str, Any]:
        """Send until it is accepted; anything but acceptance or a passing failure is an error of the test."""
        deadline, said = monotonic() + _PATIENCE, ""
        while monotonic() < deadline:
            try:
                answer = await self.http.post(path, content=content, headers={"Content-Type": kind})
            except httpx.TransportError as error:
                said = repr(error)
            else:
                said = f"{answer.status_code}: {answer.text[:1000]}"
                if answer.status_code < _SERVER_ERROR:
                    assert answer.status_code in {200, 201}, said
                    found: Mapping[str, Any] = answer.json()
                    return found
            self.failures += 1
            await asyncio.sleep(_PAUSE)
        raise AssertionError(f"{self.institution} was not heard for {_PATIENCE:.0f} s: {said}")

    async def get(self, path: str, **query: str | int) -> httpx.Response:
        """Read."""
        return await self.http.get(path, params=query)

    async def close(self) -> None:
        """Hang up."""
        await self.http.aclose()


def event_ids(receipt: Mapping[str, Any]) -> list[UUID]:
    """The events a receipt names."""
    return [UUID(one) for one in receipt["events"]]

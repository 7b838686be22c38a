"""The ``cloudevents`` package on our HTTP: it decodes what a feed tells and makes the batches that we accept."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from hub.bootstrap.hub import Hub
from hub.domain.messaging.cloudevent import dossier_of, event_id_of
from tests.integration.intake_parts import door, key_of
from tests.support.documents import name_of, niss_of, notice, registration

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("topics_ready")]

CPAS = "cpas-001"
REGISTER = "be.mediationhub.client.register.v1"
BATCH = "application/cloudevents-batch+json"


@pytest.fixture
async def cpas(hub: Hub) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the key of a CPAS."""
    async with door(hub, await key_of(hub, CPAS, "cpas", (), [REGISTER])) as client:
        yield client


def made(n: int) -> CloudEvent:
    """A registration as the package makes it."""
    event = dict(registration(f"register-{n}", n, cpas=CPAS))
    data = event.pop("data")
    return CloudEvent({**event, "time": datetime(2026, 1, 16, 7, 0, tzinfo=UTC)}, data)


def batch(*events: CloudEvent) -> bytes:
    """The package's own JSON form of each, as the batch of the CloudEvents JSON format."""
    return b"[" + b",".join(JSONFormat().write(one) for one in events) + b"]"


async def moved(hub: Hub, group: str) -> None:
    """What waits in the outbox goes to Kafka, and all that is there for a group is folded."""
    while await hub.relay.once():
        pass
    topics = hub.topics.of_types(hub.managers[group].handles)
    await hub.consume(group).handle([one async for one in hub.tail(topics, beginning=True, follow=False)])


async def test_batch_made_by_the_package_is_accepted_event_by_event(hub: Hub, cpas: httpx.AsyncClient) -> None:
    answer = await cpas.post("/v1/events", content=batch(made(1), made(2)), headers={"content-type": BATCH})
    again = await cpas.post("/v1/events", content=batch(made(2), made(3)), headers={"content-type": BATCH})

    assert [one["status"] for one in answer.json()["results"]] == [201, 201]
    assert [one["status"] for one in again.json()["results"]] == [200, 201]
    assert again.json()["results"][0]["receipt"] == answer.json()["results"][1]["receipt"]
    rows = await hub.database.pool.fetch("SELECT (headers::jsonb ->> 'id')::uuid FROM outbox ORDER BY seq")
    assert {row[0] for row in rows} == {event_id_of("events", CPAS, f"register-{n}") for n in (1, 2, 3)}


async def test_feed_is_decoded_by_the_package(hub: Hub, cpas: httpx.AsyncClient) -> None:
    async with door(hub, await key_of(hub, "fca", "fca", ["fca"])) as fca:
        content = notice("n-1", 1, "etude-001")
        await fca.post("/v1/connectors/fca/documents", content=content, headers={"content-type": "application/xml"})
    await cpas.post("/v1/events", content=batch(made(1)), headers={"content-type": BATCH})
    for group in ("hub.notices", "hub.mediation", "hub.notices", "hub.mediation"):
        await moved(hub, group)

    answer = await cpas.get("/v1/feed")

    assert answer.headers["content-type"] == BATCH
    events = [JSONFormat().read(None, json.dumps(one).encode()) for one in answer.json()]
    subject = hub.vault.subject_of(niss_of(1))
    dossier = dossier_of(subject, CPAS)
    assert [event.get_type() for event in events] == [
        "be.mediationhub.dossier.opened.v1",
        "be.mediationhub.office.invited.v1",
    ]
    for event in events:
        assert event.get_specversion() == "1.0"
        assert event.get_source() == "/hub/mediation"
        assert event.get_datacontenttype() == "application/json"
        assert (event.get_subject(), event.get_extension("partitionkey")) == (subject, dossier)
        assert isinstance(event.get_time(), datetime)
    opened, invited = events
    assert opened.get_extension("causationid") == str(event_id_of("events", CPAS, "register-1"))
    data = invited.get_data()
    assert isinstance(data, dict)
    assert (data["office"], data["name"], data["niss"]) == ("etude-001", name_of(1), niss_of(1))

"""Institutional systems publish CloudEvents."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from cloudevents.core.bindings.http import to_binary_event, to_structured_event
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from hub.application.envelope import decode, kafka_headers
from hub.application.ports import Record
from hub.bootstrap.hub import Hub
from hub.bootstrap.receipts import opened_receipt
from hub.domain.messaging.cloudevent import dossier_of, event_id_of
from tests.integration.intake_parts import count, door, key_of

pytestmark = pytest.mark.integration

REGISTER, CLOSE = "be.mediationhub.client.register.v1", "be.mediationhub.dossier.close.v1"
STRUCTURED, BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"
NISS = "61021399111"


@pytest.fixture
async def cpas(hub: Hub) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the key of a CPAS."""
    async with door(hub, await key_of(hub, "cpas-1", "cpas", (), [REGISTER, CLOSE])) as client:
        yield client


def data(**changes: object) -> dict[str, Any]:
    consent = {"registration": True, "sharing": True, "text_version": "1", "given_at": "2026-01-01T00:00:00Z"}
    return {"cpas": "cpas-1", "stage": "start", "consent": consent, "niss": NISS, "name": "Exemple", **changes}


def event(name: str = "r-1", **changes: object) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": name,
        "source": "/cpas",
        "type": REGISTER,
        "time": "2026-01-15T10:00:00+01:00",
        "data": data(),
        **changes,
    }


async def structured(client: httpx.AsyncClient, value: object) -> httpx.Response:
    return await client.post("/v1/events", content=json.dumps(value), headers={"content-type": STRUCTURED})


async def test_registration_becomes_an_event_of_the_persons_dossier(hub: Hub, cpas: httpx.AsyncClient) -> None:
    answer = await structured(cpas, event())
    assert answer.status_code == 201
    row = await hub.database.pool.fetchrow("SELECT * FROM outbox")
    assert row is not None
    found = decode(
        Record(topic=row["topic"], partition=0, offset=0, timestamp=0, key=row["key"].encode(), value=row["value"],
               headers=tuple(kafka_headers(row["headers"])))
    )  # fmt: skip
    subject = hub.vault.subject_of(NISS)
    assert (found.id, found.subject) == (event_id_of("events", "cpas-1", "r-1"), subject)
    assert (row["topic"], row["key"]) == ("cpas-commands", dossier_of(subject, "cpas-1"))
    assert NISS.encode() not in row["value"]
    claims = opened_receipt(answer.json()["receipt"], hub.signer.key_set())
    assert claims is not None
    assert (claims["connector"], claims["messageId"], claims["events"]) == ("events", "r-1", [str(found.id)])


async def test_event_posted_twice_has_one_effect_whatever_mode_it_came_in(hub: Hub, cpas: httpx.AsyncClient) -> None:
    first = await structured(cpas, event())
    second = await structured(cpas, dict(reversed(event().items())))
    batch = await cpas.post("/v1/events", content=json.dumps([event()]), headers={"content-type": BATCH})
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert batch.json()["results"][0]["receipt"] == first.json()["receipt"]
    assert await count(hub, "outbox") == 1


async def test_same_id_with_other_content_is_a_conflict(hub: Hub, cpas: httpx.AsyncClient) -> None:
    await structured(cpas, event())
    answer = await structured(cpas, event(data=data(stage="other")))
    assert (answer.status_code, answer.json()["code"]) == (409, "message-id-reused")
    assert await count(hub, "outbox") == 1


async def test_each_event_of_a_batch_has_its_own_outcome(hub: Hub, cpas: httpx.AsyncClient) -> None:
    opened = "be.mediationhub.dossier.opened.v1"
    bad = data(niss="61021399112", cpas="cpas-2")
    batch = [event("a"), event("b", data=bad), 7, event("c", type=opened), event("d", type="unknown"), event("e")]
    answer = await cpas.post("/v1/events", content=json.dumps(batch), headers={"content-type": BATCH})
    results = answer.json()["results"]
    assert [one["status"] for one in results] == [201, 422, 422, 403, 422, 201]
    assert [(one["pointer"], one["code"]) for one in results[1]["errors"]] == [
        ("/data/niss", "niss-checksum"),
        ("/data/cpas", "event-not-yours"),
    ]
    assert (results[3]["code"], results[4]["code"]) == ("type-not-granted", "event-type-unknown")
    assert await count(hub, "outbox") == 2


async def test_unknown_and_wrong_fields_are_refused_with_their_json_pointer(cpas: httpx.AsyncClient) -> None:
    wrong = data(colour="blue", born="not a date")
    wrong["consent"]["registration"] = "yes"
    answer = await structured(cpas, event(data=wrong))
    assert answer.status_code == 422
    assert {(one["pointer"], one["code"]) for one in answer.json()["errors"]} == {
        ("/data/consent/registration", "event-field"),
        ("/data/born", "event-field"),
        ("/data/colour", "event-field"),
    }
    (listed,) = (await cpas.get("/v1/documents?state=rejected")).json()["documents"]
    assert (listed["connector"], listed["messageId"]) == ("events", "r-1")


async def test_findings_on_an_event_are_read_again_later_and_in_xml(cpas: httpx.AsyncClient) -> None:
    refused = await cpas.post(
        "/v1/events",
        content=json.dumps(event(data=data(colour="blue"))),
        headers={"content-type": STRUCTURED, "accept": "application/xml"},
    )
    assert refused.headers["content-type"] == "application/xml"
    assert 'pointer="/data/colour"' in refused.text
    (listed,) = (await cpas.get("/v1/documents?state=rejected")).json()["documents"]
    answer = await cpas.get(f"/v1/documents/{listed['document']}/refusals")
    (finding,) = answer.json()["refused"]
    assert (finding["pointer"], finding["code"]) == ("/data/colour", "event-field")


async def test_registration_without_a_person_is_refused(cpas: httpx.AsyncClient) -> None:
    answer = await structured(cpas, event(data=data(niss=None)))
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [("/data/niss", "identifier-required")]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"id": "1", "id": "2"}', "json-duplicate-name"),
        (b"[" * 50_000, "json-broken"),
        (b'{"id": NaN}', "json-broken"),
        (b'{"id": "\\ud800"}', "json-broken"),
        (b'{"id": "\\u0000"}', "json-broken"),
        (b'{"id": "\xff"}', "json-broken"),
        (b'{"id": ', "json-broken"),
        (b'{"n": ' + b"9" * 10_000 + b"}", "json-broken"),
        (b"", "empty"),
        (b"{}", "event-attribute"),
        (b"null", "event-attribute"),
    ],
)
async def test_what_is_no_event_is_refused_and_kept(cpas: httpx.AsyncClient, body: bytes, code: str) -> None:
    answer = await cpas.post("/v1/events", content=body, headers={"content-type": STRUCTURED})
    assert answer.json()["code"] == code
    assert answer.status_code in {400, 422}
    assert len((await cpas.get("/v1/documents?state=rejected")).json()["documents"]) == 1


async def test_type_must_be_granted_to_the_key_and_the_kind(hub: Hub, cpas: httpx.AsyncClient) -> None:
    narrow = await key_of(hub, "cpas-1", "cpas", (), [CLOSE])
    answer = await cpas.post("/v1/events", content=json.dumps(event()), headers={"content-type": STRUCTURED, **narrow})
    assert (answer.status_code, answer.json()["code"]) == (403, "type-not-granted")
    assert await count(hub, "outbox") == 0


async def test_cloudevents_package_makes_what_the_hub_accepts(hub: Hub, cpas: httpx.AsyncClient) -> None:
    attributes = {name: value for name, value in event().items() if name not in {"data", "time"}}
    for name, make in (("s-1", to_structured_event), ("b-1", to_binary_event)):
        made = make(CloudEvent({**attributes, "id": name, "datacontenttype": "application/json"}, data()), JSONFormat())
        answer = await cpas.post("/v1/events", content=made.body, headers=made.headers)
        assert answer.status_code == 201, answer.text
    assert await count(hub, "outbox") == 2

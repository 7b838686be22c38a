"""A document comes in: accepted once, refused well, readable by its sender alone."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from importlib.resources import files

import httpx
import pytest
from lxml import etree

from hub.application.envelope import decode, kafka_headers
from hub.application.ports import Record
from hub.bootstrap.hub import Hub
from hub.bootstrap.receipts import opened_receipt
from hub.domain.messaging.cloudevent import event_id_of
from schemas.claims import ClaimSubmitted
from tests.integration.intake_documents import niss_of, single
from tests.integration.intake_parts import DOCUMENTS, count, door, key_of, post
from tests.integration.post_office import until

pytestmark = pytest.mark.integration


@pytest.fixture
async def office(hub: Hub) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the key of an office."""
    async with door(hub, await key_of(hub, "etude-001", "office", ["cia"])) as client:
        yield client


async def test_accepted_document_is_durable_and_its_receipt_is_checked_offline(
    hub: Hub, office: httpx.AsyncClient
) -> None:
    body = single(1)
    answer = await post(office, body)
    assert answer.status_code == 201
    said = answer.json()
    claims = opened_receipt(said["receipt"], (await office.get("/v1/keys")).json())
    assert claims is not None
    event = str(event_id_of("cia", "etude-001", "m-1", "1"))
    assert claims["sha256"] == hashlib.sha256(body).hexdigest()
    assert (claims["messageId"], claims["institution"], claims["events"]) == ("m-1", "etude-001", [event])
    assert said["state"] == "accepted"
    assert await count(hub, "outbox") == await count(hub, "document_chunk") == await count(hub, "document_slice") == 1


async def test_event_in_the_outbox_is_the_claim_and_its_person_opens_with_the_vault(
    hub: Hub, office: httpx.AsyncClient
) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    await post(office, single(1), traceparent=trace)
    row = await hub.database.pool.fetchrow("SELECT * FROM outbox")
    assert row is not None
    event = decode(
        Record(topic=row["topic"], partition=0, offset=0, timestamp=0, key=row["key"].encode(), value=row["value"],
               headers=tuple(kafka_headers(row["headers"])))
    )  # fmt: skip
    assert isinstance(event.data, ClaimSubmitted)
    assert event.partitionkey == event.subject == hub.vault.subject_of(niss_of(1))
    assert (event.traceparent, event.source) == (trace, "/connectors/cia/etude-001")
    assert event.data.niss is None
    assert event.sealed is not None
    (plain,) = await hub.vault.open_many([event.sealed])
    assert json.loads(plain or b"{}")["niss"] == niss_of(1)


async def test_nothing_personal_is_readable_in_any_table(hub: Hub, office: httpx.AsyncClient) -> None:
    await post(office, single(1))
    await post(office, single(2, total="1.00"))
    await post(office, single(3)[:-20])
    tables = await hub.database.pool.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for table in tables:
        text = await hub.database.pool.fetchval(f"SELECT string_agg(one::text, ' ') FROM {table['tablename']} AS one")
        for secret in (niss_of(1), "Pierre", "BE26138000001729", "C-000001", "C-000002", "K-1"):
            assert secret not in (text or ""), table["tablename"]
            assert secret.encode().hex() not in (text or ""), table["tablename"]


async def test_same_document_again_gets_the_same_receipt_and_has_no_second_effect(
    hub: Hub, office: httpx.AsyncClient
) -> None:
    first, second = await post(office, single(1)), await post(office, single(1))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert await count(hub, "outbox") == await count(hub, "document") == 1


async def test_same_message_id_with_other_bytes_is_a_conflict_that_says_so(hub: Hub, office: httpx.AsyncClient) -> None:
    await post(office, single(1))
    answer = await post(office, single(2, message_id="m-1"), accept_language="nl-BE, en;q=0.5")
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "message-id-reused"
    assert "m-1 is al gebruikt" in answer.json()["detail"]
    assert await count(hub, "outbox") == 1


async def test_duplicates_at_the_same_moment_have_one_effect_and_one_receipt(
    hub: Hub, office: httpx.AsyncClient
) -> None:
    answers = await asyncio.gather(*(post(office, single(1)) for _ in range(30)))
    assert sorted(answer.status_code for answer in answers) == [200] * 29 + [201]
    assert len({answer.json()["receipt"] for answer in answers}) == 1
    assert await count(hub, "outbox") == await count(hub, "document") == 1


async def test_refused_and_conflicting_documents_do_not_fail_their_neighbours_in_a_batch(
    hub: Hub, office: httpx.AsyncClient
) -> None:
    await post(office, single(0))
    bodies = [single(n) for n in range(1, 40)]
    bodies[5], bodies[11] = single(99, message_id="m-0"), single(98, total="1.00")
    answers = await asyncio.gather(*(post(office, body) for body in bodies))
    assert [n for n, answer in enumerate(answers) if answer.status_code != 201] == [5, 11]
    assert (answers[5].status_code, answers[11].status_code) == (409, 422)
    assert await count(hub, "outbox") == 38


async def test_refusal_names_line_xpath_rule_and_reference_in_the_callers_language(office: httpx.AsyncClient) -> None:
    answer = await post(office, single(1, total="1.00"), accept_language="fr")
    assert answer.status_code == 422
    (finding,) = answer.json()["errors"]
    assert (finding["code"], finding["xpath"], finding["reference"]) == ("total-not-sum", "/Claim/@total", "C-000001")
    assert finding["line"] >= 1
    assert "somme" in finding["text"]
    assert answer.headers["content-language"] == "fr"


async def test_refused_document_is_listed_until_a_corrected_one_comes_under_its_message_id(
    hub: Hub, office: httpx.AsyncClient
) -> None:
    for _ in range(3):
        refused = await post(office, single(1, total="1.00"))
    (listed,) = (await office.get("/v1/documents?state=rejected")).json()["documents"]
    assert listed["document"] == refused.json()["document"]
    assert (listed["messageId"], listed["codes"]) == ("m-1", {"total-not-sum": 1})
    pages = await office.get(f"/v1/documents/{listed['document']}/refusals")
    assert pages.json() == {"refused": refused.json()["errors"], "next": None}
    assert (await post(office, single(1))).status_code == 201
    assert (await office.get("/v1/documents?state=rejected")).json()["documents"] == []
    assert await count(hub, "document") == 2


async def test_xml_callers_get_xml_that_follows_its_published_schema(office: httpx.AsyncClient) -> None:
    schema = etree.XMLSchema(etree.fromstring(files("hub.entrypoints.http").joinpath("answer.xsd").read_bytes()))
    accepted = await post(office, single(1), accept="text/xml")
    refused = await post(office, single(2, total="1.00"), accept="application/xml, application/json;q=0.5")
    for answer in (accepted, refused):
        assert answer.headers["content-type"] == "application/xml"
        schema.assertValid(etree.fromstring(answer.content))
    name = "{urn:be:mediationhub:answer:1}"
    root = etree.fromstring(refused.content)
    assert root.findtext(f"{name}code") == "not-valid"
    assert root.find(f"{name}refused") is not None


async def test_strangers_and_revoked_keys_are_refused(hub: Hub, office: httpx.AsyncClient) -> None:
    for header in ("", "Bearer nonsense", "Bearer hub_0123456789abcdef_" + "A" * 43, "Basic abc"):
        answer = await office.post(DOCUMENTS, content=single(1), headers={"authorization": header})
        assert answer.status_code == 401
        assert "bearer" in answer.headers["www-authenticate"].lower()
    handle, text = await hub.institutions.key("etude-001", ["cia"], [])
    mine = {"authorization": f"Bearer {text}"}
    assert (await office.get("/v1/documents", headers=mine)).status_code == 200
    await hub.institutions.revoke(handle)

    async def refused() -> bool:
        return (await office.get("/v1/documents", headers=mine)).status_code == 401

    await until(refused, within=8)


async def test_key_opens_its_own_connector_for_its_own_institution_only(hub: Hub, office: httpx.AsyncClient) -> None:
    other = await key_of(hub, "cpas-1", "cpas")
    fca = await office.post("/v1/connectors/fca/documents", content=single(1), headers={"content-type": "text/xml"})
    nowhere = await office.post("/v1/connectors/x/documents", content=single(1), headers={"content-type": "text/xml"})
    foreign = await post(office, single(1, office="etude-002"))
    stranger = await post(office, single(1), **other)
    codes = [answer.json()["code"] for answer in (fca, nowhere, foreign, stranger)]
    assert codes == ["connector-not-granted", "connector-unknown", "sender-not-you", "connector-not-granted"]
    assert [answer.status_code for answer in (fca, nowhere, foreign, stranger)] == [403, 404, 403, 403]


async def test_documents_are_read_by_their_sender_alone(hub: Hub, office: httpx.AsyncClient) -> None:
    document = (await post(office, single(1))).json()["document"]
    other = await key_of(hub, "etude-002", "office", ["cia"])
    for path in (f"/v1/documents/{document}", f"/v1/documents/{document}/refusals", f"/v1/receipts/{document}"):
        assert (await office.get(path)).status_code == 200
        assert (await office.get(path, headers=other)).status_code == 404
    assert (await office.get("/v1/documents", headers=other)).json() == {"documents": [], "next": None}


async def test_list_of_documents_is_paged_without_loss(office: httpx.AsyncClient) -> None:
    await asyncio.gather(*(post(office, single(n)) for n in range(25)))
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        params = {"limit": "10", **({"after": cursor} if cursor else {})}
        page = (await office.get("/v1/documents", params=params)).json()
        seen += [one["messageId"] for one in page["documents"]]
        cursor = page["next"]
    assert sorted(seen) == sorted(f"m-{n}" for n in range(25))

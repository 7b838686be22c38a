"""Documents by SOAP 1.1 and 1.2: the same steps, the same receipt, faults as exact as problems."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import zeep
from lxml import etree
from requests import Session
from zeep.transports import Transport

from connectors import CONNECTORS
from hub.adapters.soap.signature import Signer
from hub.bootstrap.hub import Hub
from hub.bootstrap.signatures import soap_opener
from sandbox.bcss.authority import Authority
from tests.integration.intake_documents import niss_of, single
from tests.integration.intake_parts import count, door, key_of, post
from tests.integration.soap_clients import called, ensured
from tests.support.documents import notice

pytestmark = pytest.mark.integration
SOAP = "/v1/connectors/cia/soap"
NAMESPACES = {
    "1.1": "http://schemas.xmlsoap.org/soap/envelope/",
    "1.2": "http://www.w3.org/2003/05/soap-envelope",
}
TYPES = {"1.1": "text/xml; charset=utf-8", "1.2": "application/soap+xml; charset=utf-8"}
ANSWER = "{urn:be:mediationhub:answer:1}"
VERSIONS = pytest.mark.parametrize("version", ["1.1", "1.2"])


@pytest.fixture
async def office(hub: Hub) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the key of an office."""
    async with door(hub, await key_of(hub, "etude-001", "office", ["cia"])) as client:
        yield client


def envelope(document: bytes, version: str, header: str = "") -> bytes:
    soap = NAMESPACES[version]
    return (
        f'<s:Envelope xmlns:s="{soap}"><s:Header>{header}</s:Header>\n<s:Body>{document.decode()}</s:Body></s:Envelope>'
    ).encode()


async def call(client: httpx.AsyncClient, body: bytes, version: str, **headers: str) -> httpx.Response:
    return await client.post(SOAP, content=body, headers={"content-type": TYPES[version], **headers})


def claim(n: int, message_id: str, *, total: str = "1564.73") -> dict[str, object]:
    """A claim as clients of the WSDL build it."""
    heads = {"principal": "1250.00", "interest": "37.42", "clientCosts": "65.00", "bailiffCosts": "212.31"}
    return {
        "messageId": message_id,
        "sender": "etude-001",
        "sentAt": "2026-01-15T09:30:00+01:00",
        "office": "etude-001",
        "reference": f"C-{n:06d}",
        "version": "1",
        "phase": "judicial",
        "total": total,
        "Debtor": {"niss": niss_of(n), "name": "Exemple", "firstName": "Pierre"},
        "Creditor": {"name": "Energie Exemple SA", "enterpriseNumber": "0123456551"},
        "Client": {"name": "Recouvrement Exemple", "reference": f"K-{n}"},
        "Payment": {"iban": "BE26138000001729", "kind": "ogm", "reference": "099000001772"},
        "Contact": {"name": "Service gestion", "email": "gestion@etude-001.example"},
        "Heads": heads,
        "Line": [{"performedOn": "2025-03-01", "invoice": f"F-{n}", **heads}],
    }


@VERSIONS
async def test_document_in_a_body_has_its_receipt_and_again_no_second_effect(
    hub: Hub, office: httpx.AsyncClient, version: str
) -> None:
    first = await call(office, envelope(single(1), version), version)
    again = await call(office, envelope(single(1), version, "<x xmlns='urn:x'>other</x>"), version)

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.headers["content-type"] == TYPES[version]
    assert first.content == again.content
    answer = etree.fromstring(first.content).find(f".//{ANSWER}answer")
    assert answer is not None
    assert answer.findtext(f"{ANSWER}state") == "accepted"
    receipt = answer.findtext(f"{ANSWER}receiptId")
    assert (await office.get(f"/v1/receipts/{receipt}")).json()["receipt"] == answer.findtext(f"{ANSWER}receipt")
    assert await count(hub, "outbox") == 1


@VERSIONS
async def test_refusal_is_a_fault_with_line_xpath_and_rule_in_the_callers_language(
    office: httpx.AsyncClient, version: str
) -> None:
    answer = await call(office, envelope(single(1, total="1.00"), version), version, **{"accept-language": "nl"})

    root = etree.fromstring(answer.content)
    refused = root.find(f".//{ANSWER}refused")
    assert answer.status_code == (500 if version == "1.1" else 400)
    assert refused is not None
    assert (refused.get("line"), refused.get("xpath"), bool(refused.text)) == ("3", "/Claim/@total", True)
    assert root.findtext(f".//{ANSWER}title") == "Geweigerd"
    if version == "1.1":
        assert root.findtext(".//faultcode") == "soap:Client"
    else:
        codes = [one.text for one in root.iterfind(".//{http://www.w3.org/2003/05/soap-envelope}Value")]
        assert codes == ["soap:Sender", "rule:" + str(root.findtext(f".//{ANSWER}code"))]


@VERSIONS
@pytest.mark.parametrize(
    ("code", "fault", "body"),
    [
        ("soap-version", "VersionMismatch", "<Envelope xmlns='urn:other'/>"),
        ("soap-must-understand", "MustUnderstand", None),
        ("soap-body", None, "<s:Envelope xmlns:s='{soap}'><s:Body/></s:Envelope>"),
        ("dtd-forbidden", None, "<!DOCTYPE x [<!ENTITY a 'b'>]><s:Envelope xmlns:s='{soap}'/>"),
        ("not-wellformed", None, "<s:Envelope xmlns:s='{soap}'>"),
        ("empty", None, ""),
    ],
)  # fmt: skip
async def test_envelope_that_is_none_is_refused_as_the_specification_says(
    hub: Hub, office: httpx.AsyncClient, *, version: str, code: str, fault: str | None, body: str | None
) -> None:
    soap = NAMESPACES[version]
    needed = f"<x xmlns='urn:x' xmlns:s='{soap}' s:mustUnderstand='1'/>"
    given = envelope(single(1), version, needed) if body is None else body.replace("{soap}", soap).encode()

    answer = await call(office, given, version)

    root = etree.fromstring(answer.content)
    assert root.findtext(f".//{ANSWER}code") == code
    said = root.findtext(".//faultcode") or root.findtext(".//{http://www.w3.org/2003/05/soap-envelope}Value")
    assert said == "soap:" + (fault or ("Client" if version == "1.1" else "Sender"))
    assert await count(hub, "document") == 0


@VERSIONS
async def test_signature_that_is_there_is_verified_and_a_document_without_one_is_taken_too(
    hub: Hub, office: httpx.AsyncClient, tmp_path: Path, version: str
) -> None:
    authority = Authority("partners")
    identity, anchors = authority.identity("etude-001"), authority.write(tmp_path)
    signer = Signer(key=identity.key, certificate=identity.certificate)
    http = hub.settings.http.model_copy(update={"soap_anchors": anchors})
    settings = hub.settings.model_copy(update={"http": http})
    opener = soap_opener(settings, CONNECTORS, lambda: datetime.now(UTC))

    def signed(document: bytes) -> bytes:
        return etree.tostring(signer.sign(etree.fromstring(envelope(document, version)), datetime.now(UTC)))

    async with door(hub, dict(office.headers), open_soap=opener) as client:
        good = await call(client, signed(single(1)), version)
        changed = await call(client, signed(single(2)).replace(b"C-000002", b"C-000003"), version)
        plain = await call(client, envelope(single(4), version), version)

    assert (good.status_code, plain.status_code) == (200, 200)
    assert etree.fromstring(changed.content).findtext(f".//{ANSWER}code") == "signature-refused"
    assert await count(hub, "document") == 2
    unread = etree.fromstring((await call(office, signed(single(5)), version)).content)
    assert unread.findtext(f".//{ANSWER}code") == "soap-must-understand"


@VERSIONS
async def test_caller_without_a_key_is_asked_for_one(hub: Hub, version: str) -> None:
    async with door(hub) as stranger:
        answer = await call(stranger, envelope(single(1), version), version)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic ")
    assert etree.fromstring(answer.content).findtext(f".//{ANSWER}code") == "key-missing"


@VERSIONS
async def test_notice_of_the_chamber_has_its_receipt_by_soap_too(hub: Hub, version: str) -> None:
    async with door(hub, await key_of(hub, "fca", "fca", ["fca"])) as chamber:
        body, headers = envelope(notice("n-1", 1, "etude-001"), version), {"content-type": TYPES[version]}
        first, again = [await chamber.post("/v1/connectors/fca/soap", content=body, headers=headers) for _ in range(2)]
        wsdl = etree.fromstring((await chamber.get("/v1/connectors/fca/soap?wsdl")).content)

    answer = etree.fromstring(first.content).find(f".//{ANSWER}answer")
    assert answer is not None
    assert answer.findtext(f"{ANSWER}state") == "accepted"
    assert again.content == first.content
    assert await count(hub, "outbox") == 1
    described = {one.get("name") for one in wsdl.iterfind("{*}portType/{*}operation")}
    assert {"Notice", "Strike"} <= described


async def test_document_by_soap_and_by_post_is_one_document_only_with_the_same_bytes(office: httpx.AsyncClient) -> None:
    await call(office, envelope(single(1), "1.1"), "1.1")

    assert (await post(office, single(1))).status_code == 409  # the canonical form is not what was posted


@VERSIONS
async def test_zeep_calls_from_the_wsdl_alone(hub: Hub, office: httpx.AsyncClient, version: str) -> None:
    key = office.headers["authorization"].removeprefix("Bearer hub_")
    address = f"{office.base_url}{SOAP}?wsdl"

    def zeeps() -> tuple[str, str]:
        with Session() as session:
            handle, _, secret = key.partition("_")
            session.auth = (handle, secret)
            transport = Transport(session=session)  # type: ignore[no-untyped-call]  # zeep has no types
            client = zeep.Client(address, transport=transport)  # type: ignore[no-untyped-call]
            service = client.bind("cia", "Soap11" if version == "1.1" else "Soap12")
            accepted = service.Claim(**claim(1, "zeep-1"))
            with pytest.raises(zeep.exceptions.Fault) as refused:
                service.Claim(**claim(2, "zeep-2", total="1.00"))
            return accepted.state, str(refused.value.message)

    state, text = await asyncio.to_thread(zeeps)

    assert (state, bool(text)) == ("accepted", True)
    assert await count(hub, "outbox") == 1


@VERSIONS
async def test_soap_client_of_php_calls_from_the_wsdl_alone(
    hub: Hub, office: httpx.AsyncClient, version: str, tmp_path: Path
) -> None:
    await asyncio.to_thread(ensured, "php")
    handle, _, secret = office.headers["authorization"].removeprefix("Bearer hub_").partition("_")
    said = {"WSDL": f"{office.base_url}{SOAP}?wsdl", "KEY_ID": handle, "KEY_SECRET": secret, "SOAP": version}

    accepted, refused = [
        json.loads(await asyncio.to_thread(called, "php", tmp_path, CLAIM=json.dumps(one), **said))
        for one in (claim(1, "php-1"), claim(2, "php-2", total="1.00"))
    ]

    assert accepted["state"] == "accepted"
    assert refused["fault"].rpartition(":")[2] == ("Client" if version == "1.1" else "Sender")
    assert refused["detail"]["problem"]["refused"].startswith("The total is not the sum of the heads")
    assert await count(hub, "outbox") == 1


def taken_apart(document: bytes) -> str:
    """An element as SOAP::Lite takes it: its name, its attributes, what is inside."""
    root = etree.fromstring(document)
    name = etree.QName(root)
    inner = b"".join(etree.tostring(child, with_tail=False) for child in root).decode()
    return json.dumps({"name": name.localname, "attributes": {"xmlns": name.namespace, **root.attrib}, "inner": inner})


async def test_soap_lite_of_perl_calls_from_the_wsdl_alone(hub: Hub, office: httpx.AsyncClient, tmp_path: Path) -> None:
    await asyncio.to_thread(ensured, "perl")
    handle, _, secret = office.headers["authorization"].removeprefix("Bearer hub_").partition("_")
    said = {"WSDL": f"{office.base_url}{SOAP}?wsdl", "KEY_ID": handle, "KEY_SECRET": secret, "SOAP": "1.1"}

    accepted, refused = [
        json.loads(await asyncio.to_thread(called, "perl", tmp_path, DOCUMENT=taken_apart(one), **said))
        for one in (single(1), single(2, total="1.00"))
    ]

    assert accepted["state"] == "accepted"
    assert refused["fault"].rpartition(":")[2] == "Client"
    assert await count(hub, "outbox") == 1

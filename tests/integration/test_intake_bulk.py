"""Bulk documents: good items go on, bad ones are listed, memory stays bounded."""

import gzip
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from hub.bootstrap.hub import Hub
from hub.bootstrap.receipts import opened_receipt
from tests.integration.intake_documents import niss_of, synchronisation
from tests.integration.intake_parts import DOCUMENTS, count, door, key_of, post

pytestmark = pytest.mark.integration


@pytest.fixture
async def office(hub: Hub) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the key of an office; three refused items make a page, thirty are too many."""
    limits = replace(hub.limits, page=3, refused=30)
    hub.__dict__["limits"] = limits
    async with door(hub, await key_of(hub, "etude-001", "office", ["cia"])) as client:
        yield client


async def test_synchronisation_is_one_document_with_all_its_events(hub: Hub, office: httpx.AsyncClient) -> None:
    body = b"".join(synchronisation(1500))
    answer = await post(office, body)
    assert answer.status_code == 201
    assert (answer.json()["state"], answer.json()["events"]) == ("accepted", 1501)
    assert await count(hub, "outbox") == 1501
    assert await count(hub, "document_slice") == 1500
    claims = opened_receipt(answer.json()["receipt"], hub.signer.key_set())
    assert claims is not None
    assert claims["eventCount"] == 1501
    assert "events" not in claims
    again = await post(office, body)
    assert (again.status_code, again.json()) == (200, answer.json())
    assert await count(hub, "outbox") == 1501


async def test_slices_of_each_person_open_under_her_key(hub: Hub, office: httpx.AsyncClient) -> None:
    answer = await post(office, b"".join(synchronisation(3)))
    rows = await hub.database.pool.fetch("SELECT * FROM document_slice ORDER BY n")
    assert [row["subject"] for row in rows] == [hub.vault.subject_of(niss_of(n)) for n in range(3)]
    parts = [(row["subject"], row["document"].bytes + row["n"].to_bytes(4, "big"), row["box"]) for row in rows]
    opened = await hub.vault.open_parts(parts)
    assert all(niss_of(n).encode() in (plain or b"") for n, plain in enumerate(opened))
    assert str(rows[0]["document"]) == answer.json()["document"]


async def test_bad_items_are_listed_and_good_ones_go_on(office: httpx.AsyncClient) -> None:
    bad = frozenset({2, 5, 6, 40, 99})
    body = b"".join(synchronisation(100, bad=bad)).replace(b'phase="judicial"', b'phase="nonsense"', 1)
    answer = await post(office, body)
    said = answer.json()
    assert answer.status_code == 201
    assert (said["state"], said["events"], said["refusedCount"]) == ("partial", 95, 6)
    assert [one["item"] for one in said["refused"]] == [1, 3, 6]
    first, second, _ = said["refused"]
    assert (first["code"], first["xpath"]) == ("xsd", "/Synchronisation/Entry[1]/Claim/@phase")
    assert (second["code"], second["xpath"]) == ("total-not-sum", "/Synchronisation/Entry[3]/Claim/@total")
    assert second["reference"] == "sync-1-000002"
    assert body.split(b"\n")[second["line"] - 1].lstrip().startswith((b"phase=", b"<Claim"))
    rest = (await office.get(f"{said['refusals']}?after=1")).json()
    assert [one["item"] for one in rest["refused"]] == [7, 41, 100]
    assert rest["next"] is None
    again = (await post(office, body)).json()
    assert again == said


async def test_atomic_bulk_accepts_nothing_when_one_item_is_bad(hub: Hub, office: httpx.AsyncClient) -> None:
    body = b"".join(synchronisation(20, bad=frozenset({3})))
    answer = await office.post(f"{DOCUMENTS}?atomic=true", content=body, headers={"content-type": "text/xml"})
    assert answer.status_code == 422
    assert (answer.json()["code"], answer.json()["refusedCount"]) == ("atomic", 1)
    assert await count(hub, "outbox") == 0
    (listed,) = (await office.get("/v1/documents?state=rejected")).json()["documents"]
    assert (listed["messageId"], listed["refusedCount"]) == ("sync-1", 1)
    corrected = b"".join(synchronisation(20))
    answer = await office.post(f"{DOCUMENTS}?atomic=true", content=corrected, headers={"content-type": "text/xml"})
    assert (answer.status_code, answer.json()["state"]) == (201, "accepted")


async def test_bulk_of_which_nothing_is_good_is_refused_with_every_page_of_findings(
    hub: Hub, office: httpx.AsyncClient
) -> None:
    answer = await post(office, b"".join(synchronisation(7, bad=frozenset(range(7)))))
    assert (answer.status_code, answer.json()["code"]) == (422, "nothing-accepted")
    assert (answer.json()["refusedCount"], len(answer.json()["errors"])) == (7, 3)
    path = f"/v1/documents/{answer.json()['document']}/refusals"
    items, after = [], 0
    while after is not None:
        page = (await office.get(f"{path}?after={after}")).json()
        items += [one["item"] for one in page["refused"]]
        after = page["next"]
    assert items == [1, 2, 3, 4, 5, 6, 7]
    assert await count(hub, "outbox") == 0


async def test_gap_in_the_senders_numbers_is_told_and_the_document_accepted_all_the_same(
    office: httpx.AsyncClient,
) -> None:
    gaps = []
    for sequence in (1, 2, 5, 9, 3):
        body = b"".join(synchronisation(1, message_id=f"s-{sequence}", sequence=sequence))
        answer = await post(office, body)
        assert answer.status_code == 201
        gaps.append(answer.json()["gap"])
    assert gaps == [
        {"expected": 1, "received": 1, "missing": []},
        {"expected": 2, "received": 2, "missing": []},
        {"expected": 3, "received": 5, "missing": [[3, 4]]},
        {"expected": 6, "received": 9, "missing": [[3, 4], [6, 8]]},
        {"expected": 10, "received": 3, "missing": [[4, 4], [6, 8]]},
    ]


async def test_gzip_is_one_more_form_of_the_same_bytes(office: httpx.AsyncClient) -> None:
    packed = gzip.compress(b"".join(synchronisation(300)), mtime=0)
    answer = await post(office, packed, content_encoding="gzip")
    assert (answer.status_code, answer.json()["events"]) == (201, 301)
    assert (await post(office, packed, content_type="application/gzip")).status_code == 200


async def test_bulk_with_too_many_bad_items_is_not_read_to_its_end(hub: Hub, office: httpx.AsyncClient) -> None:
    answer = await post(office, b"".join(synchronisation(1200, bad=frozenset(range(0, 1200, 3)))))
    assert (answer.status_code, answer.json()["code"]) == (422, "too-many-refused")
    assert 30 < answer.json()["refusedCount"] < 150
    assert await count(hub, "outbox") == 0
    (listed,) = (await office.get("/v1/documents?state=rejected")).json()["documents"]
    assert listed["codes"]["total-not-sum"] == answer.json()["refusedCount"]


@pytest.mark.parametrize(
    ("junk", "code"),
    [
        (b"<Entry/>", "nothing-accepted"),
        (b"<Stranger/>", "not-valid"),
        (b"text", "not-valid"),
        (b"<Wrapper><Entry/></Wrapper>", "not-valid"),
    ],
)
async def test_what_is_no_item_is_refused(office: httpx.AsyncClient, junk: bytes, code: str) -> None:
    head, tail = synchronisation(0)
    answer = await post(office, head + junk + tail)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_stranger_between_items_refuses_the_document(hub: Hub, office: httpx.AsyncClient) -> None:
    pieces = list(synchronisation(200))
    pieces.insert(100, b"<Stranger/>")
    answer = await post(office, b"".join(pieces))
    assert (answer.status_code, answer.json()["code"]) == (422, "not-valid")
    assert await count(hub, "outbox") == 0

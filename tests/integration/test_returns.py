"""A document that cannot be handled goes back to its sender, signed; the correction takes its place and closes it."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import httpx
import pytest

from hub.application.dead_letters.job_ports import Job, JobRefusedError
from hub.application.envelope import kafka_headers
from hub.application.ports import Record
from hub.bootstrap.hub import Hub
from hub.bootstrap.receipts import opened_receipt
from tests.integration.intake_parts import count, door, key_of
from tests.support import documents

pytestmark = pytest.mark.integration
GROUP, FCA = "hub.notices", "/v1/connectors/fca/documents"
CODE = {"code": "return-earlier-missing", "where": "/Strike/@number"}


@pytest.fixture
async def fca(hub: Hub) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the key of the Chamber."""
    async with door(hub, await key_of(hub, "fca", "fca", ["fca"])) as client:
        yield client


async def sent(client: httpx.AsyncClient, body: bytes, **headers: str) -> httpx.Response:
    return await client.post(FCA, content=body, headers={"content-type": "application/xml", **headers})


async def relayed(hub: Hub, group: str = GROUP) -> None:
    """What the outbox holds reaches the group."""
    rows = await hub.database.pool.fetch("DELETE FROM outbox RETURNING seq, topic, key, headers, value")
    records = [
        Record(
            topic=row["topic"],
            partition=0,
            offset=row["seq"],
            timestamp=0,
            key=row["key"].encode(),
            value=row["value"],
            headers=tuple(kafka_headers(row["headers"])),
        )
        for row in sorted(rows, key=lambda row: int(row["seq"]))
        if not row["topic"].endswith("-dlq") and row["topic"] != "dead-letters"
    ]
    await hub.consume(group).handle(records)


async def failed_strike(hub: Hub, fca: httpx.AsyncClient) -> UUID:
    """A strike of an unknown notice of person 1; a later registration waits behind it."""
    assert (await sent(fca, documents.strike("s-1", 1, number="2026-999999"))).status_code == 201
    assert (await sent(fca, documents.notice("n-1", 1, "etude-001"))).status_code == 201
    await relayed(hub)
    letter: UUID = await hub.database.pool.fetchval("SELECT id FROM dead_letter")
    return letter


async def returned(hub: Hub, letter: UUID) -> Job:
    plan = await hub.plans.make([letter], verb="return", who="anna", options=CODE)
    job = await hub.jobs.ask(plan.id, who="anna", reason="the number is unknown")
    await hub.run_jobs.once()
    return await hub.jobs.found(job.id)


async def test_return_to_sender_is_answered_by_a_corrected_document_that_closes_the_letter(
    hub: Hub, fca: httpx.AsyncClient
) -> None:
    letter = await failed_strike(hub, fca)

    assert (await returned(hub, letter)).state == "done"
    (told,) = (await fca.get("/v1/returns", headers={"accept-language": "nl"})).json()["returns"]
    claims = opened_receipt(told["rejection"], (await fca.get("/v1/keys")).json())
    correction = documents.strike("s-2", 1, number="2026-000001")
    answer = await sent(fca, correction, corrects=str(letter))
    await relayed(hub)
    closed = await hub.correct.once()

    assert (told["reference"], told["state"], told["code"]) == (str(letter), "returned", CODE["code"])
    assert told["text"].startswith("Dit document veronderstelt")
    assert claims is not None
    assert (claims["reference"], claims["where"], set(claims["text"])) == (
        str(letter), CODE["where"], {"fr", "nl", "de", "en"}
    )  # fmt: skip
    assert (answer.status_code, closed) == (201, 1)
    row = await hub.database.pool.fetchrow("SELECT state, replaced_by FROM dead_letter WHERE id = $1", letter)
    assert row is not None
    assert row["state"] == "corrected"
    assert await count(hub, "timeline", f"event_id = '{row['replaced_by']}'") == 1
    assert (await fca.get("/v1/returns")).json()["returns"] == []
    assert (await fca.get(f"/v1/returns/{letter}")).json()["document"] == answer.json()["document"]


async def test_correction_is_handled_in_the_letters_place_before_what_waited_behind_it(
    hub: Hub, fca: httpx.AsyncClient
) -> None:
    """A registration takes the place of the strike, so the second registration follows it."""
    letter = await failed_strike(hub, fca)
    await returned(hub, letter)
    await sent(fca, documents.notice("n-0", 1, "etude-001", number="2026-999999"), corrects=str(letter))
    await relayed(hub)

    assert await hub.correct.once() == 1

    order = await hub.database.pool.fetch("SELECT value FROM timeline WHERE consumer_group = $1 ORDER BY seq", GROUP)
    assert [b"2026-999999" in row[0] for row in order] == [True, False]
    assert await count(hub, "parked_key") == await count(hub, "parked_record") == 0


async def test_correction_about_another_person_releases_the_first_ones_dossier(
    hub: Hub, fca: httpx.AsyncClient
) -> None:
    letter = await failed_strike(hub, fca)
    await returned(hub, letter)
    await sent(fca, documents.notice("n-2", 2, "etude-001"), corrects=str(letter))
    await relayed(hub)

    assert await hub.correct.once() == 1
    assert await count(hub, "parked_key") == 0
    assert await count(hub, "projection_notice") == 2


async def test_correction_that_fails_too_becomes_a_letter_of_its_own(hub: Hub, fca: httpx.AsyncClient) -> None:
    letter = await failed_strike(hub, fca)
    await returned(hub, letter)
    await sent(fca, documents.strike("s-3", 1, number="2026-888888"), corrects=str(letter))
    await relayed(hub)

    assert await hub.correct.once() == 1
    assert await count(hub, "dead_letter", "state = 'waiting'") == 1
    assert await count(hub, "dead_letter", "state = 'corrected'") == 1
    assert await count(hub, "parked_key") == 1
    assert await count(hub, "projection_notice") == 1


async def test_correction_of_nothing_of_somebody_elses_and_of_what_was_corrected_is_refused(
    hub: Hub, fca: httpx.AsyncClient
) -> None:
    letter = await failed_strike(hub, fca)
    correction = documents.notice("n-9", 1, "etude-001", number="2026-777777")
    for reference in (str(letter), str(uuid4()), "no-reference"):
        answer = await sent(fca, correction, corrects=reference)
        assert (answer.status_code, answer.json()["code"]) == (422, "correction-unknown")
    await returned(hub, letter)
    async with door(hub, await key_of(hub, "fca-2", "fca", ["fca"])) as other:
        assert (await other.get(f"/v1/returns/{letter}")).status_code == 404
        assert (await sent(other, correction, corrects=str(letter))).json()["code"] in {
            "correction-unknown", "sender-not-you"
        }  # fmt: skip
    assert (await sent(fca, correction, corrects=str(letter))).status_code == 201
    again = await sent(fca, documents.notice("n-10", 1, "etude-001", number="2026-777778"), corrects=str(letter))
    assert again.json()["code"] == "correction-unknown"


async def test_letter_whose_partner_was_revoked_or_that_has_no_sender_cannot_be_returned(
    hub: Hub, fca: httpx.AsyncClient
) -> None:
    letter = await failed_strike(hub, fca)
    await hub.institutions.revoke("fca")

    plan = await hub.plans.make([letter], verb="return", who="anna", options=CODE)
    (row,) = await hub.plans.letters(plan.id)
    with pytest.raises(JobRefusedError) as refused:
        await hub.jobs.ask(plan.id, who="anna", reason="back")

    assert (row["verdict"], row["reason"]) == ("cannot be replayed now", "institution-revoked")
    assert refused.value.rule == "job-empty"
    assert await count(hub, "dead_letter", "state = 'waiting'") == 1
    with pytest.raises(JobRefusedError, match="say what the sender is told"):
        await hub.plans.make([letter], verb="return", who="anna", options={"code": "nonsense"})


async def test_archived_letter_expires_its_body_goes_and_its_dossier_is_released(
    hub: Hub, fca: httpx.AsyncClient
) -> None:
    letter = await failed_strike(hub, fca)
    plan = await hub.plans.make([letter], verb="archive", who="anna")
    await hub.jobs.ask(plan.id, who="anna", reason="old")
    await hub.run_jobs.once()
    assert await hub.expire_archived.once() == 0
    await hub.database.pool.execute("UPDATE dead_letter SET expires_at = now() - interval '1 day'")

    assert await hub.expire_archived.once() == 1

    row = await hub.database.pool.fetchrow("SELECT state, value, reason FROM dead_letter")
    assert row is not None
    assert (row["state"], row["value"]) == ("expired", None)
    assert await count(hub, "parked_key") == 0
    assert await count(hub, "projection_notice") == 1
    assert await count(hub, "audit", "verb = 'expire'") == 1
    assert await hub.expire_archived.once() == 0

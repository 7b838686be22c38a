"""Mutations come in signed, for whom the recipient integrated alone; they are told, and answers become stale."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from hub.adapters.postgres.answers import PostgresAnswers
from hub.adapters.postgres.bank_calls import PostgresGates
from hub.application.consult.read_answers import ReadAnswers
from hub.application.intake.refusals import NotPermittedError
from hub.bootstrap.hub import Hub
from hub.entrypoints.folders import WatchedFolders
from hub.settings import BcssSettings, PersonsSettings, Settings
from sandbox.bcss.authority import Authority
from sandbox.bcss.pusher import Change, Mutation, Pusher
from schemas.consultations import ConsultFlow
from schemas.mutations import PersonMutationNotified
from schemas.persons import RequestIntegration
from tests.integration.counter import CPAS, NISS, Counter
from tests.integration.intake_parts import count, door, key_of
from tests.integration.test_answers import caller
from tests.integration.test_returns import relayed
from tests.support import documents
from tests.support.fake_bank import FakeBank

pytestmark = pytest.mark.integration
AUTHORITY = Authority()
BANK, COLLEAGUE = AUTHORITY.identity("bank"), AUTHORITY.identity("colleague")
DAY = "2026-03-05"
NEW = documents.niss_of(4711)


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    certificate, _ = BANK.write(tmp_path / "keys", "bank")
    bcss = BcssSettings(anchors=AUTHORITY.write(tmp_path / "keys"), mutation_certificates=certificate)
    persons = PersonsSettings(file_needed=False, legal_contexts="income/31=PCSA:DEBT_RECOVERY")
    return settings.model_copy(update={"persons": persons, "bcss": bcss})


@pytest.fixture
def counter(hub: Hub, tmp_path: Path) -> Counter:
    return Counter(hub, FakeBank(tmp_path / "books.json"))


@pytest.fixture
async def bcss(hub: Hub) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the key of the bank."""
    async with door(hub, await key_of(hub, "bcss", "bcss", ["mutations"])) as client:
        yield client


def mutation(order: int = 1, kind: str = "DECEASE", *, niss: str = NISS, **more: Any) -> Mutation:
    change = Change(kind=kind, effective=DAY, replacing=more.pop("replacing", ""))
    return Mutation(recipient=CPAS, niss=niss, order=order, changes=(change,), **more)


async def integrated(counter: Counter) -> None:
    await counter.say(RequestIntegration(cpas=CPAS))
    await counter.run()
    assert counter.facts("integration.registered")


async def told(hub: Hub, name: str = "person.mutated") -> list[dict[str, Any]]:
    """What stands of mutations in the feed of the CPAS."""
    await relayed(hub, "hub.persons")
    rows = await hub.database.pool.fetch(
        "SELECT type, value FROM feed WHERE institution = $1 AND type LIKE $2 ORDER BY seq", CPAS, f"%.{name}.%"
    )
    return [json.loads(row["value"]) for row in rows]


async def test_signed_mutation_reaches_the_feed_once_and_what_is_not_signed_by_the_bank_is_refused(
    hub: Hub, counter: Counter, bcss: httpx.AsyncClient
) -> None:
    await integrated(counter)
    one = mutation()

    taken = [await Pusher(BANK).push(bcss, one) for _ in range(2)]
    foreign = await Pusher(COLLEAGUE).push(bcss, mutation(2))
    plain = await bcss.post(
        "/v1/connectors/mutations/documents",
        content=mutation(3).xml("bcss").encode(),
        headers={"content-type": "application/xml"},
    )
    unsigned = await bcss.post(
        "/v1/connectors/mutations/soap",
        content=f'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>{mutation(4).xml("bcss")}'
        "</s:Body></s:Envelope>",
        headers={"content-type": "text/xml"},
    )

    assert [answer.status_code for answer in taken] == [200, 200], taken[0].text
    receipts = [re.findall(r"[\w-]{20,}\.[\w-]+\.[\w-]+", answer.text) for answer in taken]
    assert receipts[0] == receipts[1] != []
    assert "certificate-not-pinned" in foreign.text
    assert (plain.status_code, plain.json()["code"]) == (403, "signature-missing")
    assert "header-not-one" in unsigned.text
    (fact,) = await told(hub)
    assert (fact["order"], fact["task"], fact["notification"]) == (1, "deceased", str(one.notification))
    assert await count(hub, "dead_letter") == 0
    wsdl = await bcss.get("/v1/connectors/mutations/soap?wsdl")
    assert b"Mutation" in wsdl.content


async def test_mutation_posted_as_an_event_is_refused_for_nobody_signed_it(hub: Hub, counter: Counter) -> None:
    await integrated(counter)
    data = {"cpas": CPAS, "notification": str(uuid4()), "order": 1, "source": "RN", "niss": NISS}
    change = {"kind": "DECEASE", "effective": DAY}
    event = {
        "specversion": "1.0",
        "id": "unsigned",
        "source": "/bcss",
        "type": PersonMutationNotified.type,
        "data": {**data, "changes": [change]},
    }
    key = await key_of(hub, "bcss", "bcss", ["mutations"], [PersonMutationNotified.type])
    async with door(hub, key) as bcss:
        answer = await bcss.post("/v1/events", json=event, headers={"content-type": "application/cloudevents+json"})

    assert (answer.status_code, answer.json()["code"]) == (403, "signature-missing")
    assert await count(hub, "outbox") == 0


async def test_mutation_of_whom_the_cpas_has_not_integrated_leaves_nothing_but_its_id_and_may_come_again(
    hub: Hub, counter: Counter, bcss: httpx.AsyncClient
) -> None:
    one = mutation()
    early = await Pusher(BANK).push(bcss, one)
    assert "NOT_INTEGRATED" in early.text
    row = await hub.database.pool.fetchrow("SELECT state, message_id FROM document")
    assert row is not None
    assert tuple(row) == ("rejected", str(one.notification))
    for table in ("document_chunk", "dead_letter", "outbox", "person_key"):
        assert await count(hub, table) == 0, table

    await integrated(counter)
    assert (await Pusher(BANK).push(bcss, one)).status_code == 200
    assert len(await told(hub)) == 1


async def test_answer_is_stale_after_a_mutation_and_a_new_consultation_is_shown(
    hub: Hub, counter: Counter, bcss: httpx.AsyncClient
) -> None:
    await integrated(counter)
    await counter.say(ConsultFlow(cpas=CPAS, flow="income"))
    await counter.run()
    reader = ReadAnswers(
        PostgresAnswers(hub.database),
        gates=PostgresGates(hub.database),
        vault=hub.vault,
        clock=counter.clock,
        rules=hub.gate_rules,
    )
    answers = [UUID(one["answer"]) for one in counter.facts("flow.answered")]
    await reader.one(caller(), answers[0], "repayment plan")

    await Pusher(BANK).push(bcss, mutation(1, "PENSION"))
    await relayed(hub, "hub.persons")
    await reader.one(caller(), answers[0], "repayment plan")  # another flow's
    await Pusher(BANK).push(bcss, mutation(2, "DECEASE"))
    await relayed(hub, "hub.persons")
    with pytest.raises(NotPermittedError) as refused:
        await reader.one(caller(), answers[0], "repayment plan")
    assert refused.value.rule == "answer-stale"

    await hub.database.pool.execute("UPDATE projection_flow_mutation SET mutated_at = '2026-03-02'")  # counter's today
    counter.clock.now += timedelta(hours=1)
    await counter.say(ConsultFlow(cpas=CPAS, flow="income"))
    await counter.run()
    fresh = UUID(counter.facts("flow.answered")[-1]["answer"])
    assert (await reader.one(caller(), fresh, "repayment plan")).content is not None


async def swept(hub: Hub, root: Path) -> None:
    await WatchedFolders(root, hub.take_file, poll=timedelta(milliseconds=20)).sweep()


def names(folder: Path) -> list[str]:
    return sorted(one.name.split(".")[0] for one in folder.iterdir()) if folder.exists() else []


async def test_batch_is_read_once_its_marker_is_there_and_its_signature_is_good(
    hub: Hub, counter: Counter, bcss: httpx.AsyncClient, tmp_path: Path
) -> None:
    await integrated(counter)
    root = tmp_path / "folders"
    mailbox = root / "mutations" / "bcss"
    one = mutation()
    name = Pusher(BANK).drop(mailbox / "in", one, number=1, go=False)
    await swept(hub, root)
    assert await count(hub, "document") == 0

    (mailbox / "in" / f"GO.{name}").touch()
    Pusher(COLLEAGUE).drop(mailbox / "in", mutation(2), number=2)
    Pusher(BANK).drop(mailbox / "in", mutation(3), number=3, environment="T")
    changed = Pusher(BANK).drop(mailbox / "in", mutation(4), number=4)
    data = mailbox / "in" / f"FO.{changed}"
    data.write_bytes(data.read_bytes().replace(b'order="4"', b'order="5"'))
    await swept(hub, root)

    assert names(mailbox / "in") == []
    assert names(mailbox / "done") == ["FO", "FO", "FS", "GO"]
    assert names(mailbox / "rejected") == ["FO"] * 6 + ["FS"] * 3 + ["GO"] * 3
    answers = [json.loads(file.read_text()) for file in sorted((mailbox / "rejected").glob("*.answer.json"))]
    assert [answer["code"] for answer in answers] == ["signature-refused", "batch-environment", "signature-refused"]
    assert [fact["order"] for fact in await told(hub)] == [1]
    again = await Pusher(BANK).push(bcss, one)
    assert "message-id-reused" in again.text  # the same notification in other bytes
    assert len(await told(hub)) == 1


async def test_batch_whose_reader_died_half_way_is_put_away_by_the_next(
    hub: Hub, counter: Counter, tmp_path: Path
) -> None:
    await key_of(hub, "bcss", "bcss", ["mutations"])
    await integrated(counter)
    root = tmp_path / "folders"
    mailbox = root / "mutations" / "bcss"
    name = Pusher(BANK).drop(mailbox / "in", mutation(), number=1)
    await swept(hub, root)
    (mailbox / "done" / f"GO.{name}").rename(mailbox / "in" / f"GO.{name}")
    (mailbox / "done" / f"FS.{name}").rename(mailbox / "in" / f"FS.{name}")

    await swept(hub, root)

    assert names(mailbox / "in") == []
    assert names(mailbox / "done") == ["FO", "FO", "FS", "GO"]
    assert len(await told(hub)) == 1


async def test_new_number_leads_to_the_same_dossiers_and_the_bank_is_asked_under_it(
    hub: Hub, counter: Counter, bcss: httpx.AsyncClient
) -> None:
    await integrated(counter)
    answer = await Pusher(BANK).push(bcss, mutation(1, "SSIN_REPLACED", replacing=NEW))
    assert answer.status_code == 200, answer.text
    (merged,) = await told(hub, "person-number.merged")
    assert (merged["merged"], merged["dossier"]) == (True, counter.dossier)

    async with door(hub, await key_of(hub, "fca", "fca", ["fca"])) as fca:
        for n, number in enumerate((NISS, NEW)):
            xml = documents.notice(f"n-{n}", 4711, "etude-001").replace(NEW.encode(), number.encode())
            sent = await fca.post(
                "/v1/connectors/fca/documents", content=xml, headers={"content-type": "application/xml"}
            )
            assert sent.status_code == 201, sent.text
    keys = await hub.database.pool.fetch("SELECT DISTINCT key FROM outbox WHERE topic = 'fca-notices'")
    assert [row["key"] for row in keys] == [counter.subject]
    await hub.database.pool.execute("DELETE FROM outbox")
    await counter.say(ConsultFlow(cpas=CPAS, flow="income"))
    await counter.run()
    assert counter.bank.calls("income")[-1]["niss"] == NEW  # though the command was about the old one
    await hub.vault.renew(age=0)
    assert hub.vault.subject_of(NEW) == counter.subject


async def test_number_under_which_somebody_is_known_already_keeps_its_own_dossier(
    hub: Hub, counter: Counter, bcss: httpx.AsyncClient
) -> None:
    await integrated(counter)
    other = Counter(hub, FakeBank(Path(counter.bank.file).with_name("other.json")), NEW)
    await integrated(other)

    await Pusher(BANK).push(bcss, mutation(1, "SSIN_REPLACED", replacing=NEW))

    (merged,) = await told(hub, "person-number.merged")
    assert not merged["merged"]
    assert await count(hub, "person_alias") == 0
    await hub.vault.renew(age=0)
    assert hub.vault.subject_of(NEW) != counter.subject


async def test_documents_under_both_numbers_while_one_replaces_the_other_are_each_in_one_dossier_once(
    hub: Hub, counter: Counter, bcss: httpx.AsyncClient
) -> None:
    await integrated(counter)
    async with door(hub, await key_of(hub, "fca", "fca", ["fca"])) as fca:

        async def notice(n: int) -> int:
            number = (NISS, NEW)[n % 2]
            xml = documents.notice(f"n-{n}", 4711, "etude-001", number=f"2026-{n:06d}")
            body = xml.replace(NEW.encode(), number.encode())
            answer = await fca.post(
                "/v1/connectors/fca/documents", content=body, headers={"content-type": "application/xml"}
            )
            return answer.status_code

        before = [await notice(0)]
        work = [notice(n) for n in range(1, 25)]
        work.insert(3, _status(Pusher(BANK).push(bcss, mutation(1, "SSIN_REPLACED", replacing=NEW))))
        done = [*before, *await asyncio.gather(*work)]

    assert set(done) <= {200, 201}
    rows = await hub.database.pool.fetch(
        "SELECT key, count(*) AS n FROM outbox WHERE topic = 'fca-notices' GROUP BY key"
    )
    assert sum(row["n"] for row in rows) == 25
    own = hub.vault.pseudonym_of(NEW)
    aliases = await count(hub, "person_alias")
    assert {row["key"] for row in rows} == ({counter.subject} if aliases else {counter.subject, own})
    if aliases:
        assert await hub.database.pool.fetchval("SELECT count(*) FROM person_key WHERE subject = $1", own) == 0


async def _status(answer: Any) -> int:
    return int((await answer).status_code)

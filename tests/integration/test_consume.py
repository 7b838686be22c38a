"""One batch is one transaction: one effect per event, in the order of its dossier, or parked behind a letter."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import asyncpg
import pytest

from hub.application.envelope import encode, kafka_headers
from hub.application.ports import Record
from hub.bootstrap.hub import Hub
from hub.domain.messaging.cloudevent import CloudEvent, dossier_of, event_id_of
from schemas.claims import ClaimCorrected, ClaimSubmitted, Heads
from schemas.event import Event
from schemas.mediation import DossierOpened, OfficeInvited
from schemas.notices import NoticeRegistered, NoticeStruck

pytestmark = pytest.mark.integration

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PERSON = "p" + "1" * 32
OTHER = "p" + "2" * 32
HEADS = Heads(
    principal=Decimal("100.00"), interest=Decimal("5.00"), client_costs=Decimal("0.00"), bailiff_costs=Decimal("12.50")
)


def record(data: Event, subject: str, *, id_: UUID | None = None, key: str | None = None, offset: int = 0) -> Record:
    event = CloudEvent(
        id=id_ or uuid4(),
        source="/test",
        type=data.type,
        time=NOW,
        recordedtime=NOW,
        partitionkey=key or subject,
        subject=subject,
        correlationid=key or subject,
        data=data,
    )
    headers, value = encode(event)
    return Record(
        topic="cia-claims",
        partition=0,
        offset=offset,
        timestamp=0,
        key=(key or subject).encode(),
        value=value,
        headers=tuple(kafka_headers(headers)),
    )


def claim(subject: str, number: int, *, version: int = 1, office: str = "office-1") -> Record:
    kind = ClaimSubmitted if version == 1 else ClaimCorrected
    data = kind(
        claim=event_id_of("claim", office, str(number)),
        office=office,
        version=version,
        phase="amicable",
        heads=HEADS,
        total=Decimal("117.50"),
    )
    return record(data, subject)


def invited(subject: str, office: str = "office-1", cpas: str = "cpas-1") -> Record:
    dossier = dossier_of(subject, cpas)
    data = OfficeInvited(dossier=dossier, cpas=cpas, office=office, invitation=f"{dossier}.{office}", answer_by=NOW)
    return record(data, subject, key=dossier)


def notice(subject: str, number: str) -> Record:
    data = NoticeRegistered(
        notice=number, kind="N2", office="office-1", registered_at=NOW, expires_on=NOW.date().replace(year=2029)
    )
    return record(data, subject)


def strike(subject: str, number: str) -> Record:
    return record(NoticeStruck(notice=number, struck_on=NOW.date()), subject)


def opened_dossier(subject: str) -> Record:
    dossier = dossier_of(subject, "cpas-1")
    return record(DossierOpened(dossier=dossier, cpas="cpas-1", stage="new", opened_at=NOW), subject, key=dossier)


async def count(hub: Hub, table: str, where: str = "true") -> int:
    return int(await hub.database.pool.fetchval(f"SELECT count(*) FROM {table} WHERE {where}"))


async def only_letter(hub: Hub) -> asyncpg.Record:
    (letter,) = await hub.database.pool.fetch("SELECT * FROM dead_letter")
    return letter


async def test_event_delivered_twice_has_one_effect(hub: Hub) -> None:
    consume = hub.consume("hub.claims")
    batch = [invited(PERSON), claim(PERSON, 1), claim(PERSON, 2)]

    first = await consume.handle(batch)
    second = await consume.handle(batch)

    assert (first.folded, first.known) == (3, 0)
    assert (second.folded, second.known) == (0, 3)
    assert await count(hub, "projection_claim") == 2
    assert await count(hub, "outbox") == 3  # each claim joins; that the office has claims is told once
    assert await count(hub, "feed") == 6  # all of it for the CPAS and for the office
    assert await count(hub, "timeline") == 3


async def test_older_version_arriving_late_changes_nothing(hub: Hub) -> None:
    consume = hub.consume("hub.claims")
    await consume.handle([claim(PERSON, 1, version=3)])
    await consume.handle([claim(PERSON, 1, version=2)])

    assert await hub.database.pool.fetchval("SELECT version FROM projection_claim") == 3


async def test_failing_event_parks_its_person_and_others_go_on(hub: Hub) -> None:
    consume = hub.consume("hub.notices")
    batch = [strike(PERSON, "unknown"), notice(PERSON, "A"), notice(OTHER, "B"), opened_dossier(PERSON)]

    report = await consume.handle(batch)

    assert (report.folded, report.failed, report.queued) == (1, 1, 2)
    assert await count(hub, "projection_notice", "subject = '" + OTHER + "'") == 1
    assert await count(hub, "projection_notice", "subject = '" + PERSON + "'") == 0
    letter = await only_letter(hub)
    assert letter["classification"] == "permanent"
    assert letter["reason"] == "the notice was never registered: its registration must come first"
    topics = [row[0] for row in await hub.database.pool.fetch("SELECT topic FROM outbox ORDER BY seq")]
    assert topics == ["cia-claims-dlq", "dead-letters"]


async def test_records_of_a_parked_person_queue_in_order_and_follow_the_replay(hub: Hub) -> None:
    consume = hub.consume("hub.notices")
    await consume.handle([strike(PERSON, "A")])  # came before its registration
    later = [notice(PERSON, "B"), opened_dossier(PERSON), notice(PERSON, "C")]
    report = await consume.handle(later)
    assert (report.folded, report.queued) == (0, 3)

    letter = await hub.database.pool.fetchval("SELECT id FROM dead_letter")
    again = await hub.replay.letter(letter)
    assert (again.succeeded, again.parked) == (False, True)
    assert await hub.database.pool.fetchval("SELECT attempts FROM dead_letter") == 2

    # the cause goes away: the registration reached the state by another road
    await hub.database.pool.execute(
        "UPDATE state SET data = $1 WHERE consumer_group = 'hub.notices'",
        '{"notices":{"A":{"kind":"N2","office":"office-9","version":1,"expires_on":"2029-03-02","state":"active",'
        f'"origin":"{uuid4()}"}}}}}}',
    )
    replayed = await hub.replay.letter(letter)

    assert (replayed.succeeded, replayed.released, replayed.parked) == (True, 3, False)
    assert await count(hub, "parked_key") == 0
    assert await count(hub, "parked_record") == 0
    order = [row[0] for row in await hub.database.pool.fetch("SELECT event_id FROM timeline ORDER BY seq")]
    expected = [UUID(dict(one.headers)["ce_id"].decode()) for one in later]
    assert order[1:] == expected


async def test_unreadable_bytes_take_the_same_road(hub: Hub) -> None:
    consume = hub.consume("hub.notices")
    bad = Record(
        topic="fca-notices",
        partition=1,
        offset=7,
        timestamp=0,
        key=PERSON.encode(),
        value=b"\xff\x00",
        headers=(("ce_type", b"\xff"),),
    )

    report = await consume.handle([bad, notice(PERSON, "A"), notice(OTHER, "B")])

    assert (report.folded, report.failed, report.queued) == (1, 1, 1)
    letter = await only_letter(hub)
    assert letter["key"] == PERSON
    assert letter["value"] == b"\xff\x00"


async def test_two_consumers_of_one_partition_have_one_effect(hub: Hub) -> None:
    batch = [
        invited(PERSON),
        *(claim(PERSON, number) for number in range(50)),
        *(claim(OTHER, n) for n in range(50, 99)),
    ]

    reports = await asyncio.gather(*(hub.consume("hub.claims").handle(batch) for _ in range(4)))

    assert sum(report.folded for report in reports) == 100
    assert await count(hub, "projection_claim") == 99
    assert await count(hub, "outbox") == 51


async def test_record_that_the_database_refuses_becomes_a_letter_and_others_go_on(hub: Hub) -> None:
    too_large = claim(PERSON, 1)
    value = (too_large.value or b"").replace(b'"version":1', b'"version":99999999999')
    poison = too_large._replace(value=value)

    report = await hub.consume("hub.claims").handle([claim(OTHER, 5), poison, claim(PERSON, 2), claim(OTHER, 6)])

    assert (report.folded, report.failed, report.queued) == (2, 1, 1)
    assert await hub.database.pool.fetchval("SELECT stage FROM fingerprint") == "write"


async def test_record_arriving_while_a_replay_empties_the_queue_is_neither_lost_nor_overtaken(hub: Hub) -> None:
    consume = hub.consume("hub.notices")
    dossier = opened_dossier(PERSON)
    poison = dossier._replace(value=b"{}")
    await consume.handle([poison])
    letter = await hub.database.pool.fetchval("SELECT id FROM dead_letter")
    await hub.database.pool.execute("UPDATE dead_letter SET value = $1", dossier.value)
    stream = [notice(PERSON, f"{number:03}") for number in range(60)]
    await consume.handle(stream[:30])

    async def arriving() -> None:
        for one in stream[30:]:
            await consume.handle([one])

    await asyncio.gather(hub.replay.letter(letter), arriving())

    assert await count(hub, "parked_key") == 0
    assert await count(hub, "projection_notice") == 60
    order = [row[0] for row in await hub.database.pool.fetch("SELECT event_id FROM timeline ORDER BY seq")]
    expected = [UUID(dict(one.headers)["ce_id"].decode()) for one in stream]
    assert order[1:] == expected

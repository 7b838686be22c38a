"""Effects of a settlement on other files of its person: dossiers, holders of notices, mails; each only its own."""

import json
import re
from pathlib import Path

import pytest

from hub.bootstrap.hub import Hub
from hub.domain.messaging.cloudevent import dossier_of
from tests.integration.intake_parts import count, door, key_of
from tests.integration.test_rcd import ACTS, PATH
from tests.support import documents
from tests.support.console import relayed
from tests.support.documents import niss_of

pytestmark = pytest.mark.integration
GROUPS = ("hub.rcd", "hub.notices", "hub.mediation")
WHO, OTHER = 1, 2
_HEAD = 'xmlns="urn:be:mediationhub:justrestart:1" sender="register" sentAt="2026-06-01T18:00:00+02:00"'
XML = {"content-type": "application/xml"}
ADMITTED = f'act="admitted" at="2026-01-12T09:00:00+01:00" court="TTL-LIEGE" institution="cpas-m" niss="{niss_of(WHO)}"'
POSTED = 'act="avis-posted" at="2026-01-13T09:00:00+01:00"'
RADIATED = 'act="avis-radiated" at="2026-03-10T09:00:00+01:00"'
ENDED = 'act="ended-at-request" at="2026-03-09T09:00:00+01:00"'
PROPOSED = "be.mediationhub.closing.proposed.v1"
LAPSED = "be.mediationhub.closing-proposal.lapsed.v1"
TOLD = "be.mediationhub.rcd-avis.told.v1"


def acts(message: str, *which: str) -> bytes:
    items = "".join(f'<Act case="2026/LIEGE/1" reference="{message}-{n}" {one}/>' for n, one in enumerate(which))
    return f'<Acts {_HEAD} messageId="{message}">{items}</Acts>'.encode()


FILED = 'act="petition-filed" at="2026-01-05T09:00:00+01:00"'


async def register_says(hub: Hub, *bodies: bytes) -> None:
    async with door(hub, await key_of(hub, "register", "register", ["justrestart"])) as register:
        for body in bodies:
            answer = await register.post(PATH, content=body, headers=XML)
            assert answer.is_success, answer.text
    await followed(hub)


async def client_registered(hub: Hub, who: int, cpas: str) -> str:
    """A CPAS opens the dossier of a person; its id."""
    async with door(hub, await key_of(hub, cpas, "cpas", [], ["be.mediationhub.client.register.v1"])) as office:
        event = documents.registration(f"r-{who}-{cpas}", who, cpas=cpas)
        answer = await office.post(
            "/v1/events", content=json.dumps(event), headers={"content-type": "application/cloudevents+json"}
        )
        assert answer.is_success, answer.text
    await followed(hub)
    return dossier_of(hub.vault.subject_of(niss_of(who)), cpas)


async def notices_of_offices(hub: Hub) -> None:
    """One office holds notices on the person, another one on somebody else."""
    async with door(hub, await key_of(hub, "fca", "fca", ["fca"])) as fca:
        bodies = (documents.notice("n-1", WHO, "etude-001"), documents.notice("n-2", OTHER, "etude-002"))
        for body in bodies:
            assert (await fca.post("/v1/connectors/fca/documents", content=body, headers=XML)).status_code == 201
    await followed(hub)


async def followed(hub: Hub) -> None:
    """What the outbox holds reaches every group, and what follows from it too."""
    await relayed(hub, *GROUPS)


def settlement_notice() -> bytes:
    """The example of a notice N10, of this person."""
    example = Path("tests/connectors/fca/examples/n10-collective-settlement.in.xml").read_text(encoding="utf-8")
    whose = re.sub(r'niss="\d{11}"', f'niss="{niss_of(WHO)}"', example)
    return re.sub(r'number="[^"]*"', 'number="N10-1"', whose, count=1).encode()


async def feed(hub: Hub, institution: str) -> list[tuple[str, dict[str, object]]]:
    rows = await hub.database.pool.fetch(
        "SELECT type, value FROM feed WHERE institution = $1 ORDER BY seq", institution
    )
    return [(row["type"], json.loads(row["value"])) for row in rows]


async def of_settlements(hub: Hub, institution: str) -> list[str]:
    return [kind for kind, _ in await feed(hub, institution) if kind in {PROPOSED, LAPSED, TOLD}]


async def test_dossier_of_the_person_is_told_once_and_only_her_cpas_closes_it(hub: Hub) -> None:
    dossier = await client_registered(hub, WHO, "cpas-1")
    await client_registered(hub, OTHER, "cpas-2")

    await register_says(hub, acts("m", FILED, ADMITTED, POSTED), acts("m", FILED, ADMITTED, POSTED))

    ((_, said),) = [one for one in await feed(hub, "cpas-1") if one[0] == PROPOSED]
    assert said == {
        "dossier": dossier, "cpas": "cpas-1", "reason": "R2A", "told_by": "register", "since": "2026-01-12",
        "court": "TTL-LIEGE",
    }  # fmt: skip
    assert await of_settlements(hub, "cpas-2") == []
    state = await hub.database.pool.fetchval("SELECT state FROM projection_dossier WHERE dossier = $1", dossier)
    assert state == "open", "the hub proposes; the CPAS closes"
    assert [kind for kind, _ in await feed(hub, "cpas-m")] == ["be.mediationhub.rcd-case.changed.v1"]
    assert await count(hub, "dead_letter") == 0


async def test_dossier_opened_during_a_settlement_learns_it_at_once_and_its_end_takes_the_proposal_back(
    hub: Hub,
) -> None:
    await register_says(hub, acts("m", ADMITTED), acts("f", FILED))  # in the wrong order
    await client_registered(hub, WHO, "cpas-1")
    assert await of_settlements(hub, "cpas-1") == [PROPOSED]

    await register_says(hub, acts("e", ENDED))

    assert await of_settlements(hub, "cpas-1") == [PROPOSED, LAPSED]


async def test_office_that_holds_notices_follows_the_avis_in_its_feed_and_by_mail_that_names_nobody(hub: Hub) -> None:
    await notices_of_offices(hub)
    await register_says(hub, acts("m", FILED, ADMITTED, POSTED))
    await register_says(hub, acts("e", ENDED, RADIATED))

    told = [value for kind, value in await feed(hub, "etude-001") if kind == TOLD]
    assert [(one["avis"], one["notices"], one["effects_from"]) for one in told] == [
        ("posted", ["2026-000001"], "2026-01-14"),  # art. 1675/7 §6: the day after
        ("radiated", ["2026-000001"], "2026-01-14"),
    ]
    assert all("case" not in one for one in told)
    assert await of_settlements(hub, "etude-002") == []
    mails = await hub.database.pool.fetch("SELECT content FROM delivery WHERE kind = 'mail' ORDER BY seq")
    contents = [json.loads(row["content"]) for row in mails]
    assert [one["avis"] for one in contents] == ["posted", "radiated"]
    assert niss_of(WHO) not in str(contents)
    assert documents.name_of(WHO) not in str(contents)


async def test_notice_of_the_fca_alone_tells_a_dossier_too_until_it_is_struck(hub: Hub) -> None:
    await client_registered(hub, WHO, "cpas-1")
    async with door(hub, await key_of(hub, "fca", "fca", ["fca"])) as fca:
        for one in (settlement_notice(), documents.strike("s-10", WHO, number="N10-1")):
            answer = await fca.post("/v1/connectors/fca/documents", content=one, headers=XML)
            assert answer.status_code == 201, answer.text
            await followed(hub)

    assert await of_settlements(hub, "cpas-1") == [PROPOSED, LAPSED]


async def test_number_of_the_person_stands_nowhere_in_clear(hub: Hub) -> None:
    await register_says(hub, acts("m", FILED, ADMITTED, POSTED))

    for table in ("timeline", "feed"):
        rows = await hub.database.pool.fetch(f"SELECT attributes, value FROM {table}")
        assert rows
        assert niss_of(WHO) not in str([(row["attributes"], bytes(row["value"])) for row in rows])
    named = [one for one in ACTS if "niss" in one[2]]
    assert named == [], "a register that names nobody goes on as before"

"""The way of a document, field by field: notice → Kafka → registration → mail → bulk claims by folder → feeds."""

import json
from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from hub.adapters.localstack.mail_archive import MailArchive
from hub.adapters.localstack.running import RunningStack
from hub.bootstrap.hub import Hub
from hub.domain.messaging.cloudevent import event_id_of
from tests.support import documents
from tests.support.documents import mailbox, name_of, niss_of
from tests.support.partner import Partner, event_ids
from tests.support.processes import Processes
from tests.support.scene import CPAS, OFFICE, Scene
from tests.support.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120), pytest.mark.usefixtures("topics_ready")]

HER = 7
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
JOINED = "be.mediationhub.claim.joined.v1"
OF_OFFICE = {"office_invited": 1, "claim_joined": 2, "claims_found": 1, "office_joined": 1}
FULL = {
    "principal": "1250.00",
    "interest": "37.42",
    "penalty_clause": "60.00",
    "administrative": "5.00",
    "client_costs": "65.00",
    "bailiff_costs": "212.31",
}
PLAIN = {"principal": "100.00", "interest": "0.00", "client_costs": "0.00", "bailiff_costs": "0.00"}
NISS, NAME = niss_of(HER), name_of(HER)


def claim(reference: str, heads: str, total: str) -> str:
    return f"""<Claim office="{OFFICE}" reference="{reference}" version="1" phase="judicial" total="{total}">
      <Debtor niss="{NISS}" name="{NAME}" firstName="Pierre"/>
      <Creditor name="Energie Exemple SA" enterpriseNumber="0123456551"/>
      <Client name="Recouvrement Exemple" reference="K-1"/>
      <Payment iban="BE26138000001729" kind="ogm" reference="099000001772"/>
      <Contact name="Service gestion" email="gestion@etude.example"/>
      <Heads {heads}/>
      <Line performedOn="2025-03-01" invoice="F-1" {heads}/>
    </Claim>"""


SPLIT = 'principal="1250.00" interest="37.42" penaltyClause="60.00" administrative="5.00" bailiffCosts="212.31"'
SIMPLE = 'principal="100.00" interest="0.00" clientCosts="0.00" bailiffCosts="0.00"'
BULK = documents.synchronisation(
    "sync-1",
    1,
    [claim("C-1", SPLIT, "1564.73"), claim("C-2", SIMPLE, "99.99"), claim("C-3", SIMPLE, "100.00")],
    office=OFFICE,
)


async def following(partner: Partner, **counts: int) -> list[dict[str, Any]]:
    """The feed of an institution, once it shows so many events of these nouns (``claim_joined``)."""
    wanted = {f"be.mediationhub.{noun.replace('_', '.')}.v1": number for noun, number in counts.items()}
    found: list[dict[str, Any]] = []

    async def told() -> bool:
        answer = await partner.get("/v1/feed", limit=1000)
        assert answer.status_code == 200, answer.text
        found[:] = answer.json()
        return Counter(one["type"] for one in found) == wanted

    await until(told, f"{wanted} in the feed of {partner.institution}", within=40)
    return found


async def test_notice_registration_and_claims_reach_dossier_mail_and_feeds(
    hub: Hub, processes: Processes, scene: Scene, stack: RunningStack
) -> None:
    await processes.up("intake", "relay", "consume", "deliver", "clock")
    dossier, subject = scene.dossier(HER), scene.subjects[HER]

    # an FCA notice by HTTP becomes an event on Kafka
    await scene.fca.document("cia", documents.directory("dir-1", [OFFICE, "etude-002"]))
    notice = await scene.fca.document("fca", documents.notice("n-1", HER, OFFICE, number="2026-000001"))
    assert (notice["connector"], notice["institution"], notice["messageId"]) == ("fca", "fca", "n-1")
    assert event_ids(notice) == [event_id_of("fca", "fca", "n-1", "1")]
    await _notice_on_kafka(hub, subject, event_ids(notice)[0])

    # a CPAS registers the client by a CloudEvent; the dossier opens and the known office is invited
    (registered,) = await _registered(scene)
    feed = await following(scene.cpas, dossier_opened=1, office_invited=1)
    opened, invited = feed
    moment = datetime.fromisoformat(opened["data"].pop("opened_at"))
    assert opened["data"] == {"dossier": dossier, "cpas": CPAS, "stage": "Dans la recherche"}
    received, recorded = (datetime.fromisoformat(registered[name]) for name in ("receivedAt", "recordedAt"))
    assert received <= moment <= recorded
    assert (opened["causationid"], opened["subject"], opened["partitionkey"]) == (
        str(event_ids(registered)[0]),
        subject,
        dossier,
    )
    assert {one["correlationid"] for one in feed} == {dossier}
    assert [one["traceparent"].split("-")[1] for one in feed] == [TRACE, TRACE]
    _check_invitation(invited, dossier)

    # the invitation is mailed
    await _mailed(hub, stack, dossier)

    # the office drops a synchronisation into its folder: two claims join, the bad one is told
    await _dropped(processes, BULK)
    office = await following(scene.office, **OF_OFFICE)
    cpas = await following(scene.cpas, dossier_opened=1, **OF_OFFICE)
    assert office == [one for one in cpas if one["type"] != opened["type"]]
    _check_joined([one for one in office if one["type"] == JOINED], dossier)
    assert office[-1]["type"] == "be.mediationhub.office.joined.v1"
    assert office[-1]["data"] == {
        "dossier": dossier,
        "cpas": CPAS,
        "office": OFFICE,
        "joined_at": office[-1]["data"]["joined_at"],
    }
    await _check_rest(scene, dossier)


async def _registered(scene: Scene) -> list[Any]:
    """The CPAS's registration, as its own system would send it: structured mode, its own trace."""
    event = {**documents.registration("register-1", HER, cpas=CPAS), "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
    return await scene.cpas.events([event])


async def _notice_on_kafka(hub: Hub, subject: str, event: UUID) -> None:
    found: list[Any] = []

    async def arrived() -> bool:
        found[:] = [one async for one in hub.tail(["fca-notices"], beginning=True, follow=False)]
        return bool(found)

    await until(arrived, "the notice on Kafka")
    (record,) = found
    headers = {name: value.decode() for name, value in record.headers}
    assert record.key == subject.encode()
    assert (headers["ce_id"], headers["ce_type"]) == (str(event), "be.mediationhub.notice.registered.v1")
    assert (headers["ce_source"], headers["ce_subject"], headers["ce_partitionkey"]) == (
        "/connectors/fca/fca",
        subject,
        subject,
    )
    assert headers["ce_time"] == "2026-01-15T14:02:11+01:00"  # when it was registered
    data = json.loads(record.value)
    assert isinstance(data.pop("sealed"), str)
    assert data == {
        "notice": "2026-000001",
        "kind": "N2",
        "subkind": "conservatory",
        "version": 1,
        "office": OFFICE,
        "registered_at": "2026-01-15T14:02:11+01:00",
        "expires_on": "2029-01-15",
        "nature": "energy",
    }


def _check_invitation(invited: dict[str, Any], dossier: str) -> None:
    data = invited["data"]
    term = datetime.fromisoformat(data.pop("answer_by")) - datetime.fromisoformat(invited["time"])
    assert timedelta(days=15) <= term < timedelta(days=15, minutes=1)
    assert data == {
        "dossier": dossier,
        "cpas": CPAS,
        "office": OFFICE,
        "invitation": f"{dossier}.{OFFICE}",
        "niss": NISS,
        "name": NAME,
        "first_name": "Pierre",
    }


async def _mailed(hub: Hub, stack: RunningStack, dossier: str) -> None:
    archive = MailArchive(stack.home / "mails")

    async def sent() -> bool:
        return any(dossier in mail.subject for mail in archive.list())

    await until(sent, "the invitation's mail")
    (mail,) = [mail for mail in archive.list() if dossier in mail.subject]
    assert (mail.recipients, mail.sender) == ((mailbox(OFFICE),), "no-reply@mediation-hub.invalid")
    assert mail.subject == f"Invitation à communiquer vos créances – réf. {dossier}.{OFFICE}"
    cause = await hub.database.pool.fetchval("SELECT event_id FROM delivery")
    assert mail.message_id == f"<{cause}.invitation/{OFFICE}@mediation-hub.invalid>"
    formatted = f"{NISS[:2]}.{NISS[2:4]}.{NISS[4:6]}-{NISS[6:9]}.{NISS[9:]}"
    for body in (mail.text or "", mail.html or ""):
        for wanted in (f"Pierre {NAME}", formatted, f"{dossier}.{OFFICE}", f"Test {CPAS}"):
            assert wanted in body
    assert not any(secret in mail.subject for secret in (NAME, NISS, formatted))


async def _dropped(processes: Processes, content: bytes) -> None:
    folder = processes.home / "folders" / "cia" / OFFICE
    (folder / "in").mkdir(parents=True)
    part = folder / "in" / "claims.xml.part"
    part.write_bytes(content)
    part.rename(folder / "in" / "claims.xml")
    answer = folder / "done" / "claims.xml.answer.json"

    async def answered() -> bool:
        return answer.exists() and (folder / "done" / "claims.xml").exists()

    await until(answered, "the answer beside the dropped file")
    said = json.loads(answer.read_text(encoding="utf-8"))
    assert (said["state"], said["events"], said["refusedCount"]) == ("partial", 3, 1)
    (refused,) = said["refused"]
    assert (refused["item"], refused["code"], refused["reference"]) == (2, "total-not-sum", "C-2")
    assert list((folder / "in").iterdir()) == []


def _check_joined(joined: list[dict[str, Any]], dossier: str) -> None:
    common = {"dossier": dossier, "cpas": CPAS, "office": OFFICE, "version": 1, "phase": "judicial"}
    assert [one["data"] for one in joined] == [
        {**common, "claim": str(event_id_of("claim", OFFICE, "C-1")), "heads": FULL, "total": "1564.73"},
        {**common, "claim": str(event_id_of("claim", OFFICE, "C-3")), "heads": PLAIN, "total": "100.00"},
    ]
    assert [one["causationid"] for one in joined] == [str(event_id_of("cia", OFFICE, "sync-1", str(n))) for n in (1, 2)]


async def _check_rest(scene: Scene, dossier: str) -> None:
    """What CPAS and office read about the same dossier."""
    mine = (await scene.cpas.get(f"/v1/dossiers/{dossier}")).json()
    sums = {
        "claims": 2,
        "principal": "1350.00",
        "interest": "37.42",
        "clientCosts": "65.00",
        "bailiffCosts": "212.31",
        "total": "1664.73",
    }
    assert mine["totals"] == {"offices": [{"office": OFFICE, **sums}], **sums}
    assert (mine["cpas"], mine["state"], mine["stage"], mine["closedAt"]) == (CPAS, "open", "Dans la recherche", None)
    assert (mine["client"]["niss"], mine["client"]["name"], mine["client"]["worker"]["manager"]) == (
        NISS,
        NAME,
        "A. Lune",
    )
    assert [(one["office"], one["state"], one["invitation"]) for one in mine["participations"]] == [
        (OFFICE, "P3", f"{dossier}.{OFFICE}")
    ]
    theirs = (await scene.office.get(f"/v1/dossiers/{dossier}")).json()
    assert (theirs["totals"], theirs["stage"]) == (mine["totals"], None)
    assert theirs["client"] == {"niss": NISS, "name": NAME, "first_name": "Pierre"}
    claims = (await scene.cpas.get(f"/v1/dossiers/{dossier}/claims")).json()["claims"]
    (first,) = [one for one in claims if one["claim"] == str(event_id_of("claim", OFFICE, "C-1"))]
    assert (first["penaltyClause"], first["administrative"], first["details"]["iban"], first["erased"]) == (
        "60.00",
        "5.00",
        "BE26138000001729",
        False,
    )
    known = (await scene.cpas.get(f"/v1/dossiers/{dossier}/bailiffs")).json()
    assert known == {
        "offices": [
            {
                "office": OFFICE,
                "name": f"Étude {OFFICE}",
                "notices": [{"notice": "2026-000001", "kind": "N2", "state": "active", "expires_on": "2029-01-15"}],
            }
        ]
    }

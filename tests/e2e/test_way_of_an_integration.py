"""A CPAS's command goes all the way: intake, relay, Kafka, consumer, deliverer, and back to its feed."""

from typing import Any
from uuid import uuid4

import pytest

from hub.application.intake.callers import Institution
from hub.bootstrap.hub import Hub
from hub.domain.messaging.cloudevent import dossier_of
from schemas.consultations import ConsultFlow
from schemas.event import Event
from schemas.persons import RequestIntegration
from tests.support.documents import niss_of
from tests.support.partner import Partner
from tests.support.plaintext import forms, readable
from tests.support.processes import Processes
from tests.support.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120), pytest.mark.usefixtures("topics_ready")]

CPAS = "cpas-031"
PERSON = 3


def command(data: Event) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": "/cpas",
        "type": data.type,
        "data": {**data.clear_json(), "niss": niss_of(PERSON)},
    }


async def test_command_is_folded_sent_and_its_outcome_is_in_the_feed_of_its_cpas_alone(
    hub: Hub, processes: Processes
) -> None:
    """This hub has no bank: the integration is rejected with that reason, and nothing can be consulted."""
    await processes.up("intake", "relay", "consume", "deliver")
    cpas, stranger = [Partner(processes.http, name, await key_of(hub, name)) for name in (CPAS, "cpas-032")]
    integrate, consult = command(RequestIntegration(cpas=CPAS)), command(ConsultFlow(cpas=CPAS, flow="income"))
    await cpas.events([integrate, integrate])
    dossier = dossier_of(hub.vault.subject_of(niss_of(PERSON)), CPAS)

    async def told() -> list[dict[str, Any]]:
        events: list[dict[str, Any]] = (await cpas.get("/v1/feed", limit=100)).json()
        return events

    async def so_many(count: int) -> bool:
        return len(await told()) == count

    await until(lambda: so_many(2), "the rejection")
    await cpas.events([consult])
    await until(lambda: so_many(3), "the denial")

    events = await told()
    assert [one["type"].split(".", 2)[2] for one in events] == [
        "integration.requested.v1",
        "integration.rejected.v1",
        "flow-consultation.denied.v1",
    ]
    assert {one["partitionkey"] for one in events} == {dossier}
    assert events[1]["data"]["reasons"] == ["bcss-not-configured"]
    assert events[2]["data"]["reason"] == "FLOW_NOT_ALLOWED"
    (one,) = (await cpas.get("/v1/integrations")).json()["integrations"]
    assert (one["state"], one["dossier"]) == ("rejected", dossier)
    steps = (await cpas.get(f"/v1/integrations/{one['integration']}/history")).json()["steps"]
    assert [step["state"] for step in steps] == ["requested", "rejected"]
    assert (await stranger.get(f"/v1/integrations/{one['integration']}/history")).status_code == 404
    assert (await stranger.get("/v1/integrations")).json()["integrations"] == []
    assert (await stranger.get("/v1/consultations")).json()["consultations"] == []
    assert (await stranger.get("/v1/feed")).json() == []
    assert await readable(hub, forms(niss_of(PERSON))) == []
    for partner in (cpas, stranger):
        await partner.close()


async def key_of(hub: Hub, institution: str) -> str:
    """A CPAS with a key for these commands."""
    added = Institution(id=institution, kind="cpas", name=institution, email=None, language="fr")
    await hub.institutions.add(added)
    _, text = await hub.institutions.key(institution, (), (RequestIntegration.type, ConsultFlow.type))
    return text

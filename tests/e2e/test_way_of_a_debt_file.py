"""A debt file opened by REST goes all the way: intake, relay, Kafka, two consumer groups, deliverer, feed and pages."""

from typing import Any
from uuid import uuid4

import pytest

from hub.application.intake.callers import Institution
from hub.bootstrap.hub import Hub
from hub.domain.messaging.cloudevent import dossier_of
from schemas.debt_commands import AddHouseholdMember, AddRefund, ModifyDebtFile, OpenDebtFile, OpenGeneralFile
from tests.support.documents import niss_of
from tests.support.partner import Partner
from tests.support.plaintext import forms, readable
from tests.support.processes import Processes
from tests.support.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120), pytest.mark.usefixtures("topics_ready")]

CPAS = "cpas-040"
DEBTOR, SPOUSE = 5, 6
COMMANDS = (OpenGeneralFile, OpenDebtFile, ModifyDebtFile, AddRefund, AddHouseholdMember)


async def key_of(hub: Hub, institution: str) -> str:
    added = Institution(id=institution, kind="cpas", name=institution, email=None, language="fr")
    await hub.institutions.add(added)
    _, text = await hub.institutions.key(institution, (), tuple(kind.type for kind in COMMANDS))
    return text


async def test_debt_file_opened_by_rest_asks_for_the_integration_of_its_debtor(hub: Hub, processes: Processes) -> None:
    """This hub has no bank: the integration is rejected, and the file stays created (D7)."""
    await processes.up("intake", "relay", "consume", "deliver")
    cpas, stranger = [Partner(processes.http, name, await key_of(hub, name)) for name in (CPAS, "cpas-041")]
    dossier = dossier_of(hub.vault.subject_of(niss_of(DEBTOR)), CPAS)
    spouse = dossier_of(hub.vault.subject_of(niss_of(SPOUSE)), CPAS)

    async def ask(command: str, **data: object) -> None:
        answer = await cpas.http.post(
            f"/v1/debt-commands/{command}",
            json={"niss": niss_of(DEBTOR), **data},
            headers={"idempotency-key": str(uuid4())},
        )
        assert answer.status_code == 201, answer.text

    async def told(kind: str) -> list[dict[str, Any]]:
        events: list[dict[str, Any]] = (await cpas.get("/v1/feed", limit=100)).json()
        return [one for one in events if f".{kind}." in one["type"]]

    async def came(kind: str, count: int = 1) -> bool:
        return len(await told(kind)) == count

    await ask("open-general-file", name="Zebulon")
    await ask("add-household-member", niss=niss_of(SPOUSE), dossier=dossier)
    await ask("open-debt-file", due="2000.00", repaid="500.00", description="avance")
    await until(lambda: came("integration.rejected"), "the integration's end")
    (opened,) = await told("debt-file.opened")
    await ask("add-refund", file=opened["data"]["file"], on="2026-03-01", amount="200.00", made=True)
    await ask("modify-debt-file", file=opened["data"]["file"], mode="automatic")
    await until(lambda: came("debt-balance.changed", 2), "the balance")

    (requested,) = await told("integration.requested")
    assert (requested["partitionkey"], requested["data"]["origin"]) == (dossier, "debt-file")
    balances = [(one["data"]["repaid"], one["data"]["remaining"]) for one in await told("debt-balance.changed")]
    assert balances == [("500.00", "1500.00"), ("200.00", "1800.00")]
    (one,) = (await cpas.get("/v1/debt-files")).json()["debt_files"]
    assert (one["state"], one["remaining"], one["dossier"]) == ("active", "1800.00", dossier)
    standing = "SELECT data FROM state WHERE consumer_group = 'hub.persons' AND key = $1"

    async def stands() -> bool:
        return bool(await hub.database.pool.fetchval(standing, spouse))

    await until(stands, "the household member's standing")
    assert opened["data"]["file"] in await hub.database.pool.fetchval(standing, spouse)
    assert (await stranger.get("/v1/debt-files")).json()["debt_files"] == []
    assert (await stranger.get("/v1/feed")).json() == []
    assert await readable(hub, forms(niss_of(DEBTOR), niss_of(SPOUSE))) == []
    for partner in (cpas, stranger):
        await partner.close()

"""What the real adapter brings of somebody else, from the simulated bank over TLS to the reader of a CPAS."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from hub.adapters.postgres.answers import PostgresAnswers
from hub.adapters.postgres.bank_calls import PostgresGates
from hub.application.consult.read_answers import AnswerView, ReadAnswers
from hub.application.intake.callers import Caller
from hub.bootstrap.hub import Hub
from hub.settings import PersonsSettings, Settings
from sandbox.people import Population
from schemas.consultations import ConsultFlow
from schemas.persons import EndIntegration, RequestIntegration
from tests.integration.counter import CPAS, NISS, SPOUSE, Counter
from tests.support.fake_bank import FakeBank
from tests.support.soap_bank import Both, both

pytestmark = pytest.mark.integration

_SOMEBODY = Population.of(seed=3, people=1, offices=1, cpas=1).people[0]
DEBTOR, PARTNER = (replace(_SOMEBODY, niss=one, name="Zebulon", born=date(1975, 11, 10)) for one in (NISS, SPOUSE))


@pytest.fixture
def settings(settings: Settings) -> Settings:
    contexts = ";".join(f"{flow}/31=PCSA:DEBT_RECOVERY" for flow in ("income", "identification"))
    persons = PersonsSettings(file_needed=False, legal_contexts=contexts)
    return settings.model_copy(update={"persons": persons})


@pytest.fixture
async def parts(tmp_path: Path) -> AsyncIterator[Both]:
    async with both(tmp_path, (DEBTOR, PARTNER)) as made:
        made.sandbox.services.partner = SPOUSE
        yield made


async def delivered(counter: Counter, parts: Both) -> None:
    """Deliver and fold until nothing is due."""
    await counter.pump()
    while await counter.worker(parts.bank).once():
        await counter.pump()


async def household(debtor: Counter, member: Counter, parts: Both) -> list[AnswerView]:
    """The debtor is identified; her answer as it reads before, while and after the other is integrated."""
    await debtor.say(RequestIntegration(cpas=CPAS))
    await delivered(debtor, parts)
    await debtor.say(ConsultFlow(cpas=CPAS, flow="identification"))
    await delivered(debtor, parts)
    views = [await read(debtor)]
    for change in (RequestIntegration(cpas=CPAS), EndIntegration(cpas=CPAS, begin=date(2026, 3, 2))):
        await member.say(change)
        await delivered(member, parts)
        views.append(await read(debtor))
    return views


@pytest.mark.parametrize("who", [NISS, SPOUSE])
async def test_member_of_the_household_is_shown_while_her_own_gate_is_open_and_not_before_or_after(
    hub: Hub, tmp_path: Path, who: str
) -> None:
    alone = Population.of(seed=4, people=2, offices=1, cpas=1).people
    async with both(tmp_path, (*alone, DEBTOR, PARTNER)) as parts:  # the third and the fourth live together
        other = SPOUSE if who == NISS else NISS
        debtor, member = (Counter(hub, FakeBank(tmp_path / "unused.json"), number) for number in (who, other))
        views = await household(debtor, member, parts)

    shown = [[(one.role, bool(one.content)) for one in view.others] for view in views]
    assert shown == [[("household-member", open_)] for open_ in (False, True, False)]
    assert views[1].others[0].content
    assert views[1].others[0].content["niss"] == other
    assert all(other not in str(view.content) for view in views)


async def read(counter: Counter) -> AnswerView:
    hub = counter.hub
    answers, gates = PostgresAnswers(hub.database), PostgresGates(hub.database)
    reader = ReadAnswers(answers, gates=gates, vault=hub.vault, clock=counter.clock, rules=hub.gate_rules)
    caller = Caller(institution=CPAS, kind="cpas", language="fr", connectors=frozenset(), types=frozenset())
    return await reader.one(caller, UUID(counter.facts("flow.answered")[0]["answer"]), "repayment plan")


async def test_fiscal_partner_is_shown_while_her_own_gate_is_open_and_not_before_or_after(
    hub: Hub, parts: Both, tmp_path: Path
) -> None:
    debtor, partner = (Counter(hub, FakeBank(tmp_path / "unused.json"), number) for number in (NISS, SPOUSE))
    await debtor.say(RequestIntegration(cpas=CPAS))
    await delivered(debtor, parts)
    await debtor.say(ConsultFlow(cpas=CPAS, flow="income"))
    await delivered(debtor, parts)
    before = await read(debtor)
    await partner.say(RequestIntegration(cpas=CPAS))
    await delivered(partner, parts)
    during = await read(debtor)
    await partner.say(EndIntegration(cpas=CPAS, begin=date(2026, 3, 2)))
    await delivered(partner, parts)
    after = await read(debtor)

    shown = [[(one.role, bool(one.content)) for one in view.others] for view in (before, during, after)]
    assert shown == [[("fiscal-partner", False)], [("fiscal-partner", True)], [("fiscal-partner", False)]]
    assert during.others[0].content
    assert during.others[0].content["ssin"] == SPOUSE
    assert all(SPOUSE not in str(view.content) for view in (before, during, after))
    assert (
        await hub.database.pool.fetchval("SELECT count(*) FROM answer WHERE raw_box IS NOT NULL AND flow = 'income'")
        == 0
    )

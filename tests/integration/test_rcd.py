"""Acts of the register come by HTTP in any order; the case, its terms, its timers and its feeds follow."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from hub.bootstrap.hub import Hub
from tests.integration.intake_parts import count, door, key_of
from tests.integration.test_returns import relayed

pytestmark = pytest.mark.integration
PATH = "/v1/connectors/justrestart/documents"
_HEAD = 'xmlns="urn:be:mediationhub:justrestart:1" sender="register" sentAt="2026-06-01T18:00:00+02:00"'
ACTS = (
    ("petition-filed", "2026-01-05T09:00:00+01:00", ""),
    ("admitted", "2026-01-12T09:00:00+01:00", 'institution="cpas-1"'),
    ("admissibility-notified", "2026-01-13T09:00:00+01:00", 'party="cred-1"'),
    ("reminder-received", "2026-03-02T09:00:00+01:00", 'party="cred-1"'),
)


def acts(message: str, *which: tuple[str, str, str]) -> bytes:
    items = "".join(
        f'<Act case="2026/LIEGE/1" reference="{name}" act="{name}" at="{at}" {more}/>' for name, at, more in which
    )
    return f'<Acts {_HEAD} messageId="{message}">{items}</Acts>'.encode()


async def sent(hub: Hub, *documents: bytes) -> None:
    async with door(hub, await key_of(hub, "register", "register", ["justrestart"])) as register:
        for body in documents:
            answer = await register.post(PATH, content=body, headers={"content-type": "application/xml"})
            assert answer.status_code == 201, answer.text
    await relayed(hub, "hub.rcd")


async def test_acts_in_any_order_and_sent_twice_make_one_case_with_its_terms(hub: Hub) -> None:
    shuffled = list(ACTS)
    random.Random(3).shuffle(shuffled)

    await sent(hub, *(acts(f"m-{n}", one) for n, one in enumerate(shuffled)), acts("again", *ACTS))

    case = await hub.database.pool.fetchrow("SELECT * FROM projection_rcd_case")
    assert case is not None
    assert (case["state"], case["article"], case["unplaced"]) == ("CLAIMS_REMINDER", "1675/9 §3", 0)
    terms = {row["term"]: row for row in await hub.database.pool.fetch("SELECT * FROM projection_rcd_term")}
    assert str(terms["last-claim/cred-1"]["late"]) == "2026-03-17"
    running = {name for name, row in terms.items() if row["state"] == "running"}
    assert running == {"avis", "carence", "annual-report", "last-claim/cred-1"}
    assert await count(hub, "timer", "consumer_group = 'hub.rcd'") == 2 * len(running)  # a reminder, the end
    assert await count(hub, "dead_letter") == 0


async def test_clock_makes_a_proposal_that_the_linked_cpas_reads_in_its_feed(hub: Hub) -> None:
    await sent(hub, acts("m-1", *ACTS))
    await hub.time_machine.advance(max(timedelta(0), datetime(2026, 3, 18, 12, tzinfo=UTC) - datetime.now(UTC)))
    async with hub.bell("hub_timer") as bell:
        clock = hub.fire_timers(bell)
        while await clock.once():
            pass
    await relayed(hub, "hub.rcd")
    async with hub.bell("hub_timer") as bell:
        assert await hub.fire_timers(bell).once() == 0
    await relayed(hub, "hub.rcd")

    rows = await hub.database.pool.fetch("SELECT type FROM feed WHERE institution = 'cpas-1' ORDER BY seq")
    assert [row[0] for row in rows if "foreclosure" in row[0]] == ["be.mediationhub.foreclosure.proposed.v1"]


async def test_act_of_another_kind_of_institution_is_refused(hub: Hub) -> None:
    async with door(hub, await key_of(hub, "cpas-1", "cpas")) as cpas:
        answer = await cpas.post(PATH, content=acts("m", *ACTS), headers={"content-type": "application/xml"})
    assert answer.status_code == 403

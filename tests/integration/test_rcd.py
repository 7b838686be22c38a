"""Acts of the register come by HTTP in any order; the case, its terms, its timers and its feeds follow."""

import json
import random
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub.bootstrap.hub import Hub
from hub.entrypoints.folders import WatchedFolders
from tests.integration.intake_parts import count, door, key_of
from tests.integration.test_returns import relayed
from tests.integration.test_soap_door import TYPES, envelope

pytestmark = pytest.mark.integration
PATH = "/v1/connectors/justrestart/documents"
SOAP = "/v1/connectors/justrestart/soap"
_HEAD = 'xmlns="urn:be:mediationhub:justrestart:1" sender="register" sentAt="2026-06-01T18:00:00+02:00"'
ACTS = (
    ("petition-filed", "2026-01-05T09:00:00+01:00", ""),
    ("admitted", "2026-01-12T09:00:00+01:00", 'institution="cpas-1" court="TT-LIEGE" roleNumber="26/123/B"'),
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


async def test_term_that_ends_during_an_outage_is_proposed_once_the_outage_is_over(hub: Hub) -> None:
    away = ("outage-started", "2026-03-10T09:00:00+01:00", "")
    await sent(hub, acts("m-1", *ACTS, away))
    await moved_to(hub, datetime(2026, 3, 18, 12, tzinfo=UTC))
    assert await _proposals(hub) == 0

    await sent(hub, acts("m-2", ("outage-ended", "2026-03-19T09:00:00+01:00", 'outage="outage-started"')))
    await moved_to(hub, datetime(2026, 3, 19, 12, tzinfo=UTC))

    assert await _proposals(hub) == 1


async def moved_to(hub: Hub, moment: datetime) -> None:
    """Time passes; what is due is told, and what follows from it."""
    await hub.time_machine.advance(max(timedelta(0), moment - datetime.now(UTC)))
    async with hub.bell("hub_timer") as bell:
        clock = hub.fire_timers(bell)
        while await clock.once():
            await relayed(hub, "hub.rcd")


async def _proposals(hub: Hub) -> int:
    return await count(hub, "feed", "institution = 'cpas-1' AND type LIKE '%foreclosure.proposed%'")


async def test_acts_come_by_soap_and_by_folder_too_with_one_receipt_for_one_message(hub: Hub, tmp_path: Path) -> None:
    first, second = acts("by-soap", *ACTS[:2]), acts("by-folder", *ACTS[2:])
    drop = tmp_path / "justrestart" / "register" / "in"
    drop.mkdir(parents=True)
    async with door(hub, await key_of(hub, "register", "register", ["justrestart"])) as register:
        wsdl = await register.get(f"{SOAP}?wsdl")
        answers = [
            await register.post(SOAP, content=envelope(first, "1.2"), headers={"content-type": TYPES["1.2"]})
            for _ in range(2)
        ]
    (drop / "acts.xml").write_bytes(second)
    await WatchedFolders(tmp_path, hub.take_file, poll=timedelta(milliseconds=20)).sweep()
    await relayed(hub, "hub.rcd")

    assert b"justrestart" in wsdl.content
    assert [one.status_code for one in answers] == [200, 200], answers[0].text
    receipts = [re.findall(r"[\w-]{20,}\.[\w-]+\.[\w-]+", one.text) for one in answers]
    assert len(receipts[0]) == 1
    assert receipts[0] == receipts[1]
    assert json.loads((drop.parent / "done" / "acts.xml.answer.json").read_text())["state"] == "accepted"
    case = await hub.database.pool.fetchrow("SELECT state, unplaced FROM projection_rcd_case")
    assert case is not None
    assert tuple(case) == ("CLAIMS_REMINDER", 0)
    assert await count(hub, "document") == 2


async def test_act_of_another_kind_of_institution_is_refused(hub: Hub) -> None:
    async with door(hub, await key_of(hub, "cpas-1", "cpas")) as cpas:
        answer = await cpas.post(PATH, content=acts("m", *ACTS), headers={"content-type": "application/xml"})
    assert answer.status_code == 403

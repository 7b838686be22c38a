"""An outage of the whole register: one document, told to every case, listed for those concerned (ADR 0026)."""

from datetime import datetime
from pathlib import Path

import pytest

from connectors.justrestart.cases import case_of
from hub.bootstrap.hub import Hub
from hub.settings import Settings
from tests.integration.intake_parts import count, door, key_of
from tests.integration.test_institution_command import run
from tests.integration.test_rcd import PATH, sent
from tests.integration.test_returns import relayed

pytestmark = pytest.mark.integration
CASES = tuple(f"2026/LIEGE/{n}" for n in range(1, 4))
_HEAD = 'xmlns="urn:be:mediationhub:justrestart:1" sender="register" sentAt="2026-06-01T18:00:00+02:00"'
START, END = "2026-03-02T08:00:00+01:00", "2026-03-04T18:00:00+01:00"


def admitted(message: str, *cases: str) -> bytes:
    """Each case is mediated by a CPAS of its own."""
    acts = "".join(
        f'<Act case="{case}" reference="{name}" act="{name}" at="2026-01-0{day}T09:00:00+01:00" {more}/>'
        for case in cases
        for name, day, more in (
            ("petition-filed", 5, ""),
            ("admitted", 6, f'institution="cpas-{case[-1]}"'),
            ("admissibility-notified", 7, 'party="cred-1"'),
        )
    )
    return f'<Acts {_HEAD} messageId="{message}">{acts}</Acts>'.encode()


def outage(message: str, *, ended: str = "", started: str = START) -> bytes:
    until = f'endedAt="{ended}"' if ended else ""
    return f'<Outage {_HEAD} messageId="{message}" reference="OUT-7" startedAt="{started}" {until}/>'.encode()


async def away(hub: Hub) -> list[bool]:
    rows = await hub.database.pool.fetch("SELECT outage_open FROM projection_rcd_case ORDER BY case_id")
    return [row["outage_open"] for row in rows]


async def test_one_document_opens_and_ends_the_outage_in_every_case(hub: Hub) -> None:
    await sent(hub, admitted("m-1", *CASES))
    await sent(hub, outage("m-2"))
    assert await away(hub) == [True, True, True]
    await sent(hub, outage("m-3", ended=END), outage("m-4", ended=END))  # told again under another message id
    assert await away(hub) == [False, False, False]
    assert await count(hub, "projection_rcd_outage") == 3
    assert await count(hub, "dead_letter") == 0


async def test_case_that_missed_the_start_learns_all_of_it_with_the_end_and_takes_what_was_done_meanwhile(
    hub: Hub,
) -> None:
    await sent(hub, admitted("m-1", CASES[0]))
    await sent(hub, outage("m-2"))
    await sent(hub, admitted("m-3", CASES[1]))
    assert sorted(await away(hub)) == [False, True]
    claim = (
        f'<Act {_HEAD} messageId="m-5" case="{CASES[1]}" reference="c-1" act="claim-submitted" party="cred-1"'
        ' at="2026-03-03T10:00:00+01:00" outage="OUT-7" evidence="E-1"/>'
    )
    await sent(hub, claim.encode())
    waits = "SELECT unplaced FROM projection_rcd_case WHERE case_id = $1"
    assert await hub.database.pool.fetchval(waits, case_of(CASES[1])) == 1
    await sent(hub, outage("m-6", ended=END))
    assert await hub.database.pool.fetchval(waits, case_of(CASES[1])) == 0


async def test_outage_of_another_register_concerns_none_of_these_cases(hub: Hub) -> None:
    await sent(hub, admitted("m-1", *CASES))
    async with door(hub, await key_of(hub, "register-2", "register", ["justrestart"])) as other:
        body = outage("m-1").replace(b'sender="register"', b'sender="register-2"')
        answer = await other.post(PATH, content=body, headers={"content-type": "application/xml"})
    await relayed(hub, "hub.rcd")
    assert (answer.status_code, answer.json()["events"]) == (201, 0)
    assert await away(hub) == [False, False, False]


async def test_who_is_concerned_reads_past_and_present_outages(hub: Hub, settings: Settings, tmp_path: Path) -> None:
    await sent(hub, admitted("m-1", *CASES))
    await sent(hub, outage("m-2"))
    export = ("rcd", "export", CASES[0], "--to", str(tmp_path / "claims.xlsx"))
    async with (
        door(hub, await key_of(hub, "cpas-1", "cpas", ["justrestart"])) as mediator,
        door(hub, await key_of(hub, "cpas-9", "cpas", ["justrestart"])) as stranger,
    ):
        (open_,) = (await mediator.get("/v1/outages")).json()["outages"]
        assert (open_["outage"], open_["ended_at"], open_["cases"]) == ("OUT-7", None, 1)
        assert "The register is away" in run(settings, *export)
        await sent(hub, outage("m-3", ended=END))
        (past,) = (await mediator.get("/v1/outages")).json()["outages"]
        assert datetime.fromisoformat(past["ended_at"]) == datetime.fromisoformat(END)
        assert (await mediator.get("/v1/outages", params={"before": START})).json() == {"outages": []}
        assert (await stranger.get("/v1/outages")).json() == {"outages": []}
    (all_,) = run(settings, "rcd", "outages", "--json")
    assert "The register is away" not in run(settings, *export)
    assert all_["cases"] == 3


async def test_only_the_register_tells_an_outage_and_it_ends_after_it_began(hub: Hub) -> None:
    async with door(hub, await key_of(hub, "cpas-1", "cpas", ["justrestart"])) as cpas:
        body = outage("m-1").replace(b'sender="register"', b'sender="cpas-1"')
        assert (await cpas.post(PATH, content=body, headers={"content-type": "application/xml"})).status_code == 403
    async with door(hub, await key_of(hub, "register", "register", ["justrestart"])) as register:
        for bad, where in (
            (outage("m-2", started=END, ended=START), "/Outage/@endedAt"),
            (outage("m-3", started="2026-03-02T08:00:00"), "/Outage/@startedAt"),
            (outage("m-4", ended="2027-01-01T00:00:00+01:00"), "/Outage/@endedAt"),
        ):
            answer = await register.post(PATH, content=bad, headers={"content-type": "application/xml"})
            assert answer.status_code == 422, answer.text
            assert where in answer.text
    assert await count(hub, "outbox") == 0

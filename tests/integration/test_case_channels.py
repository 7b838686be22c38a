"""The mediator reads how each party of its case is reached; a lapse to paper holds whatever acts come after it."""

from datetime import UTC, datetime

import pytest

from connectors.justrestart.cases import case_of
from hub.bootstrap.hub import Hub
from hub.settings import Settings
from tests.integration.intake_parts import door, key_of
from tests.integration.test_case_accesses import suggested
from tests.integration.test_institution_command import run
from tests.integration.test_rcd import ACTS, acts, moved_to, sent
from tests.support.claim_sheets import CASE

pytestmark = pytest.mark.integration
CHANNELS = f"/v1/settlements/{case_of(CASE)}/channels"


async def test_mediator_reads_channels_that_lapse_by_the_clock_and_stay_on_paper(hub: Hub, settings: Settings) -> None:
    asked = ("confirmation-asked", "2026-03-06T09:00:00+01:00", 'party="cred-2"')
    claimed = ("claim-submitted", "2026-01-20T09:00:00+01:00", 'party="cred-3"')
    obliged = ("reminder-sent", "2026-02-20T09:00:00+01:00", 'party="cred-4" obliged="true"')
    await sent(hub, acts("m-1", *ACTS, asked, claimed, obliged))
    async with door(hub, await key_of(hub, "cpas-1", "cpas")) as mediator:
        before = (await mediator.get(CHANNELS)).json()
        plan = (await mediator.get(f"{CHANNELS}?communication=plan-sent")).json()["parties"]
        none = (await mediator.get(f"{CHANNELS}?communication=admitted")).json()["parties"]
        wrong = await mediator.get(f"{CHANNELS}?communication=nonsense")
        page = (await mediator.get(f"{CHANNELS}?after=cred-1&limit=1")).json()["parties"]
        await moved_to(hub, datetime(2026, 3, 12, 12, tzinfo=UTC))
        await sent(hub, acts("m-2", ("drafting-started", "2026-03-20T09:00:00+01:00", "")))
        after = (await mediator.get(CHANNELS)).json()
    async with door(hub, await key_of(hub, "cpas-2", "cpas")) as stranger:
        assert (await stranger.get(CHANNELS)).status_code == 404

    assert [(one["party"], one["step"], one["channel"], one["confirm_by"]) for one in before["parties"]] == [
        ("cred-1", "unregistered", "paper", None),
        ("cred-2", "asked", "register", "2026-03-11"),
        ("cred-3", "registered", "register", None),
        ("cred-4", "obliged", "register", None),
    ]
    letter = {"form": "registered-letter-ar", "by": "mediator", "article": "1675/16 §4"}
    assert [one["paper"] for one in plan] == [letter, None, None, None], (
        "a form for who is on paper, and for nobody else"
    )
    assert [one["paper"] for one in none] == [None] * 4
    assert wrong.status_code == 422
    assert [one["party"] for one in page] == ["cred-2"]
    assert {"communication": "plan-sent", **letter} in before["paper"]
    assert before["reproduces"] == "1675/15bis §1"
    assert [(one["step"], one["channel"]) for one in after["parties"]][1] == ("lapsed", "paper")
    assert [one["step"] for one in run(settings, "rcd", "channels", CASE, "--json")] == [
        "unregistered",
        "lapsed",
        "registered",
        "obliged",
    ]
    joined = run(settings, "rcd", "channels", CASE, "--communication", "closed", "--json")
    assert [one["paper"] for one in joined][:2] == ["pli-judiciaire, by greffier (1675/16 §2, 2°)"] * 2


async def test_whoever_asks_for_a_case_is_told_that_the_register_is_away(hub: Hub) -> None:
    """AR 11 Oct 2023, art. 7 (§4.3)."""
    await sent(hub, acts("m-1", *ACTS, ("outage-started", "2026-03-10T09:00:00+01:00", "")))
    await suggested(hub)
    asked = (CHANNELS, CHANNELS.replace("channels", "claims"), "/v1/settlements/actions")
    async with door(hub, await key_of(hub, "cpas-1", "cpas")) as mediator:
        during = [(await mediator.get(path)).headers.get("hub-register-outage") for path in asked]
        await sent(hub, acts("m-2", ("outage-ended", "2026-03-11T09:00:00+01:00", 'outage="outage-started"')))
        later = [(await mediator.get(path)).headers.get("hub-register-outage") for path in asked]

    assert during == ["open"] * 3
    assert later == [None] * 3

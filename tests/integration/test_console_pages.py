"""Every page of the console in a real browser: accessible, within its policy, in both sizes and both schemes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe

from hub.application.dead_letters.selection import Selection
from hub.bootstrap.hub import Hub
from tests.support.console import Visit, bad_day, browser_of, console_of, visit_of

pytestmark = pytest.mark.integration
PICTURES = Path("build/console")
SIZES = ((1440, 900), (1280, 720))
SCHEMES = ("light", "dark")


async def places(hub: Hub) -> dict[str, str]:
    """A path of every kind of page."""
    letter = await hub.database.pool.fetchval(
        "SELECT id FROM dead_letter WHERE institution = 'fca' AND state = 'waiting' AND origin = 'record' LIMIT 1"
    )
    unreadable = await hub.database.pool.fetchval("SELECT id FROM dead_letter WHERE value = '{}' LIMIT 1")
    refused = await hub.database.pool.fetchval("SELECT id FROM dead_letter WHERE origin = 'document' LIMIT 1")
    group = (await hub.letter_groups.counted(Selection()))[0]["fingerprint"]
    plan = await hub.plans.make(Selection(fingerprint=group), verb="replay", who="olga")
    asked = await hub.jobs.ask(
        plan.id, who="olga", reason="mended in 0.1.1", typed=hub.jobs.confirmation(plan) or "", everything=True
    )
    dossier = await hub.database.pool.fetchval("SELECT dossier FROM projection_dossier LIMIT 1")
    return {
        "overview": "/",
        "groups": "/groups",
        "groups-by-type": "/groups?by=type",
        "group": f"/groups/{group}",
        "letters": "/letters",
        "letters-none": "/letters?text=nothing-is-like-this",
        "letter": f"/letters/{letter}",
        "letter-unreadable": f"/letters/{unreadable}",
        "letter-document": f"/letters/{refused}",
        "edit": f"/letters/{letter}/edit",
        "document": f"/letters/{refused}/document",
        "window": "/windows",
        "plan": f"/plans/{plan.id}",
        "jobs": "/jobs",
        "job": f"/jobs/{asked.id}",
        "audit": "/audit",
        "institutions": "/institutions",
        "connectors": "/connectors",
        "dossiers": "/dossiers",
        "dossier": f"/dossiers/{dossier}",
    }


@pytest.fixture
async def busy(hub: Hub, topics_ready: None) -> AsyncIterator[tuple[str, dict[str, str]]]:
    """The console after a bad day, and its pages."""
    del topics_ready
    await bad_day(hub)
    async with console_of(hub) as url:
        yield url, await places(hub)


async def picture(visit: Visit, name: str) -> None:
    await visit.page.screenshot(path=PICTURES / f"{name}.png")


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_every_page_is_accessible_and_nothing_breaks_its_policy(
    busy: tuple[str, dict[str, str]], scheme: str
) -> None:
    url, pages = busy
    found: dict[str, list[str]] = {}
    async with browser_of() as browser:
        for width, height in SIZES:
            size = {"viewport": {"width": width, "height": height}, "color_scheme": scheme}
            async with visit_of(browser, url, "olga", **size) as visit:
                for name, path in pages.items():
                    page = await visit.go(path)
                    results = await Axe().run(page)
                    await picture(visit, f"{name}-{width}-{scheme}")
                    wide = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
                    bad = [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in results.response["violations"]]
                    found[f"{name} {width}"] = [*bad, *(["it scrolls sideways"] if wide > 0 else [])]
                assert visit.complaints == []
    assert {name: bad for name, bad in found.items() if bad} == {}


async def test_sign_in_and_failures_are_accessible(busy: tuple[str, dict[str, str]]) -> None:
    url, _ = busy
    async with browser_of() as browser:
        page = await browser.new_page(locale="nl-BE")
        await page.goto(f"{url}/letters")
        await page.screenshot(path=PICTURES / "sign-in.png")
        assert await page.title() == "Aanmelden · Bemiddelingshub"
        assert (await Axe().run(page)).response["violations"] == []
        async with visit_of(browser, url, "olga") as visit:
            await visit.page.goto(f"{url}/letters/00000000-0000-0000-0000-000000000000")
            assert (await Axe().run(visit.page)).response["violations"] == []
            assert await visit.page.locator("h1").inner_text() == "Refused; nothing was changed"

"""Letters that go back to their sender, elsewhere, or on as another document; windows and files: in a real browser."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, Page, expect

from hub.adapters.localstack.running import RunningStack
from hub.bootstrap.hub import Hub
from tests.integration.broken import GROUP, person
from tests.integration.post_office import PostOffice
from tests.integration.test_console_flows import entries, letter_of_the_chamber, runner
from tests.integration.test_consume import count, notice, strike
from tests.integration.test_outward_letters import refused_document, refused_mail
from tests.integration.test_rules_and_windows import relayed
from tests.support.console import Visit, bad_day, browser_of, console_of, visit_of

pytestmark = pytest.mark.integration


@pytest.fixture
async def url(hub: Hub) -> AsyncIterator[str]:
    async with console_of(hub) as found:
        yield found


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with browser_of() as found:
        yield found


@pytest.fixture
async def olga(url: str, browser: Browser) -> AsyncIterator[Visit]:
    async with visit_of(browser, url, "olga") as visit:
        yield visit


async def asked(page: Page, reason: str, button: str) -> str:
    """The planned job, asked for; its path."""
    await page.fill("#reason", reason)
    await page.get_by_role("button", name=button).click()
    await page.wait_for_url("**/jobs/*")
    return page.url.partition("?")[0]


async def approved(hub: Hub, browser: Browser, url: str, job: str) -> None:
    """By somebody else, and run to its end."""
    async with visit_of(browser, url, "april") as april:
        page = await april.go(job.removeprefix(url))
        await page.get_by_role("button", name="Approve").click()
        async with runner(hub):
            await expect(page.locator("h2 .state")).to_have_text("done", timeout=30_000)


async def test_letter_is_returned_to_its_sender_with_what_she_is_told(hub: Hub, olga: Visit) -> None:
    await bad_day(hub, persons=2)
    letter = await letter_of_the_chamber(hub)
    page = await olga.go(f"/letters/{letter}")
    await page.locator("summary", has_text="Return to sender").click()
    await page.fill("#where", "/Strike/@notice")
    await page.locator("details:has(#code)").get_by_role("button", name="See the plan").click()
    await expect(page.locator("h1")).to_have_text("Return to sender · 1 letters")
    await asked(page, "the number is wrong", "Return to sender now")

    async with runner(hub):
        await expect(page.locator("h2 .state")).to_have_text("done", timeout=30_000)

    await olga.go(f"/letters/{letter}")
    await expect(page.locator(".under .state")).to_have_text("returned")
    assert await count(hub, "feed", "institution = 'fca' AND type LIKE '%returned%'") == 1
    assert ("olga", "return", "done") in [one[:3] for one in await entries(hub, f"letter {letter}")]
    assert olga.complaints == []


async def test_mail_is_redirected_once_a_second_person_approved(
    hub: Hub, stack: RunningStack, url: str, browser: Browser, olga: Visit
) -> None:
    mails = PostOffice(hub, stack)
    try:
        office, letter = await refused_mail(mails)
        other = await mails.office("o992")
        page = await olga.go(f"/letters/{letter}")
        await page.locator("summary", has_text="Redirect").click()
        form = page.locator("details:has(#office)")
        await form.get_by_role("button", name="See the plan").click()
        assert await page.locator("#office").evaluate("one => !one.validity.valid"), "the page itself wants an office"
        await page.fill("#office", other)
        await form.get_by_role("button", name="See the plan").click()
        job = await asked(page, "the office moved", "Ask for approval")

        await approved(hub, browser, url, job)
        await mails.worker().once()

        assert (len(mails.mails(office)), len(mails.mails(other))) == (0, 1)
        await olga.go(f"/letters/{letter}")
        await expect(page.locator(".under .state")).to_have_text("redirected")
    finally:
        await mails.close()


async def test_refused_document_is_corrected_as_xml_by_two_administrators(
    hub: Hub, url: str, browser: Browser, olga: Visit
) -> None:
    _, letter = await refused_document(hub)
    page = await olga.go(f"/letters/{letter}")
    await page.get_by_role("link", name="Correct the document").click()
    await page.get_by_role("button", name="Open the document").click()
    await expect(page.get_by_role("alert")).to_have_text("Say what for: the purpose stands in the audit.")
    await page.fill("#purpose", "its sender asked for it")
    await page.get_by_role("button", name="Open the document").click()
    xml = await page.locator("#xml").input_value()
    await page.get_by_role("button", name="See the plan").click()
    await expect(page.get_by_role("alert")).to_contain_text("/Claim/@version")
    await page.fill("#xml", xml.replace('version="x"', 'version="1"'))
    await page.get_by_role("button", name="See the plan").click()
    job = await asked(page, "agreed with the office", "Ask for approval")

    async with visit_of(browser, url, "april") as april:
        seen = await april.go(job.removeprefix(url))
        await seen.get_by_role("link", name="See what the edit changes, for a purpose").click()
        assert 'version="x"' not in await seen.content()
        await seen.fill("#purpose", "to approve it")
        await seen.get_by_role("button", name="Open the document").click()
        await expect(seen.locator(".added").last).to_contain_text('version="1"')
    await approved(hub, browser, url, job)
    await expect(page.locator("h2 .state")).to_have_text("done")  # the page follows by itself

    await olga.go(f"/letters/{letter}")
    await expect(page.locator(".under .state")).to_have_text("edited")
    assert await count(hub, "document", "state = 'accepted'") == 1
    rows = await hub.database.pool.fetch("SELECT DISTINCT who, purpose FROM reveal ORDER BY who")
    assert [tuple(row) for row in rows] == [("april", "to approve it"), ("olga", "its sender asked for it")]


async def test_viewer_opens_no_document(hub: Hub, url: str, browser: Browser) -> None:
    _, letter = await refused_document(hub)
    async with visit_of(browser, url, "victor") as victor:
        page = await victor.go(f"/letters/{letter}")
        await expect(page.get_by_role("link", name="Correct the document")).to_have_count(0)
        assert await victor.posts(f"/letters/{letter}/document", purpose="curiosity") == 403
        assert await victor.posts(f"/letters/{letter}/document/plan", xml="<x/>") == 403
        assert await victor.posts("/windows", group=GROUP, topic="fca-notices") == 403
        assert (await victor.context.request.get(f"{url}/letters/export")).status == 403
    assert await count(hub, "reveal") == 0
    assert await count(hub, "audit", "who = 'victor' AND outcome = 'denied'") == 4


@pytest.mark.usefixtures("topics_ready")
async def test_window_is_planned_and_replayed_for_one_group(hub: Hub, url: str, browser: Browser, olga: Visit) -> None:
    since = datetime.now(UTC) - timedelta(minutes=1)
    until = await relayed(hub, notice(person(1), "B"), notice(person(2), "C"), strike(person(3), "unknown"))
    page = await olga.go("/jobs")
    await page.get_by_role("link", name="Replay a window").click()
    await page.select_option("#group", GROUP)
    await page.select_option("#topic", "cia-claims")
    await page.fill("#since", local(since))
    await page.fill("#until", local(until + timedelta(seconds=1)))
    await page.get_by_role("button", name="See the plan").click()
    await expect(page.get_by_role("alert")).to_contain_text("This group does not read that topic")
    await page.select_option("#topic", "fca-notices")
    await page.get_by_role("button", name="See the plan").click()
    await expect(page.locator("h1")).to_have_text("Replay of a window · 3 records")
    await expect(page.locator("table").first).to_contain_text("would be handled")
    await page.fill("#typed", "WINDOW 3")
    job = await asked(page, "lost by a reset", "Ask for approval")

    await approved(hub, browser, url, job)

    assert await count(hub, "projection_notice") == 2
    assert await count(hub, "dead_letter") == 1


def local(moment: datetime) -> str:
    """As an administrator in Belgium types it."""
    return moment.astimezone(ZoneInfo("Europe/Brussels")).strftime("%Y-%m-%dT%H:%M:%S")


async def test_what_the_filters_find_is_taken_away_as_a_file(hub: Hub, olga: Visit, tmp_path: Path) -> None:
    await bad_day(hub, persons=3)
    page = await olga.go("/letters?text=bad-release")
    async with page.expect_download() as coming:
        await page.get_by_role("link", name="Export").click()
    file = tmp_path / (await coming.value).suggested_filename
    await (await coming.value).save_as(file)

    assert file.name == "letters.ndjson"
    assert len(file.read_text(encoding="utf-8").splitlines()) == 3
    assert ("olga", "export", "done") in [one[:3] for one in await entries(hub, "letters")]

"""Administrators at work in the console, in a real browser: find, understand, reveal, replay, plan, approve."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import pytest
from playwright.async_api import Browser, expect

from hub.application.dead_letters.selection import Selection
from hub.bootstrap.hub import Hub
from hub.domain.messaging.retry import Backoff
from tests.integration.broken import GROUP
from tests.integration.test_consume import notice, strike
from tests.support.console import Visit, bad_day, browser_of, console_of, visit_of
from tests.support.documents import niss_of

pytestmark = pytest.mark.integration
EDITED = "p" + "e" * 32


@pytest.fixture
async def url(hub: Hub) -> AsyncIterator[str]:
    await bad_day(hub)
    async with console_of(hub) as found:
        yield found


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with browser_of() as found:
        yield found


@pytest.fixture
async def olga(url: str, browser: Browser) -> AsyncIterator[Visit]:
    """An operator at her desk."""
    async with visit_of(browser, url, "olga") as visit:
        yield visit


@asynccontextmanager
async def runner(hub: Hub) -> AsyncIterator[None]:
    """``hub replay`` at work."""
    async with hub.bell("hub_replay") as bell:
        task = asyncio.create_task(hub.run_jobs.run(bell, Backoff(first=timedelta(milliseconds=50), most=timedelta(1))))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def letter_of_the_chamber(hub: Hub) -> str:
    return str(
        await hub.database.pool.fetchval(
            "SELECT id FROM dead_letter WHERE source LIKE '%fca%' AND origin = 'record' ORDER BY key"
        )
    )


async def largest(hub: Hub) -> str:
    return str((await hub.letter_groups.counted(Selection()))[0]["fingerprint"])


async def entries(hub: Hub, what: str) -> list[tuple[str, str, str, str]]:
    rows = await hub.audit.listed(before=None, who=None, what=what, limit=50)
    return [(row["who"], row["verb"], row["outcome"], row["reason"]) for row in reversed(rows)]


async def test_personal_data_is_masked_until_a_field_is_revealed_for_a_purpose(
    hub: Hub, url: str, browser: Browser, olga: Visit
) -> None:
    letter = await letter_of_the_chamber(hub)
    page = await olga.go(f"/letters/{letter}")
    identifier = page.locator('.facts > div:has(input[value="debtor_identifier"]) dd')
    await expect(identifier).to_have_text("••••••••")
    masked = await page.content()
    assert [n for n in (1, 2, 3) if niss_of(n) in masked] == []

    await page.get_by_role("button", name="Reveal for 5 minutes").click()
    await expect(page.get_by_role("alert")).to_have_text("Say what for: the purpose stands in the audit.")
    await page.check('input[value="debtor_identifier"]')
    await page.fill("#purpose", "call 4711 of the Chamber")
    await page.get_by_role("button", name="Reveal for 5 minutes").click()

    shown = await identifier.inner_text()
    assert shown in {niss_of(n) for n in (1, 2, 3)}
    await expect(page.locator('.facts > div:has(input[value="reason"]) dd')).to_have_text("••••••••")
    async with visit_of(browser, url, "april") as april:
        other = await april.go(f"/letters/{letter}")
        assert shown not in await other.content()
    assert ("olga", "reveal", "done", "call 4711 of the Chamber") in await entries(hub, f"letter {letter}")
    logged = await hub.database.pool.fetch("SELECT DISTINCT who, purpose FROM reveal")
    assert [tuple(row) for row in logged] == [("olga", "call 4711 of the Chamber")]


async def test_revealed_field_is_masked_again_when_its_time_is_over(hub: Hub, olga: Visit) -> None:
    letter = await letter_of_the_chamber(hub)
    page = await olga.go(f"/letters/{letter}")
    await page.check('input[value="debtor_identifier"]')
    await page.fill("#purpose", "call 4711")
    await page.get_by_role("button", name="Reveal for 5 minutes").click()
    await expect(page.locator(".open")).to_have_count(1)

    await hub.database.pool.execute("UPDATE reveal_grant SET expires_at = now() + interval '2 seconds'")
    await page.reload()

    await page.wait_for_url("**said=masked")
    await expect(page.locator(".open")).to_have_count(0)


async def test_erased_person_is_told_and_not_shown(hub: Hub, olga: Visit) -> None:
    letter = await letter_of_the_chamber(hub)
    key = await hub.database.pool.fetchval("SELECT key FROM dead_letter WHERE id = $1::uuid", letter)
    await hub.erase.person(key)
    page = await olga.go(f"/letters/{letter}")
    await page.check('input[value="debtor_identifier"]')
    await page.fill("#purpose", "call 4711")
    await page.get_by_role("button", name="Reveal for 5 minutes").click()

    await expect(page.get_by_text("This person was erased")).to_be_visible()
    await expect(page.locator(".open")).to_have_count(0)


async def test_body_that_nobody_can_read_is_masked_as_a_whole(hub: Hub, olga: Visit) -> None:
    letter = await hub.database.pool.fetchval("SELECT id FROM dead_letter WHERE value = '{}' LIMIT 1")
    page = await olga.go(f"/letters/{letter}")
    await page.check('input[value="body"]')
    await page.fill("#purpose", "what did they send")
    await page.get_by_role("button", name="Reveal for 5 minutes").click()

    await expect(page.locator(".open")).to_have_text("{}")


async def test_letter_is_replayed_with_a_reason_and_what_waited_follows(hub: Hub, olga: Visit) -> None:
    letter = await hub.database.pool.fetchval(
        "SELECT letter FROM parked_key JOIN parked_record USING (consumer_group, key)"
        " JOIN dead_letter ON dead_letter.id = letter WHERE reason LIKE '%bad-release%' LIMIT 1"
    )
    page = await olga.go(f"/letters/{letter}")
    await page.fill("#reason", "mended in 0.1.1")
    await page.get_by_role("button", name="Replay now").click()

    await expect(page.get_by_role("status")).to_contain_text("Replayed")
    await expect(page.locator(".under .state")).to_have_text("replayed")
    await expect(page.get_by_role("button", name="Replay now")).to_be_disabled()
    await expect(page.get_by_text("It was dealt with and nothing waits behind it.").first).to_be_visible()
    assert ("olga", "replay", "done", "mended in 0.1.1") in await entries(hub, f"letter {letter}")


async def test_letter_that_fails_again_says_so(hub: Hub, olga: Visit) -> None:
    page = await olga.go(f"/letters/{await letter_of_the_chamber(hub)}")
    await page.fill("#reason", "let us see")
    await page.get_by_role("button", name="Replay now").click()

    await expect(page.get_by_role("status")).to_contain_text("It failed again; nothing went past it.")


async def test_group_is_planned_asked_and_followed_live(hub: Hub, olga: Visit) -> None:
    page = await olga.go(f"/groups/{await largest(hub)}")
    await page.get_by_role("button", name="Plan for 12 letters").click()
    await expect(page.locator("h1")).to_have_text("Replay · 12 letters")
    await expect(page.locator("table").first.get_by_text("would succeed")).to_be_visible()
    await page.fill("#reason", "mended in 0.1.1")
    await page.fill("#typed", "REPLAY 11")
    await page.get_by_role("button", name="Replay now").click()
    assert await page.locator("#typed").evaluate("one => !one.validity.valid"), "the page itself wants the words"
    await page.fill("#typed", "REPLAY 12")
    await page.get_by_role("button", name="Replay now").click()
    await expect(page.locator("h2 .state")).to_have_text("running")

    async with runner(hub):  # nobody touches the page from here on
        await expect(page.locator("h2 .state")).to_have_text("done", timeout=30_000)

    await expect(page.locator(".legend")).to_contain_text("done 12")
    await expect(page.locator(".legend-end")).to_have_text("100 %")
    await olga.go("/jobs")
    await expect(page.locator("tbody tr")).to_have_count(1)
    assert olga.complaints == []


async def test_skip_waits_for_a_second_person(hub: Hub, url: str, browser: Browser) -> None:
    letter = await letter_of_the_chamber(hub)
    async with visit_of(browser, url, "both") as asker, visit_of(browser, url, "april") as april:
        page = await asker.go(f"/letters/{letter}")
        await page.select_option("#verb", "skip")
        await page.get_by_role("button", name="See the plan").first.click()
        await page.fill("#reason", "sent twice")
        await page.check('input[name="everything"]')
        await page.get_by_role("button", name="Ask for approval").click()
        await expect(page.get_by_role("button", name="Approve")).to_be_disabled()
        await expect(page.get_by_text("Another administrator must approve this.").first).to_be_visible()
        job = page.url.partition("?")[0].removeprefix(url)
        assert await asker.posts(f"{job}/approve") == 409

        overview = await april.go("/")
        await overview.locator(".attention a").first.click()
        await overview.get_by_role("button", name="Approve").click()
        await expect(overview.get_by_role("status").first).to_contain_text("Approved")
        async with runner(hub):
            await expect(overview.locator("h2 .state")).to_have_text("done", timeout=30_000)

    state = await hub.database.pool.fetchval("SELECT state FROM dead_letter WHERE id = $1::uuid", letter)
    assert state == "skipped"
    verbs = [(who, verb, outcome) for who, verb, outcome, _ in await entries(hub, job[1:].replace("jobs/", "job "))]
    assert verbs[:3] == [("both", "ask", "done"), ("both", "approve", "refused"), ("april", "approve", "done")]


async def test_chosen_letters_are_archived_and_restored(hub: Hub, olga: Visit) -> None:
    page = await olga.go("/letters")
    await page.keyboard.press("j")
    await page.keyboard.press("x")
    await page.keyboard.press("j")
    await page.keyboard.press("x")
    await page.select_option("#verb", "archive")
    await page.get_by_role("button", name="See the plan").click()
    await expect(page.locator("h1")).to_have_text("Archive · 2 letters")
    await page.fill("#reason", "later")
    await page.get_by_role("button", name="Archive now").click()
    async with runner(hub):
        await expect(page.locator("h2 .state")).to_have_text("done", timeout=30_000)
    await olga.go("/letters?state=archived")
    await expect(page.locator("tbody tr")).to_have_count(2)


async def test_edit_is_seen_and_approved_by_a_second_person_and_solves_the_letter(
    hub: Hub, url: str, browser: Browser, olga: Visit
) -> None:
    await hub.consume(GROUP).handle([notice(EDITED, "C"), strike(EDITED, "c"), notice(EDITED, "D")])
    letter = await hub.database.pool.fetchval("SELECT id FROM dead_letter WHERE key = $1", EDITED)
    page = await olga.go(f"/letters/{letter}")
    await page.get_by_role("link", name="Edit and replay").click()
    await expect(page.locator('input[name="header:ce_id"]')).to_have_count(0)
    await page.fill("#body", "{not json")
    await page.get_by_role("button", name="See the plan").click()
    await expect(page.get_by_role("alert")).to_have_text("This is no JSON.")
    await page.fill("#body", '{"notice": "C", "struck_on": 5}')
    await page.get_by_role("button", name="See the plan").click()
    await expect(page.get_by_role("alert")).to_contain_text("the edited event is not valid")
    await page.fill("#body", '{"notice": "C", "struck_on": "2026-03-02"}')
    await page.get_by_role("button", name="See the plan").click()
    await expect(page.locator(".added")).to_contain_text(['"notice": "C"'])
    await page.fill("#reason", "capital letter, agreed with the Chamber")
    await page.get_by_role("button", name="Ask for approval").click()
    await page.wait_for_url("**/jobs/*")

    async with visit_of(browser, url, "april") as april:
        seen = await april.go(page.url.partition("?")[0].removeprefix(url))
        await expect(seen.locator(".removed")).to_contain_text(['"notice": "c"'])
        await seen.get_by_role("button", name="Approve").click()
        async with runner(hub):
            await expect(seen.locator("h2 .state")).to_have_text("done", timeout=30_000)

    await olga.go(f"/letters/{letter}")
    await expect(page.locator(".under .state")).to_have_text("edited")
    await expect(page.get_by_role("link", name="Edit and replay")).to_have_count(0)


async def test_content_that_nobody_can_read_is_edited_only_after_it_was_revealed(hub: Hub, olga: Visit) -> None:
    letter = await hub.database.pool.fetchval("SELECT id FROM dead_letter WHERE value = '{}' LIMIT 1")
    answer = await olga.page.goto(f"{olga.url}/letters/{letter}/edit")
    assert answer is not None
    assert answer.status == 409
    await expect(olga.page.get_by_text("This content is masked: reveal it first")).to_be_visible()

    page = await olga.go(f"/letters/{letter}")
    await page.check('input[value="body"]')
    await page.fill("#purpose", "to mend what they sent")
    await page.get_by_role("button", name="Reveal for 5 minutes").click()
    await olga.go(f"/letters/{letter}/edit")
    await expect(page.locator("#body")).to_have_value("{}")


async def test_group_waits_for_a_release_until_the_rule_is_taken_away(hub: Hub, olga: Visit) -> None:
    group = await largest(hub)
    page = await olga.go(f"/groups/{group}")
    await page.fill("#rule-release", "9.9")
    await page.fill("#rule-reason", "the fix is merged")
    await page.get_by_role("button", name="Let it wait for a release").click()
    await expect(page.get_by_text("Waits for 9.9, asked by olga, until")).to_be_visible()
    assert [one.release for one in await hub.fingerprint_rules.listed()] == ["9.9"]

    await page.get_by_role("button", name="Take the rule away").click()

    await expect(page.get_by_role("status")).to_have_text("The rule is gone.")
    assert await hub.fingerprint_rules.listed() == []


async def test_group_is_owned_and_noted(hub: Hub, olga: Visit) -> None:
    group = await largest(hub)
    page = await olga.go(f"/groups/{group}")
    await page.fill("#owner", "bert")
    await page.select_option("#state", "fix released")
    await page.fill("#note", "release 0.1.2 is out")
    await page.get_by_role("button", name="Save").click()

    await expect(page.get_by_role("status")).to_have_text("Saved.")
    await expect(page.locator(".note").first).to_contain_text("release 0.1.2 is out")
    shown = await hub.letter_groups.shown(group)
    assert (shown["owner"], shown["state"]) == ("bert", "fix released")


async def test_viewer_sees_disabled_buttons_that_say_why(hub: Hub, url: str, browser: Browser) -> None:
    async with visit_of(browser, url, "victor") as visit:
        for path in (f"/letters/{await letter_of_the_chamber(hub)}", f"/groups/{await largest(hub)}", "/letters"):
            page = await visit.go(path)
            buttons = page.locator("main form[method=post] button")
            assert await buttons.count() > 0
            for n in range(await buttons.count()):
                await expect(buttons.nth(n)).to_be_disabled()
            await expect(page.get_by_text("This needs the role operator.").first).to_be_visible()


async def test_console_is_used_without_a_mouse(olga: Visit) -> None:
    page = olga.page
    await page.keyboard.press("Tab")
    await expect(page.locator(".skip")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#main")).to_be_focused()
    await page.keyboard.press("?")
    await expect(page.locator("#keys")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.keyboard.press("g")
    await page.keyboard.press("g")
    await page.wait_for_url("**/groups")
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/groups/*")
    await page.keyboard.press("/")
    await page.keyboard.type("never registered")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/letters?text=never+registered")
    await expect(page.locator("tbody tr")).to_have_count(3)


async def test_an_id_is_found_whatever_it_names(hub: Hub, olga: Visit) -> None:
    letter, group = await letter_of_the_chamber(hub), await largest(hub)
    dossier = await hub.database.pool.fetchval("SELECT dossier FROM projection_dossier LIMIT 1")
    key = await hub.database.pool.fetchval("SELECT key FROM dead_letter WHERE id = $1::uuid", letter)
    for asked, place in (
        (letter.upper(), f"/letters/{letter}"),
        (group, f"/groups/{group}"),
        (dossier, f"/dossiers/{dossier}"),
        (key, f"/letters?state=any&key={key}"),
    ):
        await olga.page.fill("#find", asked)
        await olga.page.keyboard.press("Enter")
        await expect(olga.page).to_have_url(f"{olga.url}{place}")


async def test_broken_audit_is_named(hub: Hub, olga: Visit) -> None:
    page = await olga.go("/audit")
    await page.get_by_role("button", name="Verify the chain").click()
    await expect(page.get_by_role("status")).to_contain_text("unbroken")

    await hub.database.pool.execute("UPDATE audit SET who = 'nobody' WHERE seq = 3")
    await page.get_by_role("button", name="Verify the chain").click()

    await expect(page.get_by_role("alert")).to_contain_text("Entry 3 is broken")


async def test_service_is_suspended_with_a_reason_and_asked_again(hub: Hub, olga: Visit) -> None:
    page = await olga.go("/connectors")
    await page.select_option("#suspend", "bcss/income")
    await page.fill("#why", "announced maintenance")
    await page.get_by_role("button", name="Suspend").click()
    await expect(page.locator('tr:has-text("bcss/income") .state')).to_have_text("suspended")
    await olga.go("/")
    await expect(page.locator(".attention")).to_contain_text("announced maintenance", timeout=20_000)
    await olga.go("/connectors")
    await page.get_by_role("button", name="Ask again").click()
    await expect(page.locator('tr:has-text("bcss/income") .state')).to_have_text("open")
    assert [verb for _, verb, _, _ in await entries(hub, "service bcss/income")] == [
        "suspend service",
        "resume service",
    ]


async def test_administrator_leaves_and_the_way_back_is_closed(url: str, olga: Visit) -> None:
    await olga.page.get_by_role("button", name="Sign out").click()
    await olga.page.wait_for_url(f"{url}/sign-in")
    await olga.page.goto(f"{url}/letters")
    await olga.page.wait_for_url("**/sign-in?next=/letters")

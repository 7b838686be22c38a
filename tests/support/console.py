"""The console of a hub that has seen a bad day, and administrators who sign in to it with a real browser."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright

from hub.application.administer.ports import Administrator
from hub.application.dead_letters.selection import Selection
from hub.application.envelope import kafka_headers
from hub.application.ports import Record
from hub.bootstrap.hub import Hub
from hub.entrypoints.console.app import create_console
from hub.entrypoints.console.watch import Watch
from hub.entrypoints.http.server import serving
from tests.integration.broken import GROUP, number_of, of, person, release
from tests.integration.intake_parts import door, key_of
from tests.integration.test_consume import opened_dossier
from tests.support import documents
from tests.support.browser import chromium

PASSWORD = "a quiet orange river"
FCA = "/v1/connectors/fca/documents"
ACCOUNTS = {
    "olga": ("operator",),
    "victor": ("viewer",),
    "april": ("approver",),
    "both": ("operator", "approver"),
}


@asynccontextmanager
async def console_of(hub: Hub) -> AsyncIterator[str]:
    """The console's address; its accounts exist."""
    for name, roles in ACCOUNTS.items():
        await hub.administrators.add(Administrator(name=name, roles=roles, language="en"), PASSWORD, who="cli:test")
    watch = Watch(hub, every=0.2, rest=1)
    looking = asyncio.create_task(watch.run())
    try:
        async with serving(create_console(hub, watch), host="127.0.0.1", port=0, grace=1) as port:
            yield f"http://127.0.0.1:{port}"
    finally:
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking


@asynccontextmanager
async def browser_of() -> AsyncIterator[Browser]:
    """A real Chromium."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        try:
            yield browser
        finally:
            await browser.close()


@dataclass
class Visit:
    """A signed-in administrator's browser; ``complaints``: what the browser's own console said."""

    url: str
    page: Page
    context: BrowserContext
    complaints: list[str] = field(default_factory=list)

    async def go(self, path: str) -> Page:
        """Open a page of the console."""
        answer = await self.page.goto(f"{self.url}{path}")
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"
        return self.page

    async def posts(self, path: str, **form: str) -> int:
        """Post as a page of ours would, past its buttons; the status."""
        token = await self.page.locator("input[name=token]").first.get_attribute("value")
        answer = await self.context.request.post(
            f"{self.url}{path}",
            form={"token": token or "", **form},
            headers={"Origin": self.url},
            max_redirects=0,
        )
        return answer.status


@asynccontextmanager
async def visit_of(browser: Browser, url: str, name: str, **options: Any) -> AsyncIterator[Visit]:
    """Sign somebody in."""
    context = await browser.new_context(**{"viewport": {"width": 1440, "height": 900}, "locale": "en", **options})
    page = await context.new_page()
    visit = Visit(url, page, context)
    page.on("console", lambda said: _complain(visit, said))
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    await page.goto(f"{url}/sign-in")
    await page.fill("#name", name)
    await page.fill("#password", PASSWORD)
    await page.click("form button")
    await page.wait_for_url(f"{url}/")
    try:
        yield visit
    finally:
        await context.close()


def _complain(visit: Visit, said: ConsoleMessage) -> None:
    if said.type in {"error", "warning"}:
        visit.complaints.append(said.text)


async def bad_day(hub: Hub, *, persons: int = 12) -> None:
    """A bad release, strikes that came too early, bytes that nobody can read; a dossier, deadlines, notes."""
    with release(hub, lambda event: number_of(event) == "A", "bad-release"):
        for n in range(persons):
            await hub.consume(GROUP).handle(of(person(n), "A", *(f"B{one}" for one in range(n % 4))))
    await hub.consume(GROUP).handle([opened_dossier(person(90 + n))._replace(value=b"{}") for n in range(2)])
    await _through_the_doors(hub)
    await hub.database.pool.execute(
        "INSERT INTO timer (consumer_group, key, name, due, type, data, event_key, correlationid)"
        " SELECT consumer_group, key, 'expiry', now() + interval '30 hours', 't', '{}', key, key"
        " FROM parked_key ORDER BY key LIMIT 3"
    )
    largest = (await hub.letter_groups.counted(Selection()))[0]["fingerprint"]
    await hub.letter_groups.change(
        largest, who="olga", owner="olga", state="acknowledged", release="0.1.1", note="The fold refuses notices A."
    )


async def _through_the_doors(hub: Hub) -> None:
    """Documents of the Chamber that fail; a client registered by her CPAS."""
    xml = {"content-type": "application/xml"}
    async with door(hub, await key_of(hub, "fca", "fca", ["fca"])) as fca:
        for n in (1, 2, 3):
            strike = documents.strike(f"s-{n}", n, number=f"2026-99999{n}")
            assert (await fca.post(FCA, content=strike, headers=xml)).status_code == 201
            notice = documents.notice(f"n-{n}", n, "etude-001")
            assert (await fca.post(FCA, content=notice, headers=xml)).status_code == 201
        assert (await fca.post(FCA, content=b"<Notice/>", headers=xml)).status_code in {400, 422}
    kind = "be.mediationhub.client.register.v1"
    async with door(hub, await key_of(hub, "cpas-001", "cpas", types=[kind])) as cpas:
        event = documents.registration("register-5", 5, cpas="cpas-001")
        answer = await cpas.post(
            "/v1/events", json=dict(event), headers={"content-type": "application/cloudevents+json"}
        )
        assert answer.status_code in {200, 201}, answer.text
    await key_of(hub, "etude-001", "office", ["cia"])
    await relayed(hub, GROUP, "hub.mediation")


async def relayed(hub: Hub, *groups: str) -> None:
    """What the outbox holds reaches these groups, until nothing new comes of it."""
    while rows := await hub.database.pool.fetch("DELETE FROM outbox RETURNING seq, topic, key, headers, value"):
        records = [
            Record(
                topic=row["topic"],
                partition=0,
                offset=row["seq"],
                timestamp=0,
                key=row["key"].encode(),
                value=row["value"],
                headers=tuple(kafka_headers(row["headers"])),
            )
            for row in sorted(rows, key=lambda row: int(row["seq"]))
            if not row["topic"].endswith("-dlq") and row["topic"] != "dead-letters"
        ]
        for group in groups:
            known = set(hub.topics.of_types(hub.managers[group].handles))
            mine = [record for record in records if record.topic in known]
            if mine:
                await hub.consume(group).handle(mine)

"""The console's door: who comes in, what forms are believed, what browsers are told; all of it in the audit."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from hub.bootstrap.hub import Hub, opened
from hub.domain.messaging.messages import LANGUAGES
from hub.entrypoints.console.app import create_console
from hub.entrypoints.console.watch import Watch
from hub.entrypoints.http.server import serving
from hub.settings import Settings
from tests.integration.test_console_pages import places
from tests.support.console import PASSWORD, bad_day, console_of

pytestmark = pytest.mark.integration


@pytest.fixture
async def url(hub: Hub) -> AsyncIterator[str]:
    async with console_of(hub) as found:
        yield found


@asynccontextmanager
async def client_of(url: str, name: str = "") -> AsyncIterator[httpx.AsyncClient]:
    """A browser without a screen; signed in when it has a name."""
    async with httpx.AsyncClient(base_url=url, headers={"Origin": url}, timeout=30) as client:
        if name:
            answer = await signs_in(client, name)
            assert answer.status_code == 303, answer.text
        yield client


def token_in(page: httpx.Response) -> str:
    found = re.search(r'name="token" value="([0-9a-f]{64})"', page.text)
    assert found, page.text[:500]
    return found[1]


async def signs_in(client: httpx.AsyncClient, name: str, password: str = PASSWORD, onward: str = "/") -> httpx.Response:
    token = token_in(await client.get("/sign-in"))
    return await client.post("/sign-in", data={"name": name, "password": password, "token": token, "next": onward})


async def denied(hub: Hub) -> list[tuple[str, str, str]]:
    rows = await hub.audit.listed(before=None, who=None, what=None, limit=100)
    return [(row["who"], row["verb"], row["reason"]) for row in rows if row["outcome"] == "denied"]


async def test_nobody_sees_a_page_without_a_session(hub: Hub, url: str) -> None:
    await bad_day(hub, persons=2)
    pages = await places(hub)
    async with client_of(url) as client:
        for path in pages.values():
            answer = await client.get(path)
            assert (answer.status_code, answer.headers["location"][:8]) == (303, "/sign-in"), path
        assert (await client.get("/overview/live")).status_code == 401
        assert (await client.post("/plans", data={"verb": "replay"})).status_code == 303
        assert (await client.get("/openapi.json")).status_code == 404
        assert (await client.get("/api/v1/groups")).status_code == 401


async def test_every_page_speaks_every_language(hub: Hub, url: str) -> None:
    await bad_day(hub, persons=2)
    pages = await places(hub)
    async with client_of(url, "olga") as client:
        for language in LANGUAGES:
            await hub.database.pool.execute("UPDATE administrator SET language = $1", language)
            for path in pages.values():
                answer = await client.get(path)
                assert answer.status_code == 200, (path, answer.text)
                assert f'<html lang="{language}">' in answer.text


async def test_answers_carry_a_strict_policy_and_are_not_kept(url: str) -> None:
    async with client_of(url, "olga") as client:
        for path in ("/", "/sign-in", "/nowhere", "/letters/no-id"):
            answer = await client.get(path)
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert answer.headers["x-frame-options"] == "DENY"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["cache-control"] == "no-store"
            assert not re.search(r"<script(?![^>]* src=)|<style|\son[a-z]+=|\sstyle=|javascript:", answer.text)
        asset = await client.get("/static/console.css")
        assert (asset.status_code, "immutable" in asset.headers["cache-control"]) == (200, True)


async def test_cookies_are_out_of_reach_of_scripts_and_other_sites(url: str) -> None:
    async with client_of(url) as client:
        cookie = (await signs_in(client, "olga")).headers.get_list("set-cookie")[0]
    assert cookie.startswith("hub-session=")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))


async def test_behind_tls_cookies_are_bound_to_the_host(settings: Settings) -> None:
    console = settings.console.model_copy(update={"public_url": "https://console.test"})
    async with (
        opened(settings.model_copy(update={"console": console})) as hub,
        console_of(hub) as url,
        httpx.AsyncClient(base_url=url, headers={"Origin": "https://console.test"}) as client,
    ):
        page = await client.get("/sign-in")
        visit = page.cookies["__Host-hub-visit"]
        answer = await client.post(
            "/sign-in",
            data={"name": "olga", "password": PASSWORD, "token": token_in(page)},
            headers={"Cookie": f"__Host-hub-visit={visit}"},
        )
    cookie = answer.headers.get_list("set-cookie")[0]
    assert cookie.startswith("__Host-hub-session=")
    assert "Secure" in cookie.split("; ")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


async def test_form_from_elsewhere_changes_nothing(hub: Hub, url: str) -> None:
    await bad_day(hub, persons=1)
    group = await hub.database.pool.fetchval("SELECT fingerprint FROM dead_letter LIMIT 1")
    path, form = f"/groups/{group}", {"owner": "mallory"}
    async with client_of(url, "olga") as client, client_of(url, "both") as other:
        token, foreign = token_in(await client.get(path)), token_in(await other.get(path))
        forged = [
            await client.post(path, data=form),
            await client.post(path, data={**form, "token": foreign}),
            await client.post(path, data={**form, "token": token}, headers={"Origin": "https://evil.test"}),
            await client.post(path, data={**form, "token": token}, headers={"Origin": "null"}),
            await client.post(path, data={**form, "token": token}, headers={"Sec-Fetch-Site": "cross-site"}),
            await client.post(path, data={**form, "token": token, "note": "x" * 100_000}),
        ]
        assert [answer.status_code for answer in forged] == [403] * 6
        assert (await hub.letter_groups.shown(group))["owner"] != "mallory"
        assert (await client.post(path, data={**form, "token": token})).status_code == 303


async def test_sign_in_leads_to_pages_of_the_console_only(url: str) -> None:
    for onward, place in (
        ("/letters?state=any", "/letters?state=any"),
        ("//evil.test", "/"),
        ("/\\evil.test", "/"),
        ("https://evil.test", "/"),
        ("/a\r\nSet-Cookie: x=y", "/"),
    ):
        async with client_of(url) as client:
            assert (await signs_in(client, "olga", onward=onward)).headers["location"] == place


async def test_wrong_passwords_are_refused_then_limited_and_audited(hub: Hub, url: str) -> None:
    most = hub.settings.console.account_attempts
    async with client_of(url) as client:
        found = [(await signs_in(client, "olga", "wrong wrong wrong")).status_code for _ in range(most + 2)]
        assert found == [403] * most + [429] * 2
        assert (await signs_in(client, "olga")).status_code == 429
    assert len([one for one in await denied(hub) if one[2] == "sign-in-wrong"]) == most
    assert len([one for one in await denied(hub) if one[2] == "sign-in-limited"]) == 1


async def test_session_that_ended_leads_to_the_door_and_back(hub: Hub, url: str) -> None:
    async with client_of(url, "olga") as client:
        await hub.administrators.disable("olga", who="cli:test")
        answer = await client.get("/letters?state=any")
        assert answer.headers["location"] == "/sign-in?next=/letters%3Fstate=any"
        assert (await client.get("/overview/live")).status_code == 401


async def test_another_process_knows_the_session_and_its_end(hub: Hub, url: str) -> None:
    app = create_console(hub, Watch(hub))
    async with serving(app, host="127.0.0.1", port=0, grace=1) as port, client_of(url, "olga") as client:
        cookie = {"Cookie": f"hub-session={client.cookies['hub-session']}"}
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=cookie) as other:
            assert (await other.get("/letters")).status_code == 200
            left = await client.post("/sign-out", data={"token": token_in(await client.get("/letters"))})
            assert left.status_code == 303
            assert (await other.get("/letters")).status_code == 303


async def test_role_that_may_not_is_refused_whatever_the_page_shows_and_audited(hub: Hub, url: str) -> None:
    await bad_day(hub, persons=1)
    letter = await hub.database.pool.fetchval("SELECT id FROM dead_letter LIMIT 1")
    group = await hub.database.pool.fetchval("SELECT fingerprint FROM dead_letter LIMIT 1")
    job = (await places(hub))["job"]
    async with client_of(url, "victor") as client:
        form = {"token": token_in(await client.get("/")), "reason": "x", "verb": "replay", "letter": str(letter)}
        posts = (
            f"/letters/{letter}/replay",
            f"/letters/{letter}/edit",
            f"/groups/{group}/rule",
            f"/groups/{group}",
            "/plans",
            f"{job}/approve",
            f"{job}/cancel",
        )
        for path in (*posts, "/connectors/suspend"):
            answer = await client.post(path, data=form)
            assert answer.status_code == 403, path
            assert "needs the role" in answer.text
        revealed = await client.post(f"/letters/{letter}/reveal", data={**form, "field": "body", "purpose": "x"})
        assert revealed.status_code == 409
    assert [one[1] for one in reversed(await denied(hub))] == [
        *("replay", "edit", "rule", "group", "plan", "approve", "cancel", "suspend", "reveal")
    ]


async def test_every_look_at_a_letter_and_a_dossier_is_an_entry(hub: Hub, url: str) -> None:
    await bad_day(hub, persons=1)
    pages = await places(hub)
    letter, dossier = pages["letter"], pages["dossier"]
    async with client_of(url, "victor") as client:
        for path in (letter, f"{letter}?said=saved", dossier):
            assert (await client.get(path)).status_code == 200
    rows = await hub.audit.listed(before=None, who="victor", what=None, limit=10)
    looked = [row["what"] for row in rows if row["verb"] == "look"]
    assert looked == [dossier[1:].replace("dossiers/", "dossier "), *[letter[1:].replace("letters/", "letter ")] * 2]


async def test_unknown_things_and_wrong_ids_are_told_so(url: str) -> None:
    nothing = "00000000-0000-0000-0000-000000000000"
    async with client_of(url, "olga") as client:
        for path in (f"/letters/{nothing}", f"/jobs/{nothing}", f"/plans/{nothing}", "/groups/none", "/dossiers/none"):
            assert (await client.get(path)).status_code == 404, path
        big = "/audit?before=99999999999999999999"
        for path in ("/letters/x", "/letters?after=x", "/jobs?before=x", "/letters?key=%00", "/find?q=%00", big):
            assert (await client.get(path)).status_code in {200, 303, 404}, path


async def test_page_is_there_and_says_so_when_the_log_is_away(settings: Settings) -> None:
    away = settings.model_copy(update={"kafka": settings.kafka.model_copy(update={"bootstrap": "127.0.0.1:1"})})
    async with opened(away) as hub, console_of(hub) as url, client_of(url, "olga") as client:
        answer = await client.get("/")
    assert answer.status_code == 200
    assert "Not reachable now: Kafka" in answer.text

"""Administrators: accounts from the command line, sign-in with limits, sessions that end; all of it audited."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from hub.application.administer.accounts import AdministratorRefusedError
from hub.application.administer.ports import Administrator, Grant
from hub.application.administer.sign_in import SignInRefusedError, hashed
from hub.bootstrap.hub import Hub, opened
from hub.settings import Settings
from tests.integration.test_institution_command import run
from tests.support.commands import command

pytestmark = pytest.mark.integration
PASSWORD = "a quiet orange river"
ANNA = Administrator(name="anna", roles=("viewer", "operator"), language="fr")
HERE = "127.0.0.1"


@pytest.fixture
async def hub(settings: Settings) -> AsyncIterator[Hub]:
    """Few tries, so that the limits are met soon."""
    console = settings.console.model_copy(update={"account_attempts": 3, "address_attempts": 6})
    async with opened(settings.model_copy(update={"console": console})) as found:
        await found.administrators.add(ANNA, PASSWORD, who="cli:test")
        yield found


async def audited(hub: Hub) -> list[tuple[str, str, str, str, str]]:
    rows = await hub.audit.listed(before=None, who=None, what=None, limit=100)
    return [(row["who"], row["verb"], row["what"], row["outcome"], row["reason"]) for row in reversed(rows)]


async def test_administrator_signs_in_is_recognised_and_signs_out(hub: Hub) -> None:
    token, who = await hub.sign_in.enter(" Anna ", PASSWORD, address=HERE)

    found = await hub.sign_in.recognise(token)
    await hub.sign_in.leave(token, who=who.name)

    assert (who.name, who.roles, who.language) == ("anna", ANNA.roles, "fr")
    assert who.rights == {"look", "act", "reveal"}
    assert found == who
    assert await hub.sign_in.recognise(token) is None
    assert await audited(hub) == [
        ("cli:test", "add administrator", "administrator anna", "done", ""),
        ("anna", "sign in", "administrator anna", "done", ""),
        ("anna", "sign out", "administrator anna", "done", ""),
    ]


async def test_nothing_that_is_stored_opens_a_session_or_tells_a_password(hub: Hub) -> None:
    token, _ = await hub.sign_in.enter("anna", PASSWORD, address=HERE)

    kept = await hub.database.pool.fetch("SELECT a::text AS row FROM administrator a")
    kept += await hub.database.pool.fetch("SELECT s::text AS row FROM administrator_session s")
    kept += await hub.database.pool.fetch("SELECT t::text AS row FROM sign_in_attempt t")

    assert [row["row"] for row in kept if token in row["row"] or PASSWORD in row["row"] or HERE in row["row"]] == []
    assert await hub.database.pool.fetchval("SELECT hash FROM administrator_session") == hashed(token)


async def test_wrong_password_and_unknown_name_get_the_same_answer(hub: Hub) -> None:
    for name, password in (("anna", "wrong wrong wrong"), ("bert", PASSWORD), ("my password typed here", "x")):
        with pytest.raises(SignInRefusedError) as refused:
            await hub.sign_in.enter(name, password, address=HERE)
        assert refused.value.rule == "sign-in-wrong"

    assert (await audited(hub))[1:] == [
        ("somebody", "sign in", "administrator anna", "denied", "sign-in-wrong"),
        ("somebody", "sign in", "console", "denied", "sign-in-wrong"),
        ("somebody", "sign in", "console", "denied", "sign-in-wrong"),
    ]


async def rule_of(hub: Hub, name: str, password: str, address: str) -> str:
    try:
        await hub.sign_in.enter(name, password, address=address)
    except SignInRefusedError as refused:
        return refused.rule
    return "entered"


async def test_many_guesses_at_once_get_no_more_tries_than_one_after_the_other(hub: Hub) -> None:
    found = await asyncio.gather(*(rule_of(hub, "anna", f"guess {n}", f"10.0.0.{n}") for n in range(5)))

    assert sorted(found) == ["sign-in-limited"] * 2 + ["sign-in-wrong"] * 3
    assert await rule_of(hub, "anna", PASSWORD, HERE) == "sign-in-limited"
    limited = [entry for entry in await audited(hub) if entry[4] == "sign-in-limited"]
    assert len(limited) == 1, "of the attempts above the limit the first one is an entry"


async def test_one_address_cannot_try_many_names(hub: Hub) -> None:
    found = [await rule_of(hub, f"name{n}", PASSWORD, HERE) for n in range(8)]

    assert found == ["sign-in-wrong"] * 6 + ["sign-in-limited"] * 2
    assert await rule_of(hub, "anna", PASSWORD, "10.0.0.1") == "entered"


async def test_limit_is_over_after_its_window_or_with_a_new_password(hub: Hub) -> None:
    for n in range(4):
        await rule_of(hub, "anna", "wrong", f"10.0.0.{n}")
    await hub.database.pool.execute("UPDATE sign_in_attempt SET since = since - interval '16 minutes'")
    assert await rule_of(hub, "anna", PASSWORD, HERE) == "entered"

    for n in range(4):
        await rule_of(hub, "anna", "wrong", f"10.0.0.{n}")
    await hub.administrators.set_password("anna", "another orange river", who="cli:test")
    assert await rule_of(hub, "anna", "another orange river", HERE) == "entered"


@pytest.mark.parametrize(
    "ended",
    [
        "UPDATE administrator_session SET used_at = now() - interval '31 minutes'",
        "UPDATE administrator_session SET expires_at = now()",
    ],
)
async def test_session_ends_when_it_is_idle_and_in_any_case(hub: Hub, ended: str) -> None:
    token, _ = await hub.sign_in.enter("anna", PASSWORD, address=HERE)

    await hub.database.pool.execute(ended)

    assert await hub.sign_in.recognise(token) is None


async def test_page_that_refreshes_itself_keeps_no_session_alive(hub: Hub) -> None:
    token, _ = await hub.sign_in.enter("anna", PASSWORD, address=HERE)
    await hub.database.pool.execute("UPDATE administrator_session SET used_at = now() - interval '20 minutes'")
    idle = "SELECT now() - used_at > interval '19 minutes' FROM administrator_session"

    await hub.sign_in.recognise(token, touch=False)
    assert await hub.database.pool.fetchval(idle)
    await hub.sign_in.recognise(token)
    assert not await hub.database.pool.fetchval(idle)


async def test_new_password_and_disabling_end_every_session(hub: Hub) -> None:
    first, _ = await hub.sign_in.enter("anna", PASSWORD, address=HERE)
    await hub.administrators.set_password("anna", "another orange river", who="cli:test")
    second, _ = await hub.sign_in.enter("anna", "another orange river", address=HERE)
    assert await hub.sign_in.recognise(first) is None

    await hub.administrators.disable("anna", who="cli:test")

    assert await hub.sign_in.recognise(second) is None
    assert await rule_of(hub, "anna", "another orange river", HERE) == "sign-in-wrong"
    with pytest.raises(AdministratorRefusedError, match="no living account"):
        await hub.administrators.disable("anna", who="cli:test")


@pytest.mark.parametrize(
    ("name", "roles", "password", "rule"),
    [
        ("anna", ("viewer",), PASSWORD, "administrator-exists"),
        ("Bert!", ("viewer",), PASSWORD, "administrator-name"),
        ("bert", ("root",), PASSWORD, "administrator-role"),
        ("bert", (), PASSWORD, "administrator-role"),
        ("bert", ("viewer",), "eleven sign", "password-length"),
        ("bert", ("viewer",), "bert has a dog", "password-guessable"),
        ("bert", ("viewer",), "abcabcabcabcabc", "password-guessable"),
    ],
)
async def test_account_that_cannot_be_made_is_refused_and_audited(
    hub: Hub, name: str, roles: tuple[str, ...], password: str, rule: str
) -> None:
    with pytest.raises(AdministratorRefusedError) as refused:
        await hub.administrators.add(Administrator(name=name, roles=roles, language="en"), password, who="cli:test")

    assert refused.value.rule == rule
    assert [one.name for one in await hub.administrators.listed()] == ["anna"]
    assert (await audited(hub))[-1][3:] == ("refused", rule)


async def test_grant_to_see_fields_ends_by_its_time_and_with_its_session(hub: Hub) -> None:
    token, _ = await hub.sign_in.enter("anna", PASSWORD, address=HERE)
    now, letter = datetime.now(UTC), uuid4()
    grant = Grant(fields=("name",), purpose="call 42", expires_at=now + timedelta(minutes=5))

    await hub.sessions.grant(hashed(token), letter, grant)

    assert await hub.sessions.granted(hashed(token), letter, now) == grant
    assert await hub.sessions.granted(hashed(token), letter, now + timedelta(minutes=6)) is None
    assert await hub.sessions.granted(hashed(token), uuid4(), now) is None
    await hub.sign_in.leave(token, who="anna")
    assert await hub.sessions.granted(hashed(token), letter, now) is None


async def test_command_line_takes_a_password_from_stdin_and_never_as_an_argument(settings: Settings) -> None:
    add = ("admin", "add", "bert", "--role", "viewer", "--role", "approver", "--language", "nl")
    assert command(settings, *add, "--password-stdin", typed=f"{PASSWORD}\n").code == 0
    again = command(settings, *add, "--password-stdin", typed=f"{PASSWORD}\n")
    assert (again.code, again.error) == (3, "bert exists already\n")
    assert command(settings, *add, "--password", PASSWORD).code == 2

    (listed,) = run(settings, "admin", "list", "--json")
    assert (listed["name"], listed["roles"], listed["language"]) == ("bert", "viewer, approver", "nl")
    assert command(settings, "admin", "password", "bert", "--password-stdin", typed="too short\n").code == 3
    assert run(settings, "admin", "disable", "bert", "--json") == {"disabled": "bert"}

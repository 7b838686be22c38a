"""``hub admin``: accounts of those who look after the hub. A password is typed or read, never an argument."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, Literal

import typer

from hub.application.administer.ports import Administrator
from hub.bootstrap.hub import Hub, opened
from hub.entrypoints.cli.acting import administrator
from hub.entrypoints.cli.output import AsJson, show, show_one, told

app = typer.Typer(no_args_is_help=True, help="Administrators of the hub: accounts of the console.")

Name = Annotated[str, typer.Argument(help="Its name: small letters, digits, dot, dash, underscore.")]
Language = Literal["fr", "nl", "de", "en"]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from the first line of stdin.")]


@app.command()
def add(
    name: Name,
    *,
    role: Annotated[list[str], typer.Option(help="viewer, operator or approver; repeatable.")],
    language: Annotated[Language, typer.Option(help="In which language the console speaks.")] = "en",
    password_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Add an account; asks for its password. Exit code 3: it exists, or the password is too short."""
    password = _password(stdin=password_stdin)
    added = Administrator(name=name, roles=tuple(role), language=language)
    _do(lambda hub: hub.administrators.add(added, password, who=administrator()))
    show_one({"administrator": name, "roles": ", ".join(role)}, as_json=as_json)


@app.command("password")
def password_(name: Name, *, password_stdin: FromStdin = False, as_json: AsJson = False) -> None:
    """Set a new password; its sessions end, failed attempts against it are forgotten."""
    password = _password(stdin=password_stdin)
    _do(lambda hub: hub.administrators.set_password(name, password, who=administrator()))
    show_one({"administrator": name}, as_json=as_json)


@app.command()
def disable(name: Name, as_json: AsJson = False) -> None:
    """Disable an account for good; its sessions end at once, its name stays in the audit."""
    _do(lambda hub: hub.administrators.disable(name, who=administrator()))
    show_one({"disabled": name}, as_json=as_json)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Everyone, disabled accounts too."""

    async def run() -> list[dict[str, object]]:
        async with opened() as hub:
            return [_row(one) for one in await hub.administrators.listed()]

    with told():
        show(asyncio.run(run()), as_json=as_json, title="Administrators")


def _row(one: Administrator) -> dict[str, object]:
    return {
        "name": one.name,
        "roles": ", ".join(one.roles),
        "language": one.language,
        "created_at": one.created_at,
        "disabled_at": one.disabled_at,
    }


def _password(*, stdin: bool) -> str:
    if stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))


def _do(change: Callable[[Hub], Awaitable[None]]) -> None:
    async def run() -> None:
        async with opened() as hub:
            await change(hub)

    with told():
        asyncio.run(run())

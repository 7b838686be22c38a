"""``hub up``, ``hub status``, ``hub down``, ``hub migrate``: the hub on one machine."""

import asyncio
import re
import signal
from typing import Annotated, Any

import typer

from hub.bootstrap.hub import opened
from hub.bootstrap.stack import LocalStackError, prepare, stop_stack
from hub.entrypoints.cli.output import AsJson, console, fail, print_json, show, told
from hub.entrypoints.processes import processes
from hub.entrypoints.running import NotReadyError, Running, running
from hub.settings import read_settings

app = typer.Typer()


@app.command()
def up(
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget topics, tables and mails first.")] = False,
    as_json: AsJson = False,
) -> None:
    """Start Kafka, PostgreSQL, a mail catcher and every process of the hub; Ctrl-C or `hub down` ends it."""
    with told():
        try:
            asyncio.run(_up(fresh=fresh, as_json=as_json))
        except (LocalStackError, NotReadyError) as error:
            fail(str(error), 1)


async def _up(*, fresh: bool, as_json: bool) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, stopped.set)
    say = _quiet if as_json else _say
    write = _unheard if as_json else _write
    async with running(read_settings(), progress=say, write=write, fresh=fresh) as hub:
        _print_addresses(hub, as_json=as_json)
        if hub.owned:
            await stopped.wait()
            say("Stopping")


def _say(text: str) -> None:
    console().print(f"· {text}", markup=False)


def _write(name: str, line: str) -> None:
    console().print(f"{name:8}│ {line}", markup=False)


def _quiet(_text: str) -> None:
    """Nothing: the caller wants JSON."""


def _unheard(_name: str, _line: str) -> None:
    """Nothing: the caller wants JSON."""


def _print_addresses(hub: Running, *, as_json: bool) -> None:
    addresses = {
        "http": hub.http,
        "console": hub.console,
        "kafka": hub.kafka,
        "postgres": hub.postgres,
        "smtp": hub.smtp,
    }
    if as_json:
        print_json({"owned": hub.owned, **addresses})
        return
    rows = [{"part": name, "address": masked(address)} for name, address in addresses.items()]
    show(rows, as_json=False, title="The hub is up" if hub.owned else "The hub runs already")
    if hub.owned:
        console().print("Ctrl-C or `hub down` ends it; data stay in the home for next time.")


@app.command()
def down() -> None:
    """End the hub that runs in this home."""
    with told():
        was = asyncio.run(stop_stack(read_settings()))
        console().print("Stopped." if was else "Nothing runs in this home.")


@app.command()
def migrate() -> None:
    """Bring the database's tables and the topics to this release (production: before its processes start)."""

    async def run() -> None:
        async with opened() as hub:
            await prepare(hub, console().print)

    with told():
        asyncio.run(run())


@app.command()
def status(as_json: AsJson = False) -> None:
    """Addresses, processes, what waits where, and how far each group is behind."""
    with told():
        found = asyncio.run(_status())
    if as_json:
        print_json(found)
        return
    show([{"part": part, "address": masked(address)} for part, address in found["addresses"].items()], as_json=False)
    alive = [
        {name: one.get(name) for name in ("name", "pid", "http", "console", "probe")} for one in found["processes"]
    ]
    show(alive, as_json=False, title="Processes")
    show([{"what": name, "count": count} for name, count in found["depths"].items()], as_json=False, title="Waiting")
    if found["stopped"]:
        show(found["stopped"], as_json=False, title="Stopped at their ceiling (hub dlq resume GROUP)")
    show(found["lag"], as_json=False, title="Behind (records)")


def masked(address: str | None) -> str:
    """An address without its password (``--json`` gives it whole, for scripts)."""
    return re.sub(r"(://[^:/@]*):[^@]*@", r"\1:…@", address or "")


async def _status() -> dict[str, Any]:
    settings = read_settings()
    async with opened(settings) as hub:
        alive = processes(settings.home)
        http = next((one["http"] for one in alive if "http" in one), settings.http.public_url)
        console_ = next((one["console"] for one in alive if "console" in one), settings.console.public_url)
        where = {
            "http": http,
            "console": console_,
            "kafka": hub.where.kafka,
            "postgres": hub.where.postgres,
            "smtp": hub.where.smtp,
        }
        return {
            "addresses": where,
            "processes": alive,
            "depths": await hub.status.depths(),
            "stopped": [{"group": group, "reason": why} for group, why in (await hub.stops.stopped()).items()],
            "lag": await hub.lag(),
        }

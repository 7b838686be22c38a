"""One run of the demo: the whole hub, the institutions of the story, the story, its summary."""

import asyncio
import os
from pathlib import Path
from tempfile import TemporaryDirectory

import typer
from rich.markup import escape

from hub.bootstrap.hub import opened
from hub.bootstrap.stack import LocalStackError
from hub.entrypoints.cli.demo_administrator import HubAdministrator
from hub.entrypoints.cli.demo_screen import Screen, show_summary
from hub.entrypoints.cli.output import console, fail, print_json
from hub.entrypoints.cli.stack import masked
from hub.entrypoints.running import NotReadyError, Running, running
from hub.settings import Settings, read_settings
from sandbox.bcss.house import BankHouse, bank_house
from sandbox.register.mails import AUTHORITY, DOMAIN
from sandbox.story import Addresses, Script, play
from sandbox.summary import Summary
from sandbox.waiting import AwaitedTooLongError
from sandbox.wire import UnexpectedAnswerError

_FAILURES = (AwaitedTooLongError, UnexpectedAnswerError)


def run_demo(settings: Settings, *, people: int, seed: int, keep: bool, as_json: bool) -> None:
    """Play; ends with exit code 1 when a count differs or something did not happen in time."""
    script = Script.of(people, seed)
    try:
        asyncio.run(_demo(settings, script, keep=keep, as_json=as_json))
    except (LocalStackError, NotReadyError, *_FAILURES) as error:
        fail(f"{error}\nThe processes' log: {_log(settings)}", 1)


async def _demo(settings: Settings, script: Script, *, keep: bool, as_json: bool) -> None:
    people = script.population
    with TemporaryDirectory(prefix="hub-demo-bank-") as folder:
        async with bank_house(people.people, people.cpas, Path(folder)) as bank:
            os.environ.update(bank.variables | _mails(settings))  # for the hub's processes too; it ends with the demo
            pointed = read_settings().model_copy(update={"home": settings.home})
            await _with_bank(pointed, script, bank, keep=keep, as_json=as_json)


def _mails(settings: Settings) -> dict[str, str]:
    """Mailboxes that are read, and whose mails are believed: the simulated register's."""
    return {
        "HUB_MAILS__FOLDER": str((settings.home / "mailboxes").absolute()),
        "HUB_MAILS__DOMAINS": DOMAIN,
        "HUB_MAILS__AUTHORITY": AUTHORITY,
    }


async def _with_bank(settings: Settings, script: Script, bank: BankHouse, *, keep: bool, as_json: bool) -> None:
    screen = Screen(console(), quiet=as_json)
    with _log(settings).open("w", encoding="utf-8") as log:

        def write(name: str, line: str) -> None:
            log.write(f"{name:8}│ {line}\n")

        async with running(settings, progress=screen.say, write=write, fresh=True) as hub:
            if not hub.owned:
                fail(f"A demo runs in {settings.home} already; end it first: HUB_HOME={settings.home} hub down", 1)
            try:
                with screen:
                    summary = await _played(settings, hub, script, bank, screen)
            except _FAILURES as error:
                if not keep:
                    raise
                console().print(f"[bold red]{escape(str(error))}")
            else:
                _print(summary, settings, hub, as_json=as_json)
            if keep:
                screen.say(f"Everything keeps running; look with HUB_HOME={settings.home}. Ctrl-C ends it")
                await asyncio.Event().wait()
    if not summary.ok:
        raise typer.Exit(1)


async def _played(settings: Settings, running_hub: Running, script: Script, bank: BankHouse, screen: Screen) -> Summary:
    """Admit every institution of the population, then play."""
    population = script.population
    async with opened(settings) as hub:
        administrator = HubAdministrator(hub)
        screen.begin("Institutions get their keys", len(population.offices) + len(population.cpas) + 2)
        keys = await administrator.admit(population)
        return await play(
            Addresses(
                http=running_hub.http, folders=hub.folders, mails=settings.home / "mails", mailboxes=hub.mailboxes
            ),
            keys=keys,
            administrator=administrator,
            teller=screen,
            script=script,
            bank_house=bank,
        )


def _print(summary: Summary, settings: Settings, hub: Running, *, as_json: bool) -> None:
    here = f"HUB_HOME={settings.home} .venv/bin/hub"
    where = {
        "HTTP": hub.http,
        "console": f"{hub.console} (first: {here} admin add NAME --role operator)",
        "Kafka": hub.kafka,
        "PostgreSQL": masked(hub.postgres),
        "SMTP": hub.smtp,
        "mails": f"{here} mail list",
        "dossiers": f"{here} dossier list",
        "dead letters": f"{here} dlq list --state replayed",
        "log of the processes": str(_log(settings)),
    }
    if as_json:
        print_json({**summary.json(), "where": where})
    else:
        show_summary(console(), summary, where)


def _log(settings: Settings) -> Path:
    settings.home.mkdir(parents=True, exist_ok=True)
    return settings.home / "demo.log"

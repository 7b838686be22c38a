"""``hub sandbox …``: simulated institutions alone, so that other clients can be tested against them."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from hub.entrypoints.cli.output import fail, told

app = typer.Typer(no_args_is_help=True, help="Simulated institutions on real sockets, with synthetic people.")


@app.callback()
def sandbox() -> None:
    """Simulated institutions on real sockets, with synthetic people."""


@app.command()
def bcss(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one and prints it.")] = 0,
    folder: Annotated[Path, typer.Option(help="Where certificates for clients are put.")] = Path(".sandbox-bcss"),
    people: Annotated[int, typer.Option(min=1, help="How many people are known.")] = 300,
    seed: Annotated[int, typer.Option(help="The same seed makes the same people.")] = 1,
) -> None:
    """Run a simulated Crossroads Bank (BCSS) over TLS until Ctrl-C (docs/bcss.md)."""
    try:
        from sandbox.bcss.alone import run  # noqa: PLC0415 - production images hold no sandbox
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("sandbox"):
            raise
        fail("This installation does not hold the sandbox; run it in a checkout", 1)
    with told(), suppress(KeyboardInterrupt):
        asyncio.run(run(host=host, port=port, folder=folder, people=people, seed=seed, say=typer.echo))


@app.command()
def register(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one and prints it.")] = 0,
    hub: Annotated[str | None, typer.Option(help="Address of a hub that is told every act.")] = None,
    mailboxes: Annotated[Path, typer.Option(help="Maildirs that its daily mails go to.")] = Path(".sandbox-mailboxes"),
    key_file: Annotated[Path | None, typer.Option(help="File with the key that the hub gave it.")] = None,
) -> None:
    """Run a simulated register of collective settlements until Ctrl-C (docs/rcd.md)."""
    try:
        from sandbox.register.alone import run  # noqa: PLC0415 - production images hold no sandbox
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("sandbox"):
            raise
        fail("This installation does not hold the sandbox; run it in a checkout", 1)
    key = key_file.read_text(encoding="utf-8").strip() if key_file else None
    with told(), suppress(KeyboardInterrupt):
        asyncio.run(
            run(
                host=host,
                port=port,
                hub=hub,
                key=key,
                mailboxes=mailboxes,
                say=typer.echo,
            )
        )

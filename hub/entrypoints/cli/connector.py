"""``hub connector``: the partner systems the hub knows, a new one begun, services of the BCSS suspended and resumed.

Exit codes: 0 done · 2 wrong usage: no such name is possible, or this is not the project's folder · 3 it exists, or a
rule refuses.
"""

import asyncio
import getpass
from pathlib import Path
from typing import Annotated

import typer

from hub.bootstrap.connectors import connectors
from hub.bootstrap.hub import opened
from hub.entrypoints.cli.connector_files import connector_files, name_problem, registered
from hub.entrypoints.cli.output import AsJson, fail, show, told
from hub.entrypoints.endings import REFUSED
from hub.sdk import Connector

app = typer.Typer(no_args_is_help=True, help="Partner systems: list them, begin a new one.")

USAGE = 2
_REGISTRY = Path("connectors/__init__.py")


@app.command("list")
def list_connectors(as_json: AsJson = False) -> None:
    """List the connectors with their documents and who may send them."""
    rows = [row_of(connector) for _, connector in sorted(connectors().items())]
    if not as_json:
        rows = [{name: _joined(value) for name, value in row.items()} for row in rows]
    show(rows, as_json=as_json, title="Connectors")


@app.command("new")
def new(
    name: Annotated[str, typer.Argument(help="Folder, small letters: the partner system.")],
    root: Annotated[Path, typer.Option(help="The project's folder.")] = Path(),
) -> None:
    """Begin a connector: contract, mapping and an example that fails until the mapping is written."""
    if problem := name_problem(name):
        fail(problem, USAGE)
    registry = root / _REGISTRY
    if not registry.is_file():
        fail(f"There is no {_REGISTRY} here. Run this in the project's folder, or name it with --root.", USAGE)
    files = {root / path: text for path, text in connector_files(name).items()}
    taken = [str(path) for path in (root / "connectors" / name, *files) if path.exists()]
    if taken:
        fail(f"{taken[0]} exists already; nothing was written. Choose another name.", REFUSED)
    text = registered(registry.read_text("utf-8"), name)
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    registry.write_text(text, encoding="utf-8")
    typer.echo("\n".join([*map(str, files), "", _NEXT.replace("NAME", name)]))


@app.command()
def suspend(
    adapter: Annotated[str, typer.Argument(help="A service of the BCSS, such as bcss/income.")],
    reason: Annotated[str, typer.Option(help="Why, for whoever looks later; never a person.")],
) -> None:
    """Ask nothing more of a service; what is meant for it waits, in order."""

    async def run() -> bool:
        async with opened() as hub:
            await hub.clock.refresh()
            return await hub.suspend.suspend(adapter, reason, getpass.getuser())

    with told():
        done = asyncio.run(run())
    typer.echo(f"{adapter} is suspended." if done else f"{adapter} was suspended already; nothing was changed.")


@app.command()
def resume(adapter: Annotated[str, typer.Argument(help="A service of the BCSS, such as bcss/income.")]) -> None:
    """Ask a service again; what waited for it leaves now."""

    async def run() -> bool:
        async with opened() as hub:
            await hub.clock.refresh()
            return await hub.suspend.resume(adapter, getpass.getuser())

    with told():
        done = asyncio.run(run())
    typer.echo(f"{adapter} is asked again." if done else f"{adapter} was not suspended; nothing was changed.")


@app.command()
def status(as_json: AsJson = False) -> None:
    """Every service of the BCSS: open or suspended, why, since when, how much waits for it."""

    async def run() -> list[dict[str, object]]:
        async with opened() as hub:
            return list(await hub.suspend.status())

    with told():
        rows = asyncio.run(run())
    show(rows, as_json=as_json, title="Services of the BCSS")


_NEXT = """Next:
  1. connectors/NAME/NAME.xsd        the contract, each field with its source
  2. connectors/NAME/mapping.py      document → events
  3. tests/connectors/NAME/examples  every document kind, one bad example for each rule
  4. docs/contracts/NAME.md          the page partners read
  5. python -m pytest tests/connectors -k NAME   fails now, passes when it is filled"""


def row_of(connector: Connector) -> dict[str, object]:
    """A connector as a listing tells it."""
    return {
        "name": connector.name,
        "summary": connector.summary,
        "institutions": list(connector.institutions),
        "documents": [name.rpartition("}")[2] for name in connector.documents],
        "outbound": sorted(connector.outbound),
    }


def _joined(value: object) -> object:
    return ", ".join(value) if isinstance(value, list) else value

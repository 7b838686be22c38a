"""``hub feed``: what an institution is told, as an administrator may see it; personal data stay closed."""

import asyncio
import json
from typing import Annotated, Any

import typer
from pydantic_core import from_json

from hub.application.read.ports import FeedItem
from hub.application.read.subscribe import START
from hub.bootstrap.hub import opened
from hub.entrypoints.cli.output import console, told

app = typer.Typer(no_args_is_help=True, help="Feeds of institutions; personal data stay closed.")
_PAGE = 500
_LOOK_EVERY = 0.5


@app.command()
def tail(
    institution: str,
    follow: Annotated[bool, typer.Option(help="Go on until Ctrl-C; else end at the present end.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Print an institution's feed from its beginning. The institution's own cursor is not moved."""

    async def run() -> None:
        async with opened() as hub:
            place = START
            while True:
                page = await hub.feeds.page(institution, place, None, _PAGE)
                place = page.after
                for item in page.items:
                    _print(_seen(item), as_json=as_json)
                if not page.items and not page.hidden:
                    if not follow:
                        return
                    await asyncio.sleep(_LOOK_EVERY)

    with told():
        try:
            asyncio.run(run())
        except KeyboardInterrupt:
            raise typer.Exit(0) from None


def _seen(item: FeedItem) -> dict[str, Any]:
    data = from_json(item.value)
    closed = {"personal": "closed"} if data.pop("sealed", None) else {}
    return {**from_json(item.attributes), "data": data, **closed}


def _print(seen: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(seen, default=str, ensure_ascii=False))
        return
    name = seen["type"].removeprefix("be.mediationhub.")
    closed = "  personal: closed" if "personal" in seen else ""
    console().print(f"{seen['time']}  {name}  {seen['data']}{closed}", markup=False)

"""``hub events``: the log, as it comes."""

import asyncio
import getpass
import json
from typing import Annotated, Any

import typer

from hub.application.envelope import attributes, decode
from hub.application.ports import Record
from hub.bootstrap.hub import Hub, opened
from hub.domain.messaging.errors import UnreadableEventError
from hub.entrypoints.cli.output import console, told

app = typer.Typer(no_args_is_help=True, help="Events of the log; personal data stay closed unless revealed.")


@app.command()
def tail(
    topic: Annotated[list[str] | None, typer.Argument(help="Topics; all unless named.")] = None,
    beginning: Annotated[bool, typer.Option("--from-beginning", help="From the oldest record.")] = False,
    follow: Annotated[bool, typer.Option(help="Go on until Ctrl-C; else end at the present end.")] = True,
    purpose: Annotated[str, typer.Option(help="Open personal data for this purpose; needs the right, is logged.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Print events of topics, beside every consumer group: nothing is moved."""

    async def run() -> None:
        async with opened() as hub:
            names = topic or sorted(hub.topics.by_name)
            async for record in hub.tail(names, beginning=beginning, follow=follow):
                _print(await _seen(hub, record, purpose), as_json=as_json)

    with told():
        try:
            asyncio.run(run())
        except KeyboardInterrupt:
            raise typer.Exit(0) from None


async def _seen(hub: Hub, record: Record, purpose: str) -> dict[str, Any]:
    place = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
    try:
        event = decode(record)
    except UnreadableEventError as error:
        return {**place, "unreadable": str(error)}
    seen = {**place, **attributes(event), "data": event.data.clear_json()}
    if event.sealed is None:
        return seen
    if not purpose:
        return {**seen, "personal": "closed"}
    opened = await hub.reveal.open([event.sealed], who=getpass.getuser(), purpose=purpose)
    return {**seen, "personal": opened[0] if opened[0] is not None else "erased"}


def _print(seen: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(seen, default=str, ensure_ascii=False))
        return
    head = f"{seen['topic']}/{seen['partition']}@{seen['offset']}"
    if "unreadable" in seen:
        console().print(f"{head}  unreadable: {seen['unreadable']}", markup=False)
        return
    name = seen["type"].removeprefix("be.mediationhub.")
    console().print(f"{head}  {seen['time']}  {name}  key={seen['partitionkey']}", markup=False)
    console().print(f"    {seen['data']}", markup=False)
    if "personal" in seen:
        console().print(f"    personal: {seen['personal']}", markup=False)

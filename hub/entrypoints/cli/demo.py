"""``hub demo``: starts everything, plays the sandbox's story, and holds the hub against the ledgers."""

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from hub.entrypoints.cli.output import AsJson, fail, told
from hub.settings import read_settings

_LEAST = 30


def demo(
    people: Annotated[int, typer.Option(min=_LEAST, help="How many people play.")] = 300,
    seed: Annotated[int, typer.Option(help="The same seed plays the same story.")] = 1,
    home: Annotated[Path, typer.Option(help="Data of the demo; forgotten at its start.")] = Path(".hub-demo"),
    keep: Annotated[bool, typer.Option("--keep", help="Leave everything running until Ctrl-C.")] = False,
    as_json: AsJson = False,
) -> None:
    """Play the story of a few hundred people on a real Kafka and a real PostgreSQL, and check every count.

    Exit code 1: a count differs from the ledgers, or something awaited did not happen.
    """
    try:
        from hub.entrypoints.cli.demo_run import run_demo  # noqa: PLC0415 - production images hold no sandbox
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("sandbox"):
            raise
        fail("The demo needs the sandbox, which this installation does not hold; in a checkout: make demo", 1)
    with told(), suppress(KeyboardInterrupt):
        settings = read_settings().model_copy(update={"home": home})
        run_demo(settings, people=people, seed=seed, keep=keep, as_json=as_json)

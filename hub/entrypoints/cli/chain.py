"""What commands say of a chain of hashes: whether it is whole, and the end to note down."""

from typing import Annotated

import typer

from hub.application.chain import Verified
from hub.entrypoints.cli.output import console, fail, print_json
from hub.entrypoints.endings import REFUSED

Known = Annotated[str | None, typer.Option(help="NUMBER:HASH of an entry you noted down; the chain must lead to it.")]


def noted(known: str | None) -> tuple[int, str] | None:
    """Number and hash of the entry that was noted down."""
    if known is None:
        return None
    number, _, digest = known.partition(":")
    if not number.isdecimal() or not digest:
        raise typer.BadParameter("NUMBER:HASH, as this command prints it", param_hint="--known")
    return int(number), digest


def tell(found: Verified, *, as_json: bool) -> None:
    """Say it; a broken chain ends the command with exit code 3."""
    if as_json:
        print_json({"entries": found.entries, "head": found.head, "broken": found.broken, "why": found.why})
    elif found.broken is None:
        console().print(f"{found.entries} entries, unbroken. Note down its end: {found.entries}:{found.head}")
    if found.broken is not None:
        fail(f"Entry {found.broken} is broken: {found.why}. {found.entries} entries before it hold.", REFUSED)

"""What commands print, and how they end (exit codes: ``endings``)."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from hub.entrypoints.endings import FORESEEN, exit_code

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON with stable names instead of a table.")]
_WIDTH = None if sys.stdout.isatty() else 200


def console() -> Console:
    """Where tables go."""
    return Console(width=_WIDTH, highlight=False)


def show(rows: Sequence[Mapping[str, object]], *, as_json: bool, title: str = "") -> None:
    """Print a listing: a JSON array of objects, or a table with the same names."""
    if as_json:
        print_json(rows)
        return
    if not rows:
        console().print(f"{title}: none" if title else "none")
        return
    table = Table(title=title or None, title_justify="left", header_style="bold")
    for name in rows[0]:
        numeric = all(isinstance(row.get(name), int | float) for row in rows)
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    console().print(table)


def print_json(value: object) -> None:
    """Print any value as JSON; what JSON does not know becomes text."""
    typer.echo(json.dumps(value, indent=2, default=str, ensure_ascii=False))


def show_one(fields: Mapping[str, Any], *, as_json: bool) -> None:
    """Print one thing, field by field."""
    if as_json:
        print_json(fields)
        return
    for name, value in fields.items():
        console().print(f"[bold]{name}[/bold]: {value}")


def fail(text: str, code: int) -> NoReturn:
    """End with a sentence on stderr and an exit code."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(text, markup=False)
    raise typer.Exit(code)


@contextmanager
def told() -> Iterator[None]:
    """Turn the hub's errors into a sentence and an exit code."""
    try:
        yield
    except FORESEEN as error:
        fail(str(error), exit_code(error))

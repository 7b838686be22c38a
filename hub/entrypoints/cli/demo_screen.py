"""What the demo shows: chapters as they go on, and the summary at the end."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Self

from rich.console import Console
from rich.panel import Panel
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from sandbox.summary import Check, DossierViews, Summary


class Screen:
    """A ``Teller`` that draws on a terminal; on a file or with ``quiet`` it writes one line a chapter, or nothing."""

    def __init__(self, console: Console, *, quiet: bool = False) -> None:
        self._console = console
        self._quiet = quiet
        self._progress = Progress(
            SpinnerColumn(finished_text="[green]✓"),
            TextColumn("{task.description}"),
            BarColumn(bar_width=12),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            disable=quiet or not console.is_terminal,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._finish()
        self._progress.stop()

    def say(self, text: str) -> None:
        """A sentence while things start."""
        if not self._quiet:
            self._console.print(f"[dim]· {text}[/dim]")

    def begin(self, title: str, total: int = 0) -> None:
        """A chapter begins."""
        self._finish()
        self._task = self._progress.add_task(title, total=total or None)

    def advance(self, steps: int = 1) -> None:
        """So many steps further."""
        if self._task is not None:
            self._progress.advance(self._task, steps)

    def note(self, text: str) -> None:
        """Something worth saying happened."""
        if not self._quiet:
            self._console.print(Text(f"    {text}", style="dim"))

    def _finish(self) -> None:
        """The chapter that ran is over: its effects are there."""
        if self._task is not None:
            task = next(one for one in self._progress.tasks if one.id == self._task)
            self._progress.update(self._task, total=task.total or 1, completed=task.total or 1)
            self._task = None
            if not self._quiet and not self._console.is_terminal:
                self._console.print(f"{task.description} · {task.elapsed or 0:.1f} s")


def show_summary(console: Console, summary: Summary, where: Mapping[str, str]) -> None:
    """Mails, a dossier, the counts, the addresses, the verdict."""
    for mail in summary.mails:
        head = f"To: {mail.recipient}\nSubject: {mail.subject}\n\n"
        console.print(Panel(Text(head + mail.text.strip()), title=f"A mail: {mail.kind}", width=100))
    if summary.dossier:
        _show_dossier(console, summary.dossier)
    _show_checks(console, summary.checks)
    facts = Table(title="What had to hold", title_justify="left", header_style="bold")
    facts.add_column("")
    facts.add_column("fact")
    for name, held in summary.facts.items():
        facts.add_row(_mark(ok=held), name)
    console.print(facts)
    places = Table(title="Where to look", title_justify="left", show_header=False)
    for name, place in where.items():
        places.add_row(name, place)
    console.print(places)
    wrong = sum(not check.ok for check in summary.checks) + sum(not held for held in summary.facts.values())
    verdict = "[bold green]Everything agrees with the ledgers" if summary.ok else f"[bold red]{wrong} things differ"
    console.print(f"{verdict}[/] · run {summary.run} · {summary.seconds:.0f} s")


def _show_checks(console: Console, checks: Sequence[Check]) -> None:
    table = Table(title="Ledgers beside the hub", title_justify="left", header_style="bold")
    table.add_column("")
    table.add_column("what")
    table.add_column("where")
    table.add_column("ledgers", justify="right")
    table.add_column("found", justify="right")
    for check in checks:
        if check.ledger != "0" or check.found != "0" or not check.ok:
            style = "" if check.ok else "bold red"
            table.add_row(_mark(ok=check.ok), check.name, check.where, check.ledger, check.found, style=style)
    console.print(table)


def _show_dossier(console: Console, views: DossierViews) -> None:
    _show_json(console, f"Dossier {views.dossier} as {views.cpas} reads it", views.for_cpas)
    _show_json(console, f"The same dossier as {views.office} reads it", views.for_office)


def _show_json(console: Console, title: str, body: Mapping[str, Any]) -> None:
    text = json.dumps(body, indent=1, ensure_ascii=False, default=str)
    console.print(Panel(Text(text), title=title, width=100))


def _mark(*, ok: bool) -> str:
    return "[green]✓[/green]" if ok else "[red]✗[/red]"

"""What a run of the bench says: a table to read, a JSON file to compare."""

import json
import os
import platform
from collections.abc import Mapping
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

Report = dict[str, dict[str, float | str]]

TARGETS: Mapping[str, tuple[str, float]] = {
    "consume.events_per_s": ("≥", 15_000),
    "consume.of_floor": ("≥", 0.20),
    "consume.of_handwritten": ("≥", 100),
    "end_to_end.events_per_s": ("≥", 5_000),
    "end_to_end.of_floor": ("≥", 0.35),
    "end_to_end.of_handwritten": ("≥", 100),
    "end_to_end.p99_ms": ("<", 100),
    "replay.of_live": ("≥", 0.5),
    "replay.live_p99_ratio": ("<", 2),
    "memory.intake_mb": ("≤", 150),
}
"""Of the issue that asked for the bench, on 2 cores with Kafka and PostgreSQL on them."""


def machine() -> dict[str, float | str]:
    """What it ran on."""
    return {
        "cores": os.cpu_count() or 0,
        "memory_gb": round(psutil.virtual_memory().total / 2**30, 1),
        "python": platform.python_version(),
        "system": platform.platform(terse=True),
        "load_before": round(os.getloadavg()[0], 2),
    }


def write(report: Report, file: Path) -> None:
    """One object a stage: ``end_to_end.p99_ms`` is ``["end_to_end"]["p99_ms"]``."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(report, indent=2) + "\n")


def show(report: Report, console: Console) -> None:
    """The same as a table, with the targets."""
    table = Table(title="Bench", title_justify="left")
    for name, justify in (("stage", "left"), ("figure", "left"), ("value", "right"), ("target", "left")):
        table.add_column(name, justify="right" if justify == "right" else "left")
    for stage, figures in report.items():
        for n, (name, value) in enumerate(figures.items()):
            shown = value if isinstance(value, str) else f"{value:,.3f}".rstrip("0").rstrip(".")
            table.add_row("" if n else stage, name, shown, _target(f"{stage}.{name}", value))
        table.add_section()
    console.print(table)


def _target(name: str, value: float | str) -> str:
    sign, wanted = TARGETS.get(name, ("", 0))
    if not sign or isinstance(value, str):
        return ""
    met = value >= wanted if sign == "≥" else value < wanted if sign == "<" else value <= wanted
    return f"[{'green' if met else 'red'}]{sign} {wanted:,g}[/]"

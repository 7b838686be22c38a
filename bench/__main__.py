"""``python -m bench``: measure the hub on this machine."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench import (
    consult_stage,
    consume_stage,
    cost_stage,
    end_to_end,
    intake_stage,
    latency,
    relay_stage,
    replay_stage,
    report,
)
from bench.claims import claim_events, mean_value
from bench.ground import TEMPLATE, Ground, NotABenchHomeError, ground
from bench.people import open_dossiers, population, register_institutions
from bench.profiled import profile_consumer
from bench.spent import Spent
from bench.trial import Figures, Trial
from hub.adapters.postgres.migrate import migrate
from hub.bootstrap.hub import opened


class Stage(StrEnum):
    """What can be measured."""

    CONSUME = "consume"
    COST = "cost"
    RELAY = "relay"
    INTAKE = "intake"
    END_TO_END = "end_to_end"
    REPLAY = "replay"
    CONSULT = "consult"


async def _end_to_end(trial: Trial) -> Figures:
    """The rate of large documents and of small ones, then the latency of small ones at half of their rate."""
    found = await end_to_end.measure(trial)
    rate = await end_to_end.small(trial, latency.CLAIMS_EACH)
    trial.say(f"end to end: {rate:,.0f} a second in documents of {latency.CLAIMS_EACH}")
    return {**found, "small_events_per_s": round(rate, 1), **await latency.measure(trial, rate / 2)}


STAGES: Mapping[Stage, Callable[[Trial], Awaitable[Figures]]] = {
    Stage.CONSUME: consume_stage.measure,
    Stage.COST: cost_stage.measure,
    Stage.RELAY: relay_stage.measure,
    Stage.INTAKE: intake_stage.measure,
    Stage.END_TO_END: _end_to_end,
    Stage.REPLAY: replay_stage.measure,
    Stage.CONSULT: consult_stage.measure,
}

console = Console(stderr=False)


def say(text: str) -> None:
    """A line of progress."""
    console.print(f"[dim]{text}[/]", highlight=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How much is measured: claims, rounds, claims for the hand-written way, consumer processes."""

    events: int
    rounds: int
    few: int
    consumers: int


async def prepared(on: Ground, size: Size) -> Trial:
    """The load in a template database, the claims in memory."""
    everybody = population(size.events)
    say(f"Opening {len(everybody.people):,} dossiers")
    async with on.database(TEMPLATE, keep=True), opened(on.settings(TEMPLATE)) as hub:
        await migrate(hub.database.engine)
        await open_dossiers(hub, everybody)
        keys = await register_institutions(hub, everybody)
        say(f"Sealing {size.events:,} claims")
        rows = await claim_events(hub, everybody, size.events)
        groups = tuple(hub.managers)
    say(f"Values of {mean_value(rows):.0f} bytes on average")
    return Trial(
        ground=on,
        everybody=everybody,
        rows=rows,
        keys=keys,
        groups=groups,
        rounds=size.rounds,
        few=size.few,
        consumers=size.consumers,
        say=say,
        spent=Spent(on.home),
    )


async def measured(home: Path, stages: list[Stage], size: Size) -> report.Report:
    """Measure stages in one run."""
    found: report.Report = {"machine": report.machine()}
    async with ground(home, say) as on:
        trial = await prepared(on, size)
        for stage in stages:
            found[stage.value] = {**await STAGES[stage](trial)}
        found["memory"] = {f"{name}_mb": peak for name, peak in trial.memory.peaks_mb().items()}
    return found


async def profiled(home: Path, size: Size, file: Path) -> None:
    """Profile the consumer."""
    async with ground(home, say) as on:
        await profile_consumer(await prepared(on, size), file)


def main(  # noqa: PLR0917 - typer's options
    stage: Annotated[list[Stage] | None, typer.Option(help="Only these stages; all unless named.")] = None,
    events: Annotated[int, typer.Option(min=5000, help="Claims that consume and relay move in a round.")] = 120_000,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds of each way; medians count.")] = 3,
    few: Annotated[int, typer.Option(min=100, help="Claims for the hand-written way, which is slow.")] = 1000,
    consumers: Annotated[int, typer.Option(min=1, max=4, help="Processes of `hub consume`, side by side.")] = 1,
    home: Annotated[Path | None, typer.Option(help="A folder of the bench's own; else a temporary one.")] = None,
    output: Annotated[Path, typer.Option(help="Where the figures are written.")] = Path("build/bench.json"),
    profile: Annotated[
        Path | None, typer.Option(help="Profile the consumer (cProfile) into this file, no more.")
    ] = None,
) -> None:
    """Measure every stage beside its floor and beside the hand-written way. Exit code 0: measured."""
    size = Size(events=events, rounds=rounds, few=few, consumers=consumers)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        Path(folder).chmod(0o755)
        try:
            if profile:
                asyncio.run(profiled(home or Path(folder), size, profile.resolve()))
                return
            found = asyncio.run(measured(home or Path(folder), stage or list(Stage), size))
        except NotABenchHomeError as error:
            console.print(str(error))
            raise typer.Exit(2) from None
    report.write(found, output)
    report.show(found, console)
    say(f"Written to {output}")


if __name__ == "__main__":
    typer.run(main)

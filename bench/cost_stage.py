"""Cost: where the consumer's microseconds go, step by step; see ``bench.cost``."""

import asyncio
import json

from bench.consume_stage import GROUP, TOPIC, preload
from bench.ground import TEMPLATE
from bench.programs import program
from bench.trial import Figures, Trial

_DATABASE = "bench_cost"
_EVENTS = 40_000
_WITHIN = 300.0


async def measure(trial: Trial) -> Figures:
    """For each step, microseconds an event: of the processor, and of waiting."""
    await preload(trial)
    ground = trial.ground
    await ground.rewind(GROUP, TOPIC)
    words = ("-m", "bench.cost", GROUP, str(min(_EVENTS, len(trial.rows))))
    async with (
        ground.database(_DATABASE, TEMPLATE),
        program("cost", *words, env=ground.environment(_DATABASE), log=trial.log, told=True, ends=True) as process,
    ):
        assert process.stdout is not None
        async with asyncio.timeout(_WITHIN):
            found = json.loads(await process.stdout.read() or "{}")
    figures: Figures = {}
    for name, (cpu, wall) in found.items():
        figures[f"{name.replace(' ', '_')}_us"] = cpu
        figures[f"{name.replace(' ', '_')}_waiting_us"] = round(max(0.0, wall - cpu), 2)
    return figures

"""Where the consumer's time goes: ``hub consume`` under cProfile, on preloaded claims."""

import pstats
from pathlib import Path

from bench.consume_stage import GROUP, LANES, TOPIC, preload
from bench.ground import TEMPLATE
from bench.programs import program
from bench.progress import committed, held, rate
from bench.trial import Trial

_DATABASE = "bench_profile"
_SHOWN = 40


async def profile_consumer(trial: Trial, file: Path) -> None:
    """One round of the consumer, slower than without; the dump is for ``pstats``, its top is printed."""
    ground = trial.ground
    await preload(trial)
    words = ("-m", "cProfile", "-o", str(file), "-m", "hub", "consume", "--group", GROUP)
    async with (
        ground.database(_DATABASE, TEMPLATE) as dsn,
        held(dsn, "inbox") as release,
        program("profile", *words, env=ground.environment(_DATABASE), log=trial.log),
    ):
        await release(LANES)
        async with committed(ground.kafka, GROUP, TOPIC) as read:
            trial.say(f"{await rate(read, len(trial.rows)):,.0f} events a second, profiled")
    pstats.Stats(str(file)).sort_stats("tottime").print_stats(_SHOWN)

"""The simulated bank alone, until it is stopped."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from sandbox.bcss.bank import CONTROL
from sandbox.bcss.house import PUSH, bank_house
from sandbox.people import Population

_OF_THE_CPAS = "HUB_BCSS__ORGANISATIONS"


async def run(*, host: str, port: int, folder: Path, people: int, seed: int, say: Callable[[str], object]) -> None:
    """Listen until cancelled; says where, and how a hub is pointed at it. No person is printed."""
    population = Population.of(seed=seed, people=people, offices=1, cpas=1)
    known = population.people
    async with bank_house(known, population.cpas, folder, host=host, port=port) as house:
        for name, value in house.variables.items():
            if name != _OF_THE_CPAS:  # a hub has CPAS of its own
                say(f"{name}={value}")
        say(f"{len(known)} people of seed {seed}; what befalls questions: POST {house.url}{CONTROL}")
        say(f"mutations that are pushed to a hub: POST {house.url}{PUSH}")
        await asyncio.Event().wait()

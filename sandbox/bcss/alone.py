"""The simulated bank alone, until it is stopped."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from sandbox.bcss.authority import Authority
from sandbox.bcss.bank import CONTROL, SERVICES, SandboxBank
from sandbox.bcss.server import listening
from sandbox.people import Population


async def run(*, host: str, port: int, folder: Path, people: int, seed: int, say: Callable[[str], object]) -> None:
    """Listen until cancelled; says where, and how a hub is pointed at it. No person is printed."""
    known = Population.of(seed=seed, people=people, offices=1, cpas=1).people
    bank = SandboxBank(known)
    async with listening(bank.answer, folder, authority=Authority(), host=host, port=port) as place:
        say("HUB_BCSS__ENDPOINTS=" + ";".join(f"{name}={place.url}/{name}" for name in SERVICES))
        say(f"HUB_BCSS__AUTHORITY={place.authority}")
        say(f"HUB_BCSS__CERTIFICATE={place.certificate}")
        say(f"HUB_BCSS__KEY={place.key}")
        say(f"{len(known)} people of seed {seed}; what befalls questions: POST {place.url}{CONTROL}")
        await asyncio.Event().wait()

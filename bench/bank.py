"""A simulated bank for the bench, in a process of its own: ``python -m bench.bank FOLDER PEOPLE SEED``.

Prints ``port N``; ``FOLDER/most`` says how many connections were open at once.
"""

import asyncio
import sys
from pathlib import Path

import uvloop

from sandbox.bcss.authority import Authority
from sandbox.bcss.bank import SERVICES, SandboxBank
from sandbox.bcss.server import listening
from sandbox.numbers import enterprise_number
from sandbox.people import Person, Population

ENTERPRISE, CODE = enterprise_number(1), "63023"


def people(count: int, seed: int) -> tuple[Person, ...]:
    """Whom it knows."""
    return Population.of(seed=seed, people=count, offices=1, cpas=1).people


def variables(base: str, folder: Path, cpas: str) -> dict[str, str]:
    """Settings of a hub that asks it."""
    address = base.replace("http://", "https://")
    return {
        "HUB_BCSS__ENDPOINTS": ";".join(f"{name}={address}/{name}" for name in SERVICES),
        "HUB_BCSS__ORGANISATIONS": f"{cpas}={ENTERPRISE}/{CODE}",
        "HUB_BCSS__AUTHORITY": str(folder / "authority.pem"),
        "HUB_BCSS__CERTIFICATE": str(folder / "client.pem"),
        "HUB_BCSS__KEY": str(folder / "client.key"),
        "HUB_PERSONS__FILE_NEEDED": "false",
        "HUB_PERSONS__LEGAL_CONTEXTS": "income/31=PCSA:DEBT_RECOVERY",
    }


async def _serve(folder: Path, count: int, seed: int) -> None:
    bank = SandboxBank(people(count, seed), codes={ENTERPRISE: CODE})
    most = 0

    def opened(now: int) -> None:
        nonlocal most
        most = max(most, now)
        (folder / "most").write_text(str(most))

    async with listening(bank.answer, folder, authority=Authority(), opened=opened) as place:
        sys.stdout.write(f"port {place.url.rpartition(':')[2]}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(_serve(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))

"""Runs a stack in a process of its own: ``python -m hub.adapters.localstack HOME [--fresh]``.

It ends on SIGTERM or Ctrl-C. Whoever started it learns that it is up, and where, from ``find(home)``.
"""

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from hub.adapters.localstack.stack import LocalStack


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


async def _serve(home: Path, *, fresh: bool) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    async with LocalStack(home=home, fresh=fresh, progress=_say).running():
        await ended.wait()


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m hub.adapters.localstack")
    parser.add_argument("home", type=Path)
    parser.add_argument("--fresh", action="store_true", help="forget topics, tables and mails first")
    arguments = parser.parse_args()
    asyncio.run(_serve(arguments.home, fresh=arguments.fresh))


if __name__ == "__main__":
    main()

"""Runs a stack in a process of its own: ``python -m hub.adapters.localstack HOME [--fresh | --fetch]``.

It ends on SIGTERM or Ctrl-C. Whoever started it learns that it is up, and where, from ``find(home)``.
"""

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from hub.adapters.localstack.kafka_jars import default_cache, provide
from hub.adapters.localstack.stack import LocalStack


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


async def _fetch(home: Path) -> None:
    """Only have Kafka's jars in the cache, so that a later start needs no network."""
    await provide(default_cache(home.resolve()), _say)  # noqa: ASYNC240  # nothing else runs here


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
    parser.add_argument("--fetch", action="store_true", help="only fetch and verify Kafka's jars")
    arguments = parser.parse_args()
    if arguments.fetch:
        asyncio.run(_fetch(arguments.home))
    else:
        asyncio.run(_serve(arguments.home, fresh=arguments.fresh))


if __name__ == "__main__":
    main()

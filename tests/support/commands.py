"""Commands of the hub, run to their end in a thread of the test: the command line itself, without a start of Python.

A start costs more processor than most tests; that ``python -m hub`` starts, tests of whole processes show.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from typer.testing import CliRunner

from hub.entrypoints.cli import app
from hub.settings import Settings


class Said(NamedTuple):
    """What a command said, and how it ended."""

    code: int
    out: str
    error: str


def command(settings: Settings, *words: str, typed: str = "") -> Said:
    """Run a command against the database of these settings; Kafka and SMTP are out of its reach."""
    assert settings.postgres.dsn is not None
    environment = {
        "HUB_HOME": str(settings.home),
        "HUB_POSTGRES__DSN": settings.postgres.dsn.get_secret_value(),
        "HUB_KAFKA__BOOTSTRAP": "127.0.0.1:1",
        "HUB_SMTP__URL": "smtp://127.0.0.1:1",
    }
    with ThreadPoolExecutor(1) as thread:  # the test's own loop runs in this one
        done = thread.submit(CliRunner().invoke, app, words, input=typed or None, env=environment).result()
    unforeseen = "" if done.exception is None or isinstance(done.exception, SystemExit) else repr(done.exception)
    return Said(done.exit_code, done.stdout, done.stderr + unforeseen)

"""The folder in which a stack keeps everything."""

import shutil
from pathlib import Path

from hub.adapters.localstack.postgres_account import outside


def make_home(home: Path) -> None:
    """Others may pass through, for PostgreSQL's own user, but not look around."""
    home.mkdir(mode=0o711, parents=True, exist_ok=True)


def forget(home: Path) -> None:
    """Remove topics, tables and mails; ports, jars and what is not the stack's stay."""
    for folder in (home / "kafka" / "data", home / "postgres", outside(home), home / "mails"):
        shutil.rmtree(folder, ignore_errors=True)
    for name in ("postgres.password", "postgres.log"):
        (home / name).unlink(missing_ok=True)

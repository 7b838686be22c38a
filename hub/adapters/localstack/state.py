"""What a running stack writes down for others: ``<home>/stack.json``, readable by its user only."""

import contextlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from hub.adapters.localstack.processes import ProcessIdentity


@dataclass(frozen=True, kw_only=True, slots=True)
class Addresses:
    """Where the parts answer; ``None``: that part is not of this stack.

    ``kafka`` is ``host:port``, ``postgres`` a DSN with its password, ``smtp`` is ``smtp://host:port``.
    """

    kafka: str | None = None
    postgres: str | None = None
    smtp: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """A running stack: the process that owns it, its servers' processes by name, its addresses."""

    owner: ProcessIdentity
    servers: dict[str, ProcessIdentity]
    addresses: Addresses


def _file(home: Path) -> Path:
    return home / "stack.json"


def write_state(home: Path, state: State) -> None:
    """Replace the file as a whole."""
    part = _file(home).with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(state), file, indent=2)
    part.replace(_file(home))


def read_state(home: Path) -> State | None:
    """The stack written down there, if its owner is alive."""
    try:
        raw = json.loads(_file(home).read_text())
        state = State(
            owner=ProcessIdentity(**raw["owner"]),
            servers={name: ProcessIdentity(**one) for name, one in raw["servers"].items()},
            addresses=Addresses(**raw["addresses"]),
        )
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
    return state if state.owner.process() else None


def remove_state(home: Path) -> None:
    """Say that no stack runs there."""
    with contextlib.suppress(FileNotFoundError):
        _file(home).unlink()

"""The hub's three secrets: from the environment, or made once in the home of the local stack."""

import json
import os
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path

_NAMES = ("master", "pseudonym", "signing")
_BYTES = 32


class SecretsMissingError(Exception):
    """The hub's keys are nowhere: set HUB_SECRETS__MASTER, __PSEUDONYM and __SIGNING, or run ``hub up`` once."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Secrets:
    """32 bytes each: wraps all keys, makes pseudonyms, signs receipts."""

    master: bytes
    pseudonym: bytes
    signing: bytes


def read_secrets(home: Path, given: dict[str, str | None]) -> Secrets:
    """The secrets: what the environment gives wins over the file in ``home``.

    Raises:
        SecretsMissingError: one is neither given nor in the file.
        ValueError: one is not base64 of 32 bytes.
    """
    file = home / "secrets.json"
    stored = json.loads(file.read_text()) if file.exists() else {}
    found = {name: given.get(name) or stored.get(name) for name in _NAMES}
    missing = [name for name, value in found.items() if not value]
    if missing:
        variables = ", ".join(f"HUB_SECRETS__{name.upper()}" for name in missing)
        raise SecretsMissingError(f"{variables}: not set, and {file} does not hold them. Set them, or run: hub up")
    return Secrets(**{name: _decoded(name, str(value)) for name, value in found.items()})


def ensure_secrets(home: Path) -> None:
    """Make the file once, readable by its owner only; whoever comes second finds the first one's."""
    file = home / "secrets.json"
    if file.exists():
        return
    home.mkdir(parents=True, exist_ok=True)
    made = {name: b64encode(secrets.token_bytes(_BYTES)).decode() for name in _NAMES}
    draft = home / f".secrets.{os.getpid()}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        json.dump(made, stream)
    try:
        os.link(draft, file)  # atomic, and refused when it exists
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _decoded(name: str, value: str) -> bytes:
    found = b64decode(value)
    if len(found) != _BYTES:
        raise ValueError(f"HUB_SECRETS__{name.upper()} must be base64 of {_BYTES} bytes")
    return found

"""Which code runs: plans of another release are not used (dead-letters §13)."""

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_PARTS = ("hub", "schemas", "connectors")


@cache
def release() -> str:
    """Version and a digest of the program's own files: two builds of one version are two releases."""
    digest = hashlib.sha256()
    for part in _PARTS:
        for file in sorted((_ROOT / part).rglob("*.py")):
            digest.update(file.relative_to(_ROOT).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    try:
        number = version("mediation-hub")
    except PackageNotFoundError:
        number = "0"
    return f"{number}+{digest.hexdigest()[:12]}"

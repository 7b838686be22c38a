"""Every version of a golden schema that was ever committed: what was once given away is a promise.

So a golden that is deleted and written anew does not escape the gate. Versions that nobody ever got are named in
``json/withdrawn.txt``, with the reason, for every reviewer to see.
"""

import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_HEAD = "# Versions of goldens that were committed but given to no partner: they bind nobody (ADR 0005).\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """One committed text of one golden; ``blob`` is git's name for exactly these bytes."""

    type: str
    blob: str
    text: str


def blob_of(text: str) -> str:
    """Git's name for a text: SHA-1 over its length and bytes."""
    content = text.encode()
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def committed(folder: Path) -> Iterator[Version]:
    """All versions of all goldens in the history of HEAD, the newest first; nothing where there is no git."""
    git = shutil.which("git")
    log = git and _output(git, folder, "log", "--raw", "--no-abbrev", "--no-renames", "--format=", "--", ".")
    if not git or not log:
        return
    seen = set()
    for line in log.splitlines():
        place, _, path = line.partition("\t")
        blob = place.split()[3]
        if path.endswith(".json") and set(blob) != {"0"} and (path, blob) not in seen:
            seen.add((path, blob))
            yield Version(type=Path(path).stem, blob=blob, text=_output(git, folder, "cat-file", "blob", blob) or "")


def withdrawn(folder: Path) -> set[str]:
    """The blobs that bind nobody: the first word of each line that is no comment."""
    file = folder / "withdrawn.txt"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return {line.split()[0] for line in lines if line.strip() and not line.startswith("#")}


def withdraw(folder: Path, versions: list[Version], reason: str) -> None:
    """Name versions that bind nobody, and why."""
    place = folder / "withdrawn.txt"
    text = place.read_text(encoding="utf-8") if place.exists() else _HEAD
    with place.open("w", encoding="utf-8") as file:
        file.write(text)
        file.writelines(f"{version.blob} {version.type}: {reason}\n" for version in versions)


def _output(git: str, folder: Path, *arguments: str) -> str | None:
    """What git says; None when this is no repository (an installed package, an archive)."""
    done = subprocess.run(  # noqa: S603 - our own arguments
        [git, "-C", str(folder), *arguments], check=False, capture_output=True, text=True, encoding="utf-8"
    )
    return done.stdout if done.returncode == 0 else None

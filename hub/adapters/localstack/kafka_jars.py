"""Kafka's jars: locked by SHA-256 in ``kafka.lock``, fetched once through jgo, verified at every start.

jgo is imported only to fetch: every command of the hub starts without it.
"""

import asyncio
import hashlib
import os
import shutil
import tempfile
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hub.adapters.localstack.errors import JarChangedError, JarUnavailableError

if TYPE_CHECKING:
    from jgo.maven import MavenContext

LOCK = Path(__file__).with_name("kafka.lock")
KAFKA_VERSION = "4.1.1"
_AT_ONCE = 4
_TELL_EVERY = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Jar:
    """One line of the lock: a coordinate ``group:artifact:version`` and the SHA-256 of its jar, in hex."""

    coordinate: str
    sha256: str

    @property
    def file_name(self) -> str:
        """Its name in the folder of jars."""
        _, artifact, version = self.coordinate.split(":")
        return f"{artifact}-{version}.jar"


def read_lock(lock: Path = LOCK) -> tuple[Jar, ...]:
    """The jars that make this Kafka."""
    return tuple(Jar(**entry) for entry in tomllib.loads(lock.read_text())["jar"])


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def maven(cache: Path) -> "MavenContext":
    """What jgo fetches with; a mirror of the user's own jgo configuration is honoured."""
    from jgo.config import GlobalSettings  # noqa: PLC0415 - see above
    from jgo.maven import MavenContext  # noqa: PLC0415 - see above

    return MavenContext(repo_cache=cache, remote_repos=GlobalSettings.load().repositories or None, timeout=60)


def default_cache(home: Path) -> Path:
    """A folder that all clones of this user share; inside ``home`` when the user has no writable one."""
    try:
        shared = Path.home() / ".cache" / "mediation-hub" / f"kafka-{KAFKA_VERSION}"
        shared.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return home / "kafka" / "jars"
    return shared if os.access(shared, os.W_OK) else home / "kafka" / "jars"


def verify(jars: tuple[Jar, ...], folder: Path) -> None:
    """Compare every jar with the lock.

    Raises:
        JarChangedError: one differs; the message names it and the command that mends it.
    """
    for jar in jars:
        path = folder / jar.file_name
        if sha256_of(path) != jar.sha256:
            raise JarChangedError(
                f"{path} is not the jar that kafka.lock names (SHA-256 differs), so Kafka is not started. "
                f"Remove it to have it fetched again: rm '{path}'"
            )


def _fetch(jar: Jar, folder: Path) -> None:
    with tempfile.TemporaryDirectory(dir=folder, prefix=".fetch-") as scratch:
        try:
            fetched = Path(maven(Path(scratch)).create_dependency(jar.coordinate).artifact.resolve())
        except Exception as error:  # jgo raises what its drivers raise
            raise JarUnavailableError(
                f"{jar.coordinate} cannot be fetched ({error}). The first start needs a network."
            ) from error
        if sha256_of(fetched) != jar.sha256:
            raise JarChangedError(f"What was fetched for {jar.coordinate} is not what kafka.lock names.")
        part = Path(scratch) / "verified"
        shutil.copyfile(fetched, part)
        part.replace(folder / jar.file_name)


def _missing(jars: tuple[Jar, ...], folder: Path) -> tuple[Jar, ...]:
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(jar for jar in jars if not (folder / jar.file_name).exists())


async def provide(folder: Path, progress: Callable[[str], None], lock: Path = LOCK) -> tuple[Path, ...]:
    """All jars in ``folder``, verified; what is missing is fetched. The answer is Kafka's class path.

    Raises:
        JarChangedError: a jar differs from the lock.
        JarUnavailableError: a jar cannot be fetched.
    """
    jars = read_lock(lock)
    missing = _missing(jars, folder)
    gate, done = asyncio.Semaphore(_AT_ONCE), 0

    async def fetch(jar: Jar) -> None:
        nonlocal done
        async with gate:
            await asyncio.to_thread(_fetch, jar, folder)
        done += 1
        if done % _TELL_EVERY == 0 or done == len(missing):
            progress(f"Fetching Kafka {KAFKA_VERSION}, once: {done} of {len(missing)} files")

    await asyncio.gather(*map(fetch, missing))
    await asyncio.to_thread(verify, jars, folder)
    return tuple(folder / jar.file_name for jar in jars)

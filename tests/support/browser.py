"""A real Chromium: found or fetched in a fixed order; what was done is printed."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

GIVEN = os.environ.pop("HUB_BROWSER", None)
"""Taken away at the start: to the hub's own processes it would be a setting that does not exist."""
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_DEADLINE = 300


def _given() -> str | None:
    if GIVEN and not Path(GIVEN).is_file():
        raise AssertionError(f"HUB_BROWSER names {GIVEN}, and there is no such file")
    return GIVEN


def _on_path() -> str | None:
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


def _downloaded() -> str | None:
    """Playwright's own, when it is there or can be fetched."""
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_DEADLINE, check=False)
    except subprocess.TimeoutExpired:
        return None
    if done.returncode:
        return None
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    return next((str(file) for file in sorted(folder.glob("chromium-*/chrome-linux*/chrome"))), None)


def _packaged() -> str | None:
    """The system's package manager, when root."""
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    for command in (["apt-get", "update"], ["apt-get", "install", "--yes", "chromium"]):
        subprocess.run(command, capture_output=True, timeout=_DEADLINE, check=False)
    return _on_path()


WAYS: tuple[tuple[str, Callable[[], str | None]], ...] = (
    ("HUB_BROWSER", _given),
    ("found on the path", _on_path),
    ("Playwright's own download", _downloaded),
    ("installed by the system's package manager", _packaged),
)


@cache
def chromium() -> str:
    """The program; says how it was found."""
    for how, way in WAYS:
        found = way()
        if found:
            sys.__stdout__.write(f"\nbrowser: {found} ({how})\n") if sys.__stdout__ else None
            return found
    raise AssertionError(
        "no Chromium: set HUB_BROWSER to one, put one on the path, or let Playwright download it "
        "(python -m playwright install chromium)"
    )

"""Who may run a stack in a home: the holder of ``<home>/stack.lock``, freed however the holder ends."""

import fcntl
import os
from pathlib import Path


class Ownership:
    """The lock of one home."""

    def __init__(self, home: Path) -> None:
        self._file = home / "stack.lock"
        self._descriptor: int | None = None

    def take(self) -> bool:
        """Whether the home is ours now; does not wait."""
        descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def leave(self) -> None:
        """Let others have it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

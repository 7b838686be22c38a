"""A ZIP that depends on its parts alone: not compressed, every entry of one date; named only when it is whole."""

import errno
import fcntl
import hashlib
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Self

from hub.application.transfer.ports import Part, TransferRefusedError

_DATE = (1980, 1, 1, 0, 0, 0)
_MODE = 0o600
_BLOCK = 1 << 20
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS}
"""A disk without hard links (exFAT, some network shares): a name is given by renaming there."""


class ZipPackage:
    """The port ``PackageFile``. ``NAME.part`` until it is published; what a killed process left is overwritten."""

    def __init__(self, path: Path) -> None:
        self.parts: list[Part] = []
        self._path, self._draft = path, path.with_name(path.name + ".part")
        self._stream: IO[bytes] | None = None

    def __enter__(self) -> Self:
        """Begin.

        Raises:
            TransferRefusedError: ``file-exists``, ``file-busy``.
        """
        if self._path.exists():
            raise TransferRefusedError("file-exists", f"{self._path} is there already; name another file")
        stream = os.fdopen(os.open(self._draft, os.O_RDWR | os.O_CREAT, _MODE), "r+b")
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stream.close()
            raise TransferRefusedError("file-busy", f"another process writes {self._draft}") from None
        stream.truncate()
        self._stream = stream
        self._zip = zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED)
        return self

    def __exit__(self, *_: object) -> None:
        """What was not published is removed."""
        if self._stream is not None:
            self._draft.unlink(missing_ok=True)
            self._zip.close()
            self._stream.close()

    @contextmanager
    def part(self, name: str) -> Iterator["_HashedPart"]:
        """Write one part."""
        entry = zipfile.ZipInfo(name, _DATE)
        entry.create_system, entry.external_attr = 3, (0o100644 << 16)
        with self._zip.open(entry, "w", force_zip64=True) as stream:
            part = _HashedPart(stream)
            yield part
        self.parts.append(Part(name, part.sha256.hexdigest(), part.size))

    def sealed(self) -> tuple[bytes, int]:
        """Its SHA-256 and its size, once it is on disk."""
        self._zip.close()
        stream = self._open
        stream.flush()
        os.fsync(stream.fileno())
        stream.seek(0)
        digest, size = hashlib.sha256(), 0
        while block := stream.read(_BLOCK):
            digest.update(block)
            size += len(block)
        return digest.digest(), size

    def publish(self) -> None:
        """Give it its name: at once, and never in place of another file."""
        try:
            os.link(self._draft, self._path)
        except FileExistsError:
            raise TransferRefusedError("file-exists", f"{self._path} is there already; name another file") from None
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            self._draft.rename(self._path)
        self._draft.unlink(missing_ok=True)
        self._open.close()
        self._stream = None
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    @property
    def _open(self) -> IO[bytes]:
        if self._stream is None:
            raise ValueError("the package is not open")
        return self._stream


class _HashedPart:
    """A part that is counted and hashed on its way."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.sha256, self.size = hashlib.sha256(), 0

    def write(self, data: bytes, /) -> None:
        """More of it."""
        self._stream.write(data)
        self.sha256.update(data)
        self.size += len(data)

"""The bytes of a document as they came: counted, hashed, and never readable on disk.

Small documents stay in memory. What grows beyond ``memory`` goes to a temporary file, sealed piece by piece under
the document's key; the same sealed pieces are later stored as they are. Associated data of piece n: the
document's id and n, so that pieces can neither be swapped nor moved to another document.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from typing import IO, Self
from uuid import UUID

from hub.application.intake.ports import ByteCipher

PIECE = 262_144
"""Bytes of a sealed piece, but for the last."""


def piece_name(document: UUID, n: int, kind: bytes = b"") -> bytes:
    """The associated data of a document's n-th piece (``kind`` b'r': of its refusals)."""
    return document.bytes + kind + n.to_bytes(4, "big")


class Spool:
    """Write all bytes, then read them back plain or sealed. Leaving the block forgets them."""

    def __init__(self, document: UUID, cipher: ByteCipher, memory: int = PIECE) -> None:
        self._document, self._cipher, self._memory = document, cipher, memory
        self._hash = hashlib.sha256()
        self._tail = bytearray()
        self._file: IO[bytes] | None = None
        self._lengths: list[int] = []
        self.size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    @property
    def sha256(self) -> bytes:
        """The hash of all bytes written so far."""
        return self._hash.digest()

    def write(self, data: bytes) -> None:
        """Take more bytes."""
        self._hash.update(data)
        self.size += len(data)
        self._tail += data
        if self.size > self._memory:
            while len(self._tail) >= PIECE:
                self._put_away(bytes(self._tail[:PIECE]))
                del self._tail[:PIECE]

    def plain(self) -> Iterator[bytes]:
        """The bytes, in pieces."""
        for n, sealed in enumerate(self._stored()):
            yield self._cipher.open(sealed, piece_name(self._document, n)) or b""
        if self._tail:
            yield bytes(self._tail)

    def sealed(self) -> Iterator[bytes]:
        """The pieces as they are stored."""
        yield from self._stored()
        if self._tail:
            yield self._cipher.seal(bytes(self._tail), piece_name(self._document, len(self._lengths)))

    def _put_away(self, piece: bytes) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the block
        sealed = self._cipher.seal(piece, piece_name(self._document, len(self._lengths)))
        self._file.write(sealed)
        self._lengths.append(len(sealed))

    def _stored(self) -> Iterator[bytes]:
        at = 0
        for length in self._lengths:
            if self._file is None:
                return
            self._file.seek(at)
            yield self._file.read(length)
            at += length
        if self._file is not None:
            self._file.seek(0, 2)

"""Rows in PostgreSQL's binary COPY format, kept in memory or a temporary file until a transaction takes them."""

import struct
import tempfile
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import BinaryIO, cast

from hub.adapters.postgres.database import Connection

_HEADER = b"PGCOPY\n\xff\r\n\x00" + struct.pack(">ii", 0, 0)
_TRAILER = struct.pack(">h", -1)
_LENGTH = struct.Struct(">i")

_IN_MEMORY = 128 * 1024
"""Bytes of rows that need no file."""
_PIECE = 256 * 1024

Field = int | str | bytes
"""An ``int`` is an ``integer`` column; ``smallint`` values come packed (two bytes, big endian)."""


class CopyFile:
    """Rows for some columns of one table. A file, if it comes to that, holds only what the table would."""

    def __init__(self, table: str, columns: Sequence[str]) -> None:
        self._table, self._columns = table, tuple(columns)
        self._count = struct.pack(">h", len(columns))
        self._file: BinaryIO | None = None

    def write(self, rows: Iterable[Sequence[Field]]) -> None:
        """Keep more rows."""
        parts: list[bytes] = []
        for row in rows:
            parts.append(self._count)
            for field in row:
                data = _packed(field)
                parts += (_LENGTH.pack(len(data)), data)
        if parts:
            if self._file is None:
                self._file = cast("BinaryIO", tempfile.SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115 - closed
                self._file.write(_HEADER)
            self._file.write(b"".join(parts))

    async def copy(self, connection: Connection) -> None:
        """Put all rows into the table, in the order they came."""
        if self._file is not None:
            self._file.write(_TRAILER)
            self._file.seek(0)
            source = _pieces(self._file)
            await connection.copy_to_table(self._table, source=source, columns=self._columns, format="binary")

    def close(self) -> None:
        """Forget the rows."""
        if self._file is not None:
            self._file.close()


async def _pieces(file: BinaryIO) -> AsyncIterator[bytes]:
    """Read here: the driver would read a file in a thread, and hold the transaction while that thread waits."""
    while piece := file.read(_PIECE):
        yield piece


def _packed(field: Field) -> bytes:
    if isinstance(field, bytes):
        return field
    if isinstance(field, str):
        return field.encode()
    return _LENGTH.pack(field)

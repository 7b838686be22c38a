"""Rows in PostgreSQL's binary COPY format, kept in a temporary file until a transaction takes them."""

import struct
import tempfile
from collections.abc import Iterable, Sequence
from typing import BinaryIO, cast

from hub.adapters.postgres.database import Connection

_HEADER = b"PGCOPY\n\xff\r\n\x00" + struct.pack(">ii", 0, 0)
_TRAILER = struct.pack(">h", -1)
_LENGTH = struct.Struct(">i")

Field = int | str | bytes
"""An ``int`` is an ``integer`` column; ``smallint`` values come packed (two bytes, big endian)."""


class CopyFile:
    """Rows for some columns of one table. The file holds only what the table would: nothing readable."""

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
                self._file = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 - closed by ``close``
                self._file.write(_HEADER)
            self._file.write(b"".join(parts))

    async def copy(self, connection: Connection) -> None:
        """Put all rows into the table, in the order they came."""
        if self._file is not None:
            self._file.write(_TRAILER)
            self._file.seek(0)
            await connection.copy_to_table(self._table, source=self._file, columns=self._columns, format="binary")

    def close(self) -> None:
        """Forget the rows."""
        if self._file is not None:
            self._file.close()


def _packed(field: Field) -> bytes:
    if isinstance(field, bytes):
        return field
    if isinstance(field, str):
        return field.encode()
    return _LENGTH.pack(field)

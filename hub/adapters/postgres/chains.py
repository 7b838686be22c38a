"""Chains of hashes in PostgreSQL. Writers wait for each other: a chain has one end."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar, cast

from sqlalchemy import Table

from hub.adapters.postgres.database import Connection, Database, translated
from hub.application.chain import Link
from hub.domain.messaging.hash_chain import GENESIS

L = TypeVar("L", bound=Link)


class Place(NamedTuple):
    """Where an entry comes to stand: its number, and the hash of the one before it."""

    seq: int
    before: bytes


class Chain(Generic[L]):
    """The chain in one table, whose rows are the named tuples ``kind``. ``lock``: the advisory lock of its writers."""

    def __init__(self, table: Table, kind: Callable[..., L], fields: Sequence[str], *, lock: int) -> None:
        self._table, self._kind, self._fields, self._lock = table.name, kind, fields, lock
        self.columns = ", ".join(fields)

    async def append(self, connection: Connection, makers: Iterable[Callable[[Place], L]]) -> Sequence[L]:
        """Append within an open transaction, each entry made for its place; held until it ends, so do it last."""
        await connection.execute("SELECT pg_advisory_xact_lock($1)", self._lock)
        end = await connection.fetchrow(f"SELECT seq, hash FROM {self._table} ORDER BY seq DESC LIMIT 1")
        place = Place(end["seq"] + 1, end["hash"]) if end else Place(1, GENESIS)
        rows: list[L] = []
        for made in makers:
            rows.append(made(place))
            place = Place(place.seq + 1, rows[-1].hash)
        records = cast("list[tuple[object, ...]]", rows)
        await connection.copy_records_to_table(self._table, records=records, columns=self._fields)
        return rows

    async def entries(self, database: Database, *, after: int) -> AsyncIterator[L]:
        """Every entry after a number, page by page."""
        following = f"SELECT {self.columns} FROM {self._table} WHERE seq > $1 ORDER BY seq LIMIT 5000"
        while True:
            async with translated():
                rows = await database.pool.fetch(following, after)
            if not rows:
                return
            for row in rows:
                yield self._kind(*row)
            after = rows[-1]["seq"]


def shown(row: Any) -> Mapping[str, Any]:
    """A stored entry for people and scripts: hashes in hexadecimal."""
    return {**dict(row), "before": row["before"].hex(), "hash": row["hash"].hex()}

"""Rows of projections, upserted in bulk: a row's NamedTuple names its table, its identity and its guard."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import cast

from sqlalchemy import Dialect
from sqlalchemy.dialects.postgresql import dialect

from hub.adapters.postgres.database import Connection
from hub.adapters.postgres.tables import METADATA
from hub.domain.messaging.decision import Row

_DIALECT: Dialect = dialect()  # type: ignore[no-untyped-call]  # left untyped by SQLAlchemy
_STATEMENTS: dict[type[Row], str] = {}
_IDENTITIES: "dict[type[Row], attrgetter[object]]" = {}


async def write_rows(connection: Connection, rows: Sequence[Row]) -> None:
    """Upsert rows, table by table; of several versions of one row in a batch the newest counts."""
    for _, group in groupby(sorted(rows, key=attrgetter("table")), key=attrgetter("table")):
        newest = _newest(group)
        await connection.execute(upsert(newest[0]), *map(list, zip(*newest, strict=True)))


def _newest(rows: Iterable[Row]) -> list[Row]:
    """One row per identity: the guard decides, else the last. A row is written under the lock of its dossier."""
    found: dict[object, Row] = {}
    for row in rows:
        key = _identity(row)
        before = found.get(key)
        if before is None:
            found[key] = row
        elif row.guard is None or getattr(row, row.guard) >= getattr(before, row.guard):
            found[key] = _merged(before, row)
    return list(found.values())


def _identity(row: Row) -> object:
    kind = type(row)
    getter = _IDENTITIES.get(kind)
    if getter is None:
        getter = _IDENTITIES[kind] = attrgetter(*row.identity)
    return getter(row)


def _merged(before: Row, row: Row) -> Row:
    """The later row; what it leaves as it was comes from the earlier one."""
    keep = {name: getattr(before, name) for name in row.kept if getattr(row, name) is None}
    return cast("Row", row._replace(**keep)) if keep else row  # type: ignore[attr-defined]  # NamedTuple's own


def upsert(sample: Row) -> str:
    """The statement that writes many rows of a kind; parameters are its columns as arrays."""
    kind = type(sample)
    if kind not in _STATEMENTS:
        _STATEMENTS[kind] = _composed(sample)
    return _STATEMENTS[kind]


def _composed(sample: Row) -> str:
    table, columns = METADATA.tables[sample.table], sample._fields
    arrays = ", ".join(
        f"${at}::{table.c[name].type.compile(dialect=_DIALECT)}[]" for at, name in enumerate(columns, start=1)
    )
    changes = ", ".join(_change(sample, name) for name in columns if name not in sample.identity)
    guard = f" WHERE {table.name}.{sample.guard} <= excluded.{sample.guard}" if sample.guard else ""
    then = f"DO UPDATE SET {changes}{guard}" if changes else "DO NOTHING"
    target = f"INSERT INTO {table.name} ({', '.join(columns)}) SELECT * FROM unnest({arrays})"
    return f"{target} ON CONFLICT ({', '.join(sample.identity)}) {then}"


def _change(sample: Row, name: str) -> str:
    if name in sample.kept:
        return f"{name} = coalesce(excluded.{name}, {sample.table}.{name})"
    return f"{name} = excluded.{name}"

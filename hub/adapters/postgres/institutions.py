"""Institutions and their keys in PostgreSQL."""

from collections.abc import Mapping, Sequence

from sqlalchemy import RowMapping, and_, func, select, update
from sqlalchemy.dialects.postgresql import insert

from hub.adapters.postgres.database import Database, translated
from hub.adapters.postgres.tables import institution, institution_key
from hub.application.intake.callers import Caller, HeldKey, Institution

_LIVING = and_(institution.c.revoked_at.is_(None), institution_key.c.revoked_at.is_(None))
_KEYS = select(
    institution_key.c.hash,
    institution_key.c.connectors,
    institution_key.c.types,
    institution.c.id.label("institution"),
    institution.c.kind,
    institution.c.language,
).join(institution, institution.c.id == institution_key.c.institution)


class PostgresInstitutions:
    """The port ``Institutions``."""

    def __init__(self, database: Database) -> None:
        self._engine = database.engine

    async def add(self, added: Institution) -> bool:
        """Add one; False when the id is taken."""
        values = {name: getattr(added, name) for name in ("id", "kind", "name", "email", "language")}
        async with translated(), self._engine.begin() as connection:
            made = await connection.execute(insert(institution).values(values).on_conflict_do_nothing())
        return bool(made.rowcount)

    async def find(self, name: str) -> Institution | None:
        """A living institution."""
        living = select(institution).where(institution.c.id == name, institution.c.revoked_at.is_(None))
        async with translated(), self._engine.connect() as connection:
            row = (await connection.execute(living)).mappings().one_or_none()
        if row is None:
            return None
        return Institution(
            id=row["id"], kind=row["kind"], name=row["name"], email=row["email"], language=row["language"]
        )

    async def add_key(
        self, key: str, hashed: bytes, owner: str, connectors: Sequence[str], types: Sequence[str]
    ) -> None:
        """Store a key."""
        values = {
            "id": key,
            "institution": owner,
            "hash": hashed,
            "connectors": list(connectors),
            "types": list(types),
        }
        async with translated(), self._engine.begin() as connection:
            await connection.execute(insert(institution_key).values(values))

    async def key(self, key: str) -> HeldKey | None:
        """A key that is not revoked, of an institution that is not."""
        wanted = _KEYS.where(_LIVING, institution_key.c.id == key)
        async with translated(), self._engine.connect() as connection:
            row = (await connection.execute(wanted)).mappings().one_or_none()
        return HeldKey(hash=row["hash"], caller=_caller(row)) if row else None

    async def folder_caller(self, name: str, connector: str) -> Caller | None:
        """Who a watched folder speaks for: an institution that a living key of its own lets use the connector."""
        granted = institution_key.c.connectors.contains([connector])
        wanted = _KEYS.where(_LIVING, institution.c.id == name, granted).limit(1)
        async with translated(), self._engine.connect() as connection:
            row = (await connection.execute(wanted)).mappings().one_or_none()
        return _caller(row) if row else None

    async def revoke(self, name: str) -> bool:
        """Revoke a key, or an institution with all its keys; False when neither lives under that name."""
        async with translated(), self._engine.begin() as connection:
            revoked = 0
            for table in (institution_key, institution):
                living = and_(table.c.id == name, table.c.revoked_at.is_(None))
                done = await connection.execute(update(table).where(living).values(revoked_at=func.now()))
                revoked += done.rowcount
        return bool(revoked)

    async def listed(self) -> Sequence[Mapping[str, object]]:
        """Everyone with their keys (never the hashes)."""
        every = (
            select(
                institution.c.id.label("institution"),
                institution.c.kind,
                institution.c.name,
                institution.c.email,
                institution.c.language,
                institution.c.revoked_at.label("institution_revoked"),
                institution_key.c.id.label("key"),
                institution_key.c.connectors,
                institution_key.c.types,
                institution_key.c.created_at.label("key_made"),
                institution_key.c.revoked_at.label("key_revoked"),
            )
            .outerjoin(institution_key, institution.c.id == institution_key.c.institution)
            .order_by(institution.c.id, institution_key.c.created_at)
        )
        async with translated(), self._engine.connect() as connection:
            return [dict(row) for row in (await connection.execute(every)).mappings()]


def _caller(row: RowMapping) -> Caller:
    return Caller(
        institution=row["institution"],
        kind=row["kind"],
        language=row["language"],
        connectors=frozenset(row["connectors"]),
        types=frozenset(row["types"]),
    )

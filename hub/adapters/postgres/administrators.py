"""Accounts of administrators, their sessions and their attempts to sign in, in PostgreSQL.

The time of sessions is the database's own: a sandbox hub's moved time ends nobody's session.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from asyncpg import Record

from hub.adapters.postgres.audit import note
from hub.adapters.postgres.database import Connection, Database, translated
from hub.application.administer.ports import Administrator, Grant
from hub.application.audit import Deed

_ADD = """
INSERT INTO administrator (name, roles, password, language) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING 1
"""
_FIND = "SELECT * FROM administrator WHERE name = $1 AND disabled_at IS NULL"
_LISTED = "SELECT * FROM administrator ORDER BY name"
_CHANGE = "UPDATE administrator SET password = $2 WHERE name = $1 AND disabled_at IS NULL RETURNING 1"
_DISABLE = "UPDATE administrator SET disabled_at = now() WHERE name = $1 AND disabled_at IS NULL RETURNING 1"
_END_SESSIONS = "DELETE FROM administrator_session WHERE administrator = $1"

_OPEN = """
INSERT INTO administrator_session (hash, administrator, kind, expires_at) VALUES ($1, $2, 'browser', now() + $3)
"""
_FORGET_ENDED = "DELETE FROM administrator_session WHERE expires_at < now()"
_RECOGNISE = """
SELECT a.*, s.used_at < now() - interval '30 seconds' AS long_ago
FROM administrator_session s JOIN administrator a ON a.name = s.administrator
WHERE s.hash = $1 AND s.expires_at > now() AND s.used_at > now() - $2::interval AND a.disabled_at IS NULL
"""
_TOUCH = "UPDATE administrator_session SET used_at = now() WHERE hash = $1"
_CLOSE = "DELETE FROM administrator_session WHERE hash = $1"

_COUNT = """
INSERT INTO sign_in_attempt AS kept (subject, tries, since) VALUES ($1, 1, now())
ON CONFLICT (subject) DO UPDATE SET
    tries = CASE WHEN kept.since < now() - $2::interval THEN 1 ELSE kept.tries + 1 END,
    since = CASE WHEN kept.since < now() - $2::interval THEN now() ELSE kept.since END
RETURNING tries
"""
_FORGET = "DELETE FROM sign_in_attempt WHERE subject = $1"
_FORGET_OLD = "DELETE FROM sign_in_attempt WHERE since < now() - $1::interval"

_GRANT = """
INSERT INTO reveal_grant (session, letter, fields, purpose, expires_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (session, letter)
DO UPDATE SET fields = excluded.fields, purpose = excluded.purpose, expires_at = excluded.expires_at
"""
_GRANTED = "SELECT fields, purpose, expires_at FROM reveal_grant WHERE session = $1 AND letter = $2 AND expires_at > $3"


class PostgresAccounts:
    """The port ``Accounts``: the table ``administrator``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, added: Administrator, password: str, deed: Deed) -> bool:
        """Add one."""
        async with self._database.transaction() as connection:
            made = await connection.fetchval(_ADD, added.name, list(added.roles), password, added.language)
            return await _noted(connection, made, deed)

    async def find(self, name: str) -> tuple[Administrator, str] | None:
        """A living account and the hash of its password."""
        async with translated():
            row = await self._database.pool.fetchrow(_FIND, name)
        return (_administrator(row), row["password"]) if row else None

    async def set_password(self, name: str, password: str, deed: Deed) -> bool:
        """Change the hash, end its sessions."""
        async with self._database.transaction() as connection:
            changed = await connection.fetchval(_CHANGE, name, password)
            await connection.execute(_END_SESSIONS, name)
            return await _noted(connection, changed, deed)

    async def disable(self, name: str, deed: Deed) -> bool:
        """Disable it, end its sessions."""
        async with self._database.transaction() as connection:
            changed = await connection.fetchval(_DISABLE, name)
            await connection.execute(_END_SESSIONS, name)
            return await _noted(connection, changed, deed)

    async def listed(self) -> Sequence[Administrator]:
        """Everyone by name."""
        async with translated():
            return [_administrator(row) for row in await self._database.pool.fetch(_LISTED)]


class PostgresSessions:
    """The ports ``Sessions`` and ``Grants``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, hashed: bytes, administrator: str, lasts: timedelta, deed: Deed) -> None:
        """Keep one, forget those that ended."""
        async with self._database.transaction() as connection:
            await connection.execute(_FORGET_ENDED)
            await connection.execute(_OPEN, hashed, administrator, lasts)
            await _noted(connection, 1, deed)

    async def find(self, hashed: bytes, idle: timedelta, *, touch: bool) -> Administrator | None:
        """Whose it is; that it was used is written every half minute at most."""
        async with translated():
            row = await self._database.pool.fetchrow(_RECOGNISE, hashed, idle)
            if row and touch and row["long_ago"]:
                await self._database.pool.execute(_TOUCH, hashed)
        return _administrator(row) if row else None

    async def close(self, hashed: bytes, deed: Deed) -> None:
        """End it."""
        async with self._database.transaction() as connection:
            await connection.execute(_CLOSE, hashed)
            await _noted(connection, 1, deed)

    async def grant(self, session: bytes, letter: UUID, grant: Grant) -> None:
        """Let a session see fields of a letter; a newer purpose takes the place of the one before."""
        async with translated():
            await self._database.pool.execute(
                _GRANT, session, letter, list(grant.fields), grant.purpose, grant.expires_at
            )

    async def granted(self, session: bytes, letter: UUID, now: datetime) -> Grant | None:
        """What it may see now."""
        async with translated():
            row = await self._database.pool.fetchrow(_GRANTED, session, letter, now)
        if row is None:
            return None
        return Grant(fields=tuple(row["fields"]), purpose=row["purpose"], expires_at=row["expires_at"])


class PostgresAttempts:
    """The port ``Attempts``: one row a subject, counted by every process together."""

    def __init__(self, database: Database) -> None:
        self._pool = database.pool

    async def count(self, subject: bytes, window: timedelta) -> int:
        """Count one more."""
        async with translated():
            tries = await self._pool.fetchval(_COUNT, subject, window)
            if tries == 1:
                await self._pool.execute(_FORGET_OLD, window)
        return int(tries)

    async def forget(self, subject: bytes) -> None:
        """Begin anew."""
        async with translated():
            await self._pool.execute(_FORGET, subject)


async def _noted(connection: Connection, happened: object, deed: Deed) -> bool:
    if happened:
        await note(connection, [deed], datetime.now(UTC))
    return bool(happened)


def _administrator(row: Record) -> Administrator:
    return Administrator(
        name=row["name"],
        roles=tuple(row["roles"]),
        language=row["language"],
        created_at=row["created_at"],
        disabled_at=row["disabled_at"],
    )

"""Fingerprint rules."""

from collections.abc import Sequence
from datetime import UTC, datetime

from hub.adapters.postgres.audit import note
from hub.adapters.postgres.database import Database, translated
from hub.application.audit import Deed
from hub.application.dead_letters.rules import FingerprintRule

_ADD = """
INSERT INTO fingerprint_rule (fingerprint, release, who, reason, expires_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING RETURNING fingerprint
"""
_REMOVE = "DELETE FROM fingerprint_rule WHERE fingerprint = $1 RETURNING fingerprint"
_ALL = "SELECT fingerprint, release, who, reason, expires_at FROM fingerprint_rule ORDER BY made_at"


class PostgresRules:
    """The table ``fingerprint_rule``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, rule: FingerprintRule, deed: Deed) -> bool:
        """Keep a rule."""
        async with self._database.transaction() as connection:
            facts = (rule.fingerprint, rule.release, rule.who, rule.reason, rule.expires_at)
            added = await connection.fetchval(_ADD, *facts)
            await note(connection, [deed] if added else [], datetime.now(UTC))
        return added is not None

    async def remove(self, fingerprint: str, deed: Deed) -> bool:
        """Take a rule away."""
        async with self._database.transaction() as connection:
            gone = await connection.fetchval(_REMOVE, fingerprint)
            await note(connection, [deed] if gone else [], datetime.now(UTC))
        return gone is not None

    async def all(self) -> Sequence[FingerprintRule]:
        """Every rule."""
        async with translated():
            return [FingerprintRule(**dict(row)) for row in await self._database.pool.fetch(_ALL)]

    async def known(self, fingerprint: str) -> bool:
        """Whether any letter ever failed like this."""
        async with translated():
            known = "SELECT EXISTS (SELECT FROM fingerprint WHERE id = $1)"
            return bool(await self._database.pool.fetchval(known, fingerprint))

"""Persons' keys in PostgreSQL: wrapped by the master key, one row per generation, NULL once erased."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import asyncpg

from hub.adapters.postgres.aliases import KNOWING_SHARED
from hub.adapters.postgres.database import Database, translated
from hub.application.ports import Cipher
from hub.application.vault import PersonRenumberedError

PERSON_ERASED = "hub_person_erased"
"""Channel of notifications; the payload is the person's pseudonym."""

_NEWEST = """
    SELECT DISTINCT ON (subject) subject, generation, wrapped FROM person_key
    WHERE subject = ANY($1::text[]) ORDER BY subject, generation DESC
"""
_MAKE = """
    INSERT INTO person_key (subject, generation, wrapped)
    SELECT * FROM unnest($1::text[], $2::int[], $3::bytea[]) ON CONFLICT DO NOTHING
"""
_RENUMBERED = "SELECT count(*) FROM person_alias WHERE subject = ANY($1::text[])"
_OF = """
    SELECT subject, generation, wrapped FROM person_key
    JOIN unnest($1::text[], $2::int[]) AS wanted (subject, generation) USING (subject, generation)
    WHERE wrapped IS NOT NULL
"""


class Wrapping(Protocol):
    """What makes and opens the keys: the master key."""

    def fresh(self, owner: str) -> tuple[bytes, Cipher]: ...
    def unwrap(self, wrapped: bytes, owner: str) -> Cipher: ...


class PostgresPersonKeys:
    """The port ``PersonKeys``; each statement is its own short transaction."""

    def __init__(self, database: Database, master: Wrapping) -> None:
        self._pool, self._master = database.pool, master

    async def current(self, subjects: Sequence[str]) -> Mapping[str, tuple[int, Cipher]]:
        """The newest living key of each subject, made where there is none or the last one was erased."""
        found: dict[str, tuple[int, Cipher]] = {}
        missing = sorted(set(subjects))  # sorted: two processes making the same keys cannot deadlock
        async with translated(), self._pool.acquire() as connection:
            while missing:
                last = dict.fromkeys(missing, 0)
                for row in await connection.fetch(_NEWEST, missing):
                    if row["wrapped"] is None:
                        last[row["subject"]] = row["generation"]
                    else:
                        found[row["subject"]] = (row["generation"], self._unwrapped(row))
                missing = [subject for subject in missing if subject not in found]
                if missing:
                    await self._make(connection, [(subject, last[subject] + 1) for subject in missing])
        return found

    async def of(self, wanted: Sequence[tuple[str, int]]) -> Mapping[tuple[str, int], Cipher]:
        """The keys of these generations; erased ones are missing from the answer."""
        subjects, generations = [subject for subject, _ in wanted], [generation for _, generation in wanted]
        async with translated():
            rows = await self._pool.fetch(_OF, subjects, generations)
        return {(row["subject"], row["generation"]): self._unwrapped(row) for row in rows}

    async def _make(self, connection: asyncpg.pool.PoolConnectionProxy, keys: Sequence[tuple[str, int]]) -> None:
        """Store fresh keys; where a rival was first, his stays."""
        wrapped = [self._master.fresh(_owner(*key))[0] for key in keys]
        subjects = [key[0] for key in keys]
        async with connection.transaction():
            await connection.execute(KNOWING_SHARED)
            if await connection.fetchval(_RENUMBERED, subjects):
                raise PersonRenumberedError("a number that replaced another one is not known here yet; try again")
            await connection.execute(_MAKE, subjects, [key[1] for key in keys], wrapped)

    def _unwrapped(self, row: asyncpg.Record) -> Cipher:
        return self._master.unwrap(row["wrapped"], _owner(row["subject"], row["generation"]))


def _owner(subject: str, generation: int) -> str:
    """What a wrapped key is bound to: it cannot be moved to another person or generation."""
    return f"{subject}.{generation}"

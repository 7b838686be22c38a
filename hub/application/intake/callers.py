"""Who calls, and institutions with their keys: what the intake asks of the world, as protocols."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """Who is calling: an institution, by one of its keys, with what that key may do."""

    institution: str
    kind: str
    language: str
    connectors: frozenset[str]
    types: frozenset[str]


class Callers(Protocol):
    """Tells who is calling from the ``Authorization`` header (API keys now; OAuth2 and mTLS later)."""

    async def identify(self, authorization: str | None) -> Caller:
        """The caller; raises ``NotAuthenticatedError``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldKey:
    """A living key as stored: ``hash`` is SHA-256 of its secret part."""

    hash: bytes
    caller: Caller


@dataclass(frozen=True, kw_only=True, slots=True)
class Institution:
    """An institution as the hub knows it. ``kind``: fca, office, cpas or hub; ``language``: fr, nl, de, en."""

    id: str
    kind: str
    name: str
    email: str | None
    language: str


class Institutions(Protocol):
    """Institutions and their keys."""

    async def add(self, institution: Institution) -> bool:
        """Add one; False when the id is taken."""

    async def find(self, institution: str) -> Institution | None:
        """A living institution."""

    async def add_key(
        self, key: str, hashed: bytes, institution: str, connectors: Sequence[str], types: Sequence[str]
    ) -> None: ...
    async def key(self, key: str) -> HeldKey | None:
        """A key that is not revoked, of an institution that is not."""

    async def folder_caller(self, institution: str, connector: str) -> Caller | None:
        """Who a watched folder speaks for: an institution that a living key of its own lets use the connector."""

    async def revoke(self, name: str) -> bool:
        """Revoke a key, or an institution with all its keys; False when neither lives under that name."""

    async def listed(self) -> Sequence[Mapping[str, object]]:
        """Everyone with their keys (never the hashes), for the administrator."""

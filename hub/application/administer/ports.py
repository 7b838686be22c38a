"""Administrators, their sessions and their attempts to sign in, as they are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from hub.application.audit import Deed
from hub.domain.access.roles import Right, rights_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Administrator:
    """Who looks after the hub. ``name`` is what the audit keeps; ``language`` is fr, nl, de or en."""

    name: str
    roles: tuple[str, ...]
    language: str
    created_at: datetime | None = None
    disabled_at: datetime | None = None

    @property
    def rights(self) -> frozenset[Right]:
        """What the roles allow."""
        return rights_of(self.roles)


class Accounts(Protocol):
    """Local accounts. A change and its entry in the audit are one transaction; so is the end of its sessions."""

    async def add(self, added: Administrator, password: str, deed: Deed) -> bool:
        """Add one with the hash of its password; False when the name is taken."""

    async def find(self, name: str) -> tuple[Administrator, str] | None:
        """An account that is not disabled, with the hash of its password."""

    async def set_password(self, name: str, password: str, deed: Deed) -> bool:
        """Change the hash, end its sessions; False when there is no such living account."""

    async def disable(self, name: str, deed: Deed) -> bool:
        """Disable, end its sessions; False when there is no such living account."""

    async def listed(self) -> Sequence[Administrator]: ...


class Passwords(Protocol):
    """Slow hashes of passwords."""

    async def hashed(self, password: str) -> str: ...
    async def matches(self, password: str, hashed: str) -> bool: ...


class Identities(Protocol):
    """Who somebody is: by a password of ours today, by OIDC later."""

    async def identify(self, name: str, secret: str) -> Administrator | None:
        """The administrator; None when nobody is known by these."""

    async def known(self, name: str) -> bool:
        """Whether it is somebody's name, so that the audit may keep it."""


class Attempts(Protocol):
    """Attempts to sign in, counted by what they have in common for some time."""

    async def count(self, subject: bytes, window: timedelta) -> int:
        """Count one more; how many there are since the first of this window."""

    async def forget(self, subject: bytes) -> None: ...


class Sessions(Protocol):
    """Sessions by the SHA-256 of their token."""

    async def open(self, hashed: bytes, administrator: str, lasts: timedelta, deed: Deed) -> None:
        """Keep one, forget those that ended."""

    async def find(self, hashed: bytes, idle: timedelta, *, touch: bool) -> Administrator | None:
        """Whose session it is, of an account that lives; ``touch``: it was used now."""

    async def close(self, hashed: bytes, deed: Deed) -> None: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """Fields of one letter that a session may see for some minutes."""

    fields: tuple[str, ...]
    purpose: str
    expires_at: datetime


class Grants(Protocol):
    """What sessions may see; it ends with the session."""

    async def grant(self, session: bytes, letter: UUID, grant: Grant) -> None: ...
    async def granted(self, session: bytes, letter: UUID, now: datetime) -> Grant | None: ...

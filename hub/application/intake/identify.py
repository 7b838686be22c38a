"""Who is calling: API keys ``hub_<key id>_<secret>``; only the SHA-256 of the secret is stored."""

import hashlib
import hmac
import re
import secrets
from base64 import b64decode
from collections.abc import Callable
from time import monotonic

from hub.application.intake.callers import Caller, HeldKey, Institutions
from hub.application.intake.refusals import NotAuthenticatedError

_FORM = re.compile(r"hub_([0-9a-f]{16})_([A-Za-z0-9_-]{43})")
_KEPT_MOST = 10_000


def new_key() -> tuple[str, str, bytes]:
    """A new key: its id, the whole text to give away once, and what is stored of its secret."""
    handle, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
    return handle, f"hub_{handle}_{secret}", hashed(secret)


def hashed(secret: str) -> bytes:
    """What is stored of a secret: 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).digest()


class ApiKeys:
    """The port ``Callers`` over stored keys.

    A key that was found is believed for ``age`` seconds, so that revoking works quickly everywhere.
    """

    def __init__(self, institutions: Institutions, *, age: float = 5.0, now: Callable[[], float] = monotonic) -> None:
        self._institutions, self._age, self._now = institutions, age, now
        self._held: dict[str, tuple[float, HeldKey]] = {}

    async def identify(self, authorization: str | None) -> Caller:
        """The caller behind an ``Authorization`` header.

        Raises:
            NotAuthenticatedError: ``key-missing``, or ``key-unknown`` (also when revoked, or of a wrong form).
        """
        if not authorization:
            raise NotAuthenticatedError("key-missing")
        form = _FORM.fullmatch(_given(authorization))
        held = await self._key(form[1]) if form else None
        if form is None or held is None or not hmac.compare_digest(hashed(form[2]), held.hash):
            raise NotAuthenticatedError("key-unknown")
        return held.caller

    async def _key(self, handle: str) -> HeldKey | None:
        until, held = self._held.get(handle, (0.0, None))
        if held is not None and until > self._now():
            return held
        found = await self._institutions.key(handle)
        if found is None:
            self._held.pop(handle, None)
            return None
        if len(self._held) >= _KEPT_MOST:
            self._held.clear()
        self._held[handle] = (self._now() + self._age, found)
        return found


def _given(authorization: str) -> str:
    """The key of a Bearer header; of a Basic one (RFC 7617) its user, the key id, and its password, the secret."""
    scheme, _, given = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return given.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        user, _, password = b64decode(given.strip(), validate=True).decode("ascii").partition(":")
    except ValueError:
        return ""
    return password if password.startswith(f"hub_{user}_") else f"hub_{user}_{password}"

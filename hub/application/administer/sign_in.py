"""An administrator signs in, is recognised, signs out."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from hub.application.administer.ports import Accounts, Administrator, Attempts, Identities, Passwords, Sessions
from hub.application.audit import Audit, Deed
from hub.domain.messaging.errors import RefusalError

_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$YaZqVNvyqn/vKnuTEz4p6A$2mwnfF04f+effbeIcTXXXI4Gl+ucUUhdYLVM4GLSWEY"
"""What the password of an unknown name is compared with: who asks cannot tell by the time it takes."""


class SignInRefusedError(RefusalError):
    """Nobody is known by this name and password (``sign-in-wrong``), or too many tried (``sign-in-limited``)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SignInRules:
    """How often an account and an address may be tried within ``window``; how long sessions last."""

    per_account: int
    per_address: int
    window: timedelta
    idle: timedelta
    lasts: timedelta


class LocalIdentities:
    """The port ``Identities`` over accounts of the hub."""

    def __init__(self, accounts: Accounts, passwords: Passwords) -> None:
        self._accounts, self._passwords = accounts, passwords

    async def identify(self, name: str, secret: str) -> Administrator | None:
        """By name and password; a name that is unknown takes as long as a wrong password."""
        found = await self._accounts.find(name)
        matches = await self._passwords.matches(secret, found[1] if found else _NOBODY)
        return found[0] if found and matches else None

    async def known(self, name: str) -> bool:
        """Whether a living account has this name."""
        return await self._accounts.find(name) is not None


class SignIn:
    """Sessions of administrators. Every attempt is audited; of those above the limit the first one."""

    def __init__(
        self, identities: Identities, attempts: Attempts, sessions: Sessions, *, audit: Audit, rules: SignInRules
    ) -> None:
        self._identities, self._attempts, self._sessions = identities, attempts, sessions
        self._audit, self._rules = audit, rules

    async def enter(self, name: str, secret: str, *, address: str) -> tuple[str, Administrator]:
        """Open a session: its token, which is stored nowhere, and whose it is.

        An attempt is counted before the password is looked at, so that many at once get no more tries than one
        after the other. What was typed as a name is never kept unless it is one.

        Raises:
            SignInRefusedError: no session was opened.
        """
        name = name.strip().lower()
        account = account_subject(name)
        await self._limit(_subject("address", address), self._rules.per_address, name)
        await self._limit(account, self._rules.per_account, name)
        found = await self._identities.identify(name, secret)
        if found is None:
            await self._denied(name, "sign-in-wrong")
            raise SignInRefusedError("sign-in-wrong")
        token = secrets.token_urlsafe(32)
        deed = Deed(who=found.name, verb="sign in", what=f"administrator {found.name}")
        await self._sessions.open(hashed(token), found.name, self._rules.lasts, deed)
        await self._attempts.forget(account)
        return token, found

    async def _limit(self, subject: bytes, most: int, name: str) -> None:
        tries = await self._attempts.count(subject, self._rules.window)
        if tries == most + 1:
            await self._denied(name, "sign-in-limited")
        if tries > most:
            raise SignInRefusedError("sign-in-limited")

    async def _denied(self, name: str, rule: str) -> None:
        what = f"administrator {name}" if await self._identities.known(name) else "console"
        await self._audit.note([Deed(who="somebody", verb="sign in", what=what, outcome="denied", reason=rule)])

    async def recognise(self, token: str, *, touch: bool = True) -> Administrator | None:
        """Whose living session this is; ``touch``: somebody is at work, not a page that refreshes itself."""
        return await self._sessions.find(hashed(token), self._rules.idle, touch=touch)

    async def leave(self, token: str, *, who: str) -> None:
        """End a session."""
        await self._sessions.close(hashed(token), Deed(who=who, verb="sign out", what=f"administrator {who}"))


def hashed(token: str) -> bytes:
    """What is stored of a token: 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).digest()


def account_subject(name: str) -> bytes:
    """By what attempts at one account are counted: a hash, for people type passwords into the wrong field."""
    return _subject("account", name)


def _subject(kind: str, value: str) -> bytes:
    return hashlib.sha256(f"{kind}\x1f{value}".encode()).digest()

"""Local accounts of administrators, made at the command line."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from hub.application.administer.ports import Accounts, Administrator, Attempts, Passwords
from hub.application.administer.sign_in import account_subject
from hub.application.audit import Audit, Deed
from hub.domain.access.roles import ROLES
from hub.domain.messaging.errors import RefusalError

_NAME = re.compile(r"[a-z][a-z0-9._-]{1,63}")
SHORTEST, LONGEST = 12, 256
"""Signs of a password; long rather than strange (NIST SP 800-63B §3.1.1.2)."""
_WRONG_NAME = "begins with a small letter; then small letters, digits, . _ -; 64 signs at most"


_UNKNOWN = "no living account is called {}; see: hub admin list"


class AdministratorRefusedError(RefusalError):
    """An account cannot be made or changed in this way."""


class AdministerAccounts:
    """Adds, lists and disables administrators, sets their passwords; audited, refusals too."""

    def __init__(self, accounts: Accounts, passwords: Passwords, attempts: Attempts, audit: Audit) -> None:
        self._accounts, self._passwords, self._attempts, self._audit = accounts, passwords, attempts, audit

    async def add(self, added: Administrator, password: str, *, who: str) -> None:
        """Add one.

        Raises:
            AdministratorRefusedError: nothing was changed.
        """
        deed = _deed(who, "add administrator", added.name, roles=list(added.roles), language=added.language)
        async with self._audited(deed):
            _check(added)
            _check_password(added.name, password)
            done = await self._accounts.add(added, await self._passwords.hashed(password), deed)
            _must(done, "administrator-exists", f"{added.name} exists already")

    async def set_password(self, name: str, password: str, *, who: str) -> None:
        """Set a password; sessions of the account end, attempts against it are forgotten.

        Raises:
            AdministratorRefusedError: nothing was changed.
        """
        deed = _deed(who, "set password", name)
        async with self._audited(deed):
            _check_password(name, password)
            done = await self._accounts.set_password(name, await self._passwords.hashed(password), deed)
            _must(done, "administrator-unknown", _UNKNOWN.format(name))
        await self._attempts.forget(account_subject(name))

    async def disable(self, name: str, *, who: str) -> None:
        """Disable an account for good; its sessions end with the same commit, its name stays in the audit.

        Raises:
            AdministratorRefusedError: nothing was changed.
        """
        deed = _deed(who, "disable administrator", name)
        async with self._audited(deed):
            _must(await self._accounts.disable(name, deed), "administrator-unknown", _UNKNOWN.format(name))

    async def listed(self) -> Sequence[Administrator]:
        """Everyone, disabled accounts too."""
        return await self._accounts.listed()

    @asynccontextmanager
    async def _audited(self, deed: Deed) -> AsyncIterator[None]:
        """A refusal within is an entry of the audit."""
        try:
            yield
        except AdministratorRefusedError as refusal:
            what = deed.what if _NAME.fullmatch(deed.what.removeprefix("administrator ")) else "administrator"
            await self._audit.note(
                [Deed(who=deed.who, verb=deed.verb, what=what, outcome="refused", reason=refusal.rule)]
            )
            raise


def _deed(who: str, verb: str, name: str, **detail: object) -> Deed:
    return Deed(who=who, verb=verb, what=f"administrator {name}", detail=detail)


def _check(added: Administrator) -> None:
    if not _NAME.fullmatch(added.name):
        raise AdministratorRefusedError("administrator-name", f"a name {_WRONG_NAME}")
    if not added.roles or not set(added.roles) <= set(ROLES):
        raise AdministratorRefusedError("administrator-role", f"roles are some of: {', '.join(ROLES)}")


def _check_password(name: str, password: str) -> None:
    if not SHORTEST <= len(password) <= LONGEST:
        raise AdministratorRefusedError("password-length", f"a password has {SHORTEST} to {LONGEST} signs")
    if name in password.lower() or len(set(password)) < SHORTEST // 3:
        raise AdministratorRefusedError("password-guessable", "a password is not the name, nor a few signs repeated")


def _must(done: bool, rule: str, text: str) -> None:  # noqa: FBT001 - what was done, or was not
    if not done:
        raise AdministratorRefusedError(rule, text)

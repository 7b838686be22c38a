"""Administrators: accounts, sign-in, sessions."""

from functools import cached_property

from hub.adapters.crypto.passwords import Argon2Passwords
from hub.adapters.postgres.administrators import PostgresAccounts, PostgresAttempts, PostgresSessions
from hub.adapters.postgres.audit import PostgresAudit
from hub.application.administer.accounts import AdministerAccounts
from hub.application.administer.sign_in import LocalIdentities, SignIn, SignInRules
from hub.bootstrap.parts import Parts


class AdministratorParts(Parts):
    """Who looks after the hub."""

    @cached_property
    def administrators(self) -> AdministerAccounts:
        """Accounts, for the command line."""
        attempts = PostgresAttempts(self.database)
        return AdministerAccounts(self._accounts, Argon2Passwords(), attempts, PostgresAudit(self.database))

    @cached_property
    def sign_in(self) -> SignIn:
        """Sessions of the console."""
        console = self.settings.console
        rules = SignInRules(
            per_account=console.account_attempts,
            per_address=console.address_attempts,
            window=console.attempts_window,
            idle=console.idle,
            lasts=console.lasts,
        )
        return SignIn(
            LocalIdentities(self._accounts, Argon2Passwords()),
            PostgresAttempts(self.database),
            self.sessions,
            audit=PostgresAudit(self.database),
            rules=rules,
        )

    @cached_property
    def sessions(self) -> PostgresSessions:
        """Sessions, and what they may see."""
        return PostgresSessions(self.database)

    @cached_property
    def _accounts(self) -> PostgresAccounts:
        return PostgresAccounts(self.database)

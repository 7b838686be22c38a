"""Where the parts of the hub answer."""

from dataclasses import dataclass

from hub.adapters.crypto.secrets import SecretsMissingError
from hub.adapters.localstack.running import find
from hub.adapters.localstack.state import Addresses
from hub.settings import Settings

ISSUER = "urn:be:mediationhub"
"""Who signs, unless the hub has a public address."""
__all__ = ["ISSUER", "NowhereError", "SecretsMissingError", "Where", "where"]


class NowhereError(Exception):
    """A part has no address: neither a HUB_ variable names it nor does ``hub up`` run here."""


@dataclass(frozen=True, slots=True)
class Where:
    """Addresses in force: what the environment names wins over the local stack's."""

    kafka: str
    postgres: str
    smtp: str


def where(settings: Settings) -> Where:
    """Find every part.

    Raises:
        NowhereError: names the variable to set; or start ``hub up``.
    """
    stack = find(settings.home)
    local = stack.addresses if stack else Addresses()
    smtp, dsn = settings.smtp.url, settings.postgres.dsn
    found = {
        "HUB_KAFKA__BOOTSTRAP": settings.kafka.bootstrap or local.kafka,
        "HUB_POSTGRES__DSN": (dsn.get_secret_value() if dsn else None) or local.postgres,
        "HUB_SMTP__URL": (smtp.get_secret_value() if smtp else None) or local.smtp,
    }
    missing = [name for name, value in found.items() if not value]
    if missing:
        home = settings.home.resolve()
        raise NowhereError(
            f"{', '.join(missing)}: not set, and no local stack runs in {home}. Set them, or run: hub up"
        )
    return Where(*map(str, found.values()))

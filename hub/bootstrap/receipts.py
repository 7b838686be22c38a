"""Receipts checked without any running part."""

from collections.abc import Mapping
from typing import Any

from hub.adapters.crypto.receipts import Ed25519Signer, opened_receipt
from hub.adapters.crypto.secrets import read_secrets
from hub.settings import read_settings

__all__ = ["opened_receipt", "own_key_set"]


def own_key_set() -> Mapping[str, Any]:
    """The published keys of this home's hub.

    Raises:
        SecretsMissingError: this is no hub's home; give the key set as a file.
    """
    settings = read_settings()
    given = {name: value and value.get_secret_value() for name, value in settings.secrets}
    return Ed25519Signer(read_secrets(settings.home, given).signing).key_set()

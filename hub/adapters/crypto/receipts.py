"""Receipts as compact JWS (RFC 7515) signed with Ed25519 (RFC 9864), and their check without any server."""

import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

ALGORITHM = "Ed25519"
TYPE = "receipt+jws"


class Ed25519Signer:
    """Signs with the hub's key: 32 bytes of seed."""

    def __init__(self, seed: bytes) -> None:
        private = Ed25519PrivateKey.from_private_bytes(seed)
        self._key = OKPKey.import_key(private)
        self._kid = self._key.thumbprint()
        self._registry = jws.JWSRegistry(algorithms=[ALGORITHM])
        self._header = {"alg": ALGORITHM, "kid": self._kid, "typ": TYPE}

    def sign(self, claims: Mapping[str, Any]) -> str:
        """Claims as a compact JWS; its header names the key."""
        payload = json.dumps(claims, separators=(",", ":"), ensure_ascii=False).encode()
        return jws.serialize_compact(self._header, payload, self._key, registry=self._registry)

    def key_set(self) -> Mapping[str, Any]:
        """The public key as a JWK set."""
        public = self._key.as_dict(private=False)
        return {"keys": [{**public, "kid": self._kid, "alg": ALGORITHM, "use": "sig"}]}


def opened_receipt(receipt: str, key_set: Mapping[str, Any]) -> dict[str, Any] | None:
    """The claims of a receipt; None when no key of the set signed these bytes."""
    try:
        keys = KeySet.import_key_set({"keys": list(key_set["keys"])})
        found = jws.deserialize_compact(receipt.strip().encode(), keys, algorithms=[ALGORITHM])
        claims = json.loads(found.payload)
    except (JoseError, ValueError, KeyError, TypeError):
        return None
    return claims if isinstance(claims, dict) else None

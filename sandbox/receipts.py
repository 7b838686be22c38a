"""Receipts checked as any partner can: offline, with the hub's published keys."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from sandbox.ledger import Sent

_ALGORITHMS = ["Ed25519", "EdDSA"]


def claims_of(receipt: str) -> Mapping[str, Any]:
    """What a receipt says, not verified."""
    payload = receipt.split(".")[1]
    claims: Mapping[str, Any] = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


def wrong_receipts(documents: Iterable[Sent], key_set: Any) -> int:
    """How many receipts are not signed by these keys, or not for the bytes and the message id that were sent."""
    keys = KeySet.import_key_set(key_set)
    return sum(not _right(document, keys) for document in documents if document.answer.ok)


def _right(document: Sent, keys: KeySet) -> bool:
    try:
        verified = jws.deserialize_compact(document.answer.receipt, keys, algorithms=_ALGORITHMS)
    except (JoseError, ValueError):
        return False
    claims = json.loads(verified.payload)
    digest = sha256(document.content).hexdigest()
    return bool(claims["sha256"] == digest and claims["messageId"] == document.message_id)

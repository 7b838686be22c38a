"""Checks a receipt without the hub: its signature, and whether a document is the one it speaks of."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Protocol

from hub.application.intake.institutions import EVENTS_CONNECTOR
from hub.application.intake.strict_json import canonical, read_json
from hub.domain.messaging.errors import RefusalError


class Opening(Protocol):
    """Gives the claims of a receipt that one of the keys signed; None otherwise."""

    def __call__(self, receipt: str, key_set: Mapping[str, Any]) -> dict[str, Any] | None: ...


def receipt_in(text: str) -> str:
    """The receipt in a file: the JWS itself, or an answer of the hub that holds it.

    Raises:
        RefusalError: ``receipt-missing``.
    """
    text = text.strip()
    if text.startswith("{"):
        try:
            found = json.loads(text).get("receipt")
        except ValueError:
            found = None
        if isinstance(found, str):
            return found
    elif text.startswith("<") and "<receipt>" in text:
        return text.partition("<receipt>")[2].partition("</receipt>")[0].strip()
    elif text.count(".") == 2:  # noqa: PLR2004 - a compact JWS has three parts
        return text
    raise RefusalError("receipt-missing", "the file holds no receipt: give the JWS, or the hub's answer")


def verified(receipt: str, key_set: Mapping[str, Any], document: bytes | None, opened: Opening) -> dict[str, Any]:
    """The claims of a receipt that is genuine and, if given, speaks of this document.

    Raises:
        RefusalError: ``receipt-forged`` or ``receipt-other-document``.
    """
    claims = opened(receipt, key_set)
    if claims is None:
        raise RefusalError("receipt-forged", "no key of the set signed this receipt: it was changed, or is not ours")
    if document is not None and claims.get("sha256") not in hashes_of(document, str(claims.get("connector"))):
        raise RefusalError("receipt-other-document", "the receipt is genuine, but speaks of other bytes")
    return claims


def hashes_of(document: bytes, connector: str) -> set[str]:
    """SHA-256 of the bytes as sent; of a posted event, of its canonical form."""
    found = {hashlib.sha256(document).hexdigest()}
    if connector == EVENTS_CONNECTOR:
        try:
            found.add(hashlib.sha256(canonical(read_json(document))).hexdigest())
        except RefusalError:
            return found
    return found

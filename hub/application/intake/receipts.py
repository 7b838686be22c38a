"""Receipts: what the hub signs when it accepted a document. Anyone can check one without the hub."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from hub.application.intake.ports import DocumentRow, Signer
from hub.domain.messaging.cloudevent import event_id_of

LISTED_MOST = 1000
"""Up to so many events a receipt lists their ids; beyond, their number and the SHA-256 of the list."""


def event_ids(connector: str, institution: str, message_id: str, count: int) -> list[str]:
    """The ids of a document's events: derivable by whoever knows its message id (UUIDv5, n from 1)."""
    return [str(event_id_of(connector, institution, message_id, str(n))) for n in range(1, count + 1)]


class ReceiptWriter:
    """Makes receipts. ``issuer`` is the hub's public address."""

    def __init__(self, signer: Signer, issuer: str) -> None:
        self._signer, self._issuer = signer, issuer

    def of(self, row: DocumentRow, recorded: datetime, ids: Sequence[str]) -> str:
        """The signed receipt of a document that is about to be accepted."""
        claims: dict[str, Any] = {
            "iss": self._issuer,
            "jti": str(row.id),
            "document": str(row.id),
            "connector": row.connector,
            "institution": row.institution,
            "messageId": row.message_id,
            "sha256": row.sha256.hex(),
            "size": row.size,
            "state": row.state,
            "receivedAt": row.received_at.isoformat(),
            "recordedAt": recorded.isoformat(),
            "eventCount": len(ids),
        }
        if len(ids) <= LISTED_MOST:
            claims["events"] = list(ids)
        else:
            claims["eventsSha256"] = hashlib.sha256("\n".join(ids).encode()).hexdigest()
        if row.refused:
            claims["refusedCount"] = row.refused
        return self._signer.sign(claims)

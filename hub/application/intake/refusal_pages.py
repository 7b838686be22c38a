"""Findings as stored: pages sealed under the document's key, since references and places are the sender's own."""

import json
from collections.abc import Sequence
from operator import attrgetter
from uuid import UUID

from hub.application.intake.ports import ByteCipher, DocumentKeys, DocumentRow, Documents, Finding
from hub.application.intake.spool import piece_name

_KIND = b"r"
_FIELDS = attrgetter("code", "limit", "line", "xpath", "pointer", "item", "reference")


def sealed_page(findings: Sequence[Finding], document: UUID, n: int, cipher: ByteCipher) -> bytes:
    """One page, closed."""
    rows = [_FIELDS(one) for one in findings]
    return cipher.seal(json.dumps(rows, ensure_ascii=False).encode(), piece_name(document, n, _KIND))


def opened_page(page: bytes, document: UUID, n: int, cipher: ByteCipher) -> tuple[Finding, ...]:
    """The findings of one page; none when it was sealed under another key."""
    plain = cipher.open(page, piece_name(document, n, _KIND))
    return tuple(Finding(*row) for row in json.loads(plain or b"[]"))


async def stored_page(row: DocumentRow, n: int, documents: Documents, keys: DocumentKeys) -> tuple[Finding, ...]:
    """A page of a stored document; none once its key is gone."""
    page = await documents.page(row.id, n) if row.refused or row.state == "rejected" else None
    if page is None or row.wrapped_key is None:
        return ()
    return opened_page(page, row.id, n, keys.unwrap(row.id, row.wrapped_key))

"""Retention over: bytes and keys of a document go, its receipt stays."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from hub.bootstrap.hub import Hub

pytestmark = pytest.mark.integration

_DOCUMENT = """
INSERT INTO document (id, connector, institution, message_id, sha256, size, state, events, refused, receipt, answer,
                      wrapped_key, received_at, expires_at)
VALUES ($1, 'fca', 'fca', $2, '', 1, 'accepted', 1, 0, 'receipt', '{}', 'key', $3, $3)
"""


async def test_expired_documents_lose_bytes_and_keys_and_keep_their_receipts(hub: Hub) -> None:
    now = datetime.now(UTC)
    old, young = uuid4(), uuid4()
    pool = hub.database.pool
    await pool.execute(_DOCUMENT, old, "old", now - timedelta(days=1))
    await pool.execute(_DOCUMENT, young, "young", now + timedelta(days=1))
    for document in (old, young):
        await pool.execute("INSERT INTO document_chunk (document, n, body) VALUES ($1, 0, 'x')", document)
        await pool.execute("INSERT INTO document_slice (document, n, subject, box) VALUES ($1, 0, 'p', 'x')", document)

    assert await hub.expire.once() == 1
    assert await hub.expire.once() == 0

    left = await pool.fetch("SELECT id, wrapped_key, receipt FROM document ORDER BY message_id")
    assert [(row["id"], row["wrapped_key"], row["receipt"]) for row in left] == [
        (old, None, "receipt"),
        (young, b"key", "receipt"),
    ]
    assert await pool.fetchval("SELECT document FROM document_chunk") == young
    assert await pool.fetchval("SELECT document FROM document_slice") == young

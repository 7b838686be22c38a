"""A chain of hashes: each entry carries the hash of the one before, so that one changed byte is found."""

import hashlib

GENESIS = bytes(32)
"""What stands before the first entry."""


def link(before: bytes, *fields: str) -> bytes:
    """The hash (SHA-256) of an entry: of the hash before it and its fields, in order.

    Each field goes in with its length, so that no two lists of fields give the same bytes.
    """
    hashed = hashlib.sha256(before)
    for field in fields:
        data = field.encode()
        hashed.update(len(data).to_bytes(8))
        hashed.update(data)
    return hashed.digest()

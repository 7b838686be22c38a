"""Passwords as Argon2id hashes (RFC 9106), in the PHC form that says its own parameters."""

import asyncio
import os

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

_MEMORY_KIB, _ITERATIONS, _LANES = 19 * 1024, 2, 1
"""OWASP's first choice; 50 ms and 19 MiB a try."""
_AT_ONCE = 2


class Argon2Passwords:
    """The port ``Passwords``; beside the event loop, and not more at once than memory is meant for."""

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def hashed(self, password: str) -> str:
        """What is stored."""
        async with self._room:
            return await asyncio.to_thread(_hashed, password.encode())

    async def matches(self, password: str, hashed: str) -> bool:
        """Whether it is the password; a hash that cannot be read matches nothing."""
        async with self._room:
            return await asyncio.to_thread(_matches, password.encode(errors="replace"), hashed)


def _hashed(password: bytes) -> str:
    made = Argon2id(salt=os.urandom(16), length=32, iterations=_ITERATIONS, lanes=_LANES, memory_cost=_MEMORY_KIB)
    return made.derive_phc_encoded(password)


def _matches(password: bytes, hashed: str) -> bool:
    try:
        Argon2id.verify_phc_encoded(password, hashed)
    except (InvalidKey, ValueError):
        return False
    return True

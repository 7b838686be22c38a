"""AES-256-GCM boxes and the master key that wraps every other key (ADR 0003)."""

import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12


class AesCipher:
    """Boxes under a person's or document's key: ``nonce ‖ ciphertext ‖ tag``.

    The expanded key (2.5 kB) is made for each use (2.4 µs): tens of thousands of ciphers are kept in memory.
    """

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        self._key = key

    def seal(self, plain: bytes, associated: bytes) -> bytes:
        """Encrypt ``plain``; opening asks for the same associated data."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCM(self._key).encrypt(nonce, plain, associated)

    def open(self, box: bytes, associated: bytes) -> bytes | None:
        """Decrypt a box; None when it was made with another key or other associated data, or was changed."""
        try:
            return AESGCM(self._key).decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], associated)
        except InvalidTag:
            return None

    def seal_text(self, plain: bytes, associated: bytes) -> str:
        """A box as URL-safe base64."""
        return urlsafe_b64encode(self.seal(plain, associated)).decode("ascii")

    def open_text(self, box: str, associated: bytes) -> bytes | None:
        """Open a base64 box."""
        return self.open(urlsafe_b64decode(box), associated)


class MasterKey:
    """Wraps and unwraps the keys of persons and documents; associated data binds a key to its owner."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AesCipher(key)

    def fresh(self, owner: str) -> tuple[bytes, AesCipher]:
        """A new random key for an owner: wrapped for storage, and ready for use."""
        key = AESGCM.generate_key(KEY_BYTES * 8)
        return self._cipher.seal(key, owner.encode()), AesCipher(key)

    def unwrap(self, wrapped: bytes, owner: str) -> AesCipher:
        """The cipher behind a stored key.

        Raises:
            ValueError: the master key is not the one it was wrapped with.
        """
        key = self._cipher.open(wrapped, owner.encode())
        if key is None:
            raise ValueError("a stored key does not open: HUB_SECRETS__MASTER is not the one it was made with")
        return AesCipher(key)


class Pseudonyms:
    """HMAC-SHA256 pseudonyms, 128 bits: stable for the hub, meaningless without its secret."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def of(self, identifier: str) -> str:
        """``p`` and 32 hex digits for an identifier (NISS, enterprise number) in its bare form."""
        digest = hmac.digest(self._secret, identifier.encode(), "sha256")
        return f"p{digest[:16].hex()}"

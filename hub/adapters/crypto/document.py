"""Keys of documents: one each, wrapped by the master key; destroyed at expiry or when a person is erased."""

from uuid import UUID

from hub.adapters.crypto.cipher import AesCipher, MasterKey


class MasterDocumentKeys:
    """The port ``DocumentKeys`` under the hub's master key."""

    def __init__(self, master: MasterKey) -> None:
        self._master = master

    def fresh(self, document: UUID) -> tuple[bytes, AesCipher]:
        """A new key for a document: wrapped for storage, and ready for use."""
        return self._master.fresh(_owner(document))

    def unwrap(self, document: UUID, wrapped: bytes) -> AesCipher:
        """The cipher of a stored document; ValueError when the master key is another one."""
        return self._master.unwrap(wrapped, _owner(document))


def _owner(document: UUID) -> str:
    return f"document {document}"

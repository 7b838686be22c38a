"""What a sender reads of the documents that were returned to it."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID


class ReadReturns(Protocol):
    """What a sender reads of its returned documents."""

    async def of(
        self, institution: str, *, letter: UUID | None, everything: bool, after: UUID | None, limit: int
    ) -> Sequence[Mapping[str, Any]]:
        """The oldest first: those that wait, or all; or one by its reference."""

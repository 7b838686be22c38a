"""Which dead letters an administrator means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

Row = Mapping[str, Any]

DIMENSIONS = ("fingerprint", "institution", "source", "type", "consumer_group", "origin", "key")
"""By what letters may be counted together."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """Metadata that a letter must have; None means any. Bodies are searched apart (``search``).

    ``key`` is the pseudonym of a dossier or person, ``text`` a part of the reason (capitals do not matter).
    """

    state: str | None = "waiting"
    fingerprint: str | None = None
    consumer_group: str | None = None
    type: str | None = None
    source: str | None = None
    institution: str | None = None
    origin: str | None = None
    key: str | None = None
    text: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LetterPage:
    """Letters in the order they were recorded, the oldest first; ``after`` begins the next page (None: the last)."""

    letters: Sequence[Row]
    after: UUID | None


class LetterReads(Protocol):
    """What administrators read of dead letters; nothing personal is in it, bodies stay sealed."""

    async def letters(
        self, selection: Selection, *, after: UUID | None, limit: int, body: str | None = None
    ) -> LetterPage:
        """One page of letters; with ``body``, of those whose stored bytes hold it."""

    async def letter(self, letter: UUID) -> Row | None:
        """One letter with its failure, and how much waits behind it."""

    async def queue(self, letter: UUID, *, after: int, limit: int) -> Sequence[Row]:
        """What waits behind a letter that its key is parked for, in order; ``after`` is the last ``seq`` seen."""

    async def attempts(self, letter: UUID) -> Sequence[Row]:
        """Each time it was tried or changed hands."""

    async def seen_by(self, letter: UUID) -> Sequence[Row]:
        """Who did what with it, from the audit."""

    async def causes(self, letter: UUID) -> Sequence[Row]:
        """The events that led to it, the first one first, as far as its dossier's timelines know them."""

"""What is declared of somebody for a BIS number, and what comes back (bcss-primaweb §2.3)."""

from dataclasses import dataclass, field
from typing import Literal, Protocol
from uuid import UUID

from hub.application.consult.searching import Candidate


@dataclass(frozen=True, kw_only=True, slots=True)
class Declaration:
    """Who she says she is. ``born``: ``yyyy-mm-dd`` with ``00`` for what is unknown; ``address``: in Belgium, by part.

    ``birth_country`` None: ``birth_place`` is in Belgium.
    """

    name: str = field(repr=False)
    born: str = field(repr=False)
    first_names: str | None = field(default=None, repr=False)
    gender: Literal["0", "1", "2"] = "0"
    civil_state: str | None = field(default=None, repr=False)
    nationality: str | None = field(default=None, repr=False)
    birth_country: str | None = field(default=None, repr=False)
    birth_place: str | None = field(default=None, repr=False)
    address: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Assignment:
    """A new number, or people who may be meant; neither: it was refused, and ``reasons`` say why."""

    niss: str | None = field(default=None, repr=False)
    candidates: tuple[Candidate, ...] = ()
    reasons: tuple[str, ...]
    ticket_bcss: str | None
    raw: bytes = field(repr=False)

    @property
    def done(self) -> bool:
        """Whether it is one of the two ends."""
        return self.niss is not None or bool(self.candidates)


class BisRegister(Protocol):
    """Gives numbers."""

    async def assign(self, cpas: str, ticket: UUID, declared: Declaration) -> Assignment:
        """Ask for a number; it changes something there.

        Raises:
            PartnerAwayError, PartnerRefusedError, AnswerUnusableError: as ``hub.application.consult.ports`` says.
        """

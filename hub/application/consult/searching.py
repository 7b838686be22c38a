"""What is asked of the bank's index of persons, and who may be meant (bcss-primaweb §2.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, Protocol
from uuid import UUID

from hub.application.consult.ports import BankSubject

CRITERIA = frozenset({"criteria-missing", "birth-date-form", "tolerance-needed", "contract-broken"})
"""Rules of what was typed: told to the CPAS, and no failure of the hub."""

GENDER: Mapping[str, Literal["0", "1", "2"]] = MappingProxyType({"male": "1", "female": "2"})
"""How the bank writes a gender; 0 is unknown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Phonetic:
    """A name as one hears it. ``born``: ``yyyy-mm-dd`` with ``00`` for what is unknown.

    ``tolerance`` counts in units of the first unknown part: years, months, days.
    """

    name: str = field(repr=False)
    born: str = field(repr=False)
    first_name: str | None = field(default=None, repr=False)
    tolerance: int | None = None
    gender: Literal["0", "1", "2"] = "0"
    most: int = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class Search:
    """By number when there is one, else by sound. ``verify``: data that must match exactly for the extended part."""

    niss: str | None = field(default=None, repr=False)
    phonetic: Phonetic | None = None
    verify: BankSubject | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """Somebody who may be meant; ``born`` may be incomplete. ``origin``: National Register or the bank's own."""

    niss: str = field(repr=False)
    name: str = field(repr=False)
    first_name: str = field(repr=False)
    born: str = field(repr=False)
    gender: str
    origin: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """One, several or nobody; ``validated``: the verification data matched."""

    done: bool
    reasons: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    validated: bool
    ticket_bcss: str | None
    raw: bytes = field(repr=False)


class PersonIndex(Protocol):
    """Who somebody is."""

    async def identify(self, cpas: str, ticket: UUID, search: Search) -> Found:
        """Search; asks nothing that needs an integration.

        Raises:
            PartnerAwayError, PartnerRefusedError, AnswerUnusableError: as ``hub.application.consult.ports`` says.
        """

"""A CPAS asks for a BIS number for somebody whom no register knows; bcss-primaweb §2.3.

Only after a search by sound that found nobody, under the name of that search: what was declared and what came back are
sealed under the key of the search, never in an event.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.event import DossierId, Event, IdentifierKind, InstitutionId, Personal
from schemas.persons import CallOutcome, Reason
from schemas.searches import SearchId, UncertainDate

Text = Annotated[str, Field(min_length=1, max_length=100)]


class RequestBisNumber(Event):
    """Command of a CPAS: give somebody a BIS number (screen *Attribuer un numéro bis*).

    ``name`` and ``born`` are mandatory; the more is told, the surer the bank finds her if she has a number already.
    Born in Belgium when only ``birth_place`` is given, elsewhere with ``birth_country``.
    """

    type: ClassVar[str] = "be.mediationhub.bis-number.request.v1"
    identifier_field: ClassVar[str | None] = "search"
    identifier_kind: ClassVar[IdentifierKind] = "search"

    cpas: InstitutionId
    search: Personal[SearchId] = None
    name: Personal[Text] = None
    first_names: Personal[Text] = None
    born: Personal[UncertainDate] = None
    gender: Personal[Literal["male", "female"]] = None
    civil_state: Personal[Annotated[str, Field(pattern=r"^\d{2}$")]] = None
    """Code of the National Register (§2.2)."""
    nationality: Personal[Annotated[str, Field(pattern=r"^\d{3}$")]] = None
    """Code of the country."""
    birth_country: Personal[Text] = None
    birth_place: Personal[Text] = None
    street: Personal[Text] = None
    number: Personal[Annotated[str, Field(min_length=1, max_length=20)]] = None
    box: Personal[Annotated[str, Field(min_length=1, max_length=20)]] = None
    postal_code: Personal[Annotated[str, Field(pattern=r"^\d{4}$")]] = None
    locality: Personal[Text] = None


class BisNumberRequested(Event):
    """A search had found nobody, and a number is asked for."""

    type: ClassVar[str] = "be.mediationhub.bis-number.requested.v1"

    dossier: DossierId
    cpas: InstitutionId
    consultation: str
    """The id of the command."""


class BisNumberAssigned(Event):
    """A new number was given; read it at ``/v1/answers/{answer}``."""

    type: ClassVar[str] = "be.mediationhub.bis-number.assigned.v1"

    dossier: DossierId
    cpas: InstitutionId
    consultation: str
    answer: str | None
    ticket: str
    ticket_bcss: str | None = None


class BisDuplicateFound(Event):
    """The bank knows who may be meant, and gave no number: choose, which is a normal end."""

    type: ClassVar[str] = "be.mediationhub.bis-duplicate.found.v1"

    dossier: DossierId
    cpas: InstitutionId
    consultation: str
    found: int
    answer: str | None
    """Where the candidates lie sealed; read them at ``/v1/answers/{answer}``."""
    ticket: str
    ticket_bcss: str | None = None


class BisNumberFailed(Event):
    """No number came. ``uncertain``: one may have been given all the same; search again before asking again."""

    type: ClassVar[str] = "be.mediationhub.bis-number.failed.v1"

    dossier: DossierId
    cpas: InstitutionId
    consultation: str
    uncertain: bool
    reasons: tuple[Reason, ...]


class BisCallEnded(Event):
    """What became of a call for a BIS number. ``assigned``: a new number was given."""

    type: ClassVar[str] = "be.mediationhub.bis-call.ended.v1"

    dossier: DossierId
    cpas: InstitutionId
    consultation: str
    outcome: CallOutcome
    assigned: bool = False
    found: int = 0
    reasons: tuple[Reason, ...] = ()
    answer: str | None = None
    ticket: str | None = None
    ticket_bcss: str | None = None

"""A CPAS looks for a person at the Crossroads Bank before anything is known of her; bcss-primaweb §2.2.

A search has a name of its own (``search``, a UUID the CPAS chooses): what was typed and who was found are sealed under
the key of that search, never in an event. Asking who somebody is needs no integration.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.event import DossierId, Event, IdentifierKind, InstitutionId, Personal
from schemas.persons import CallOutcome, Reason

SearchId = Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
"""A UUID in lower case."""

UncertainDate = Annotated[str, Field(pattern=r"^[12]\d{3}-(00-00|(0[1-9]|1[0-2])-(00|0[1-9]|[12]\d|3[01]))$")]
"""``yyyy-mm-dd`` with ``00`` for an unknown day, or an unknown month and day; never a day without its month."""

Searched = Literal["number", "sound"]
"""By number when one is given, else as the name sounds."""


class SearchPerson(Event):
    """Command of a CPAS: find a person by number, or by sound with an uncertain birth date.

    With ``niss`` the name is ignored. ``verify_…``: data that must match exactly; then the identity is validated.
    """

    type: ClassVar[str] = "be.mediationhub.person.search.v1"
    identifier_field: ClassVar[str | None] = "search"
    identifier_kind: ClassVar[IdentifierKind] = "search"

    cpas: InstitutionId
    tolerance: Annotated[int, Field(ge=0, le=99)] | None = None
    """In units of the first unknown part of ``born``: years, months or days; wanted where a part is unknown."""
    most: Annotated[int, Field(ge=1, le=80)] = 80
    search: Personal[SearchId] = None
    niss: Personal[Annotated[str, Field(pattern=r"^\d{11}$")]] = None
    name: Personal[Annotated[str, Field(min_length=1, max_length=100)]] = None
    first_name: Personal[Annotated[str, Field(min_length=1, max_length=100)]] = None
    born: Personal[UncertainDate] = None
    gender: Personal[Literal["male", "female"]] = None
    verify_name: Personal[Annotated[str, Field(min_length=1, max_length=100)]] = None
    verify_first_name: Personal[Annotated[str, Field(min_length=1, max_length=100)]] = None
    verify_born: Personal[Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]] = None


class PersonSearched(Event):
    """The bank said who may be meant; nobody is an answer too."""

    type: ClassVar[str] = "be.mediationhub.person.searched.v1"

    dossier: DossierId
    cpas: InstitutionId
    consultation: str
    """The id of the command."""
    mode: Searched
    found: int
    validated: bool
    """Whether the data to verify matched."""
    reasons: tuple[Reason, ...]
    answer: str | None
    """Where the candidates lie sealed; read them at ``/v1/answers/{answer}``."""
    ticket: str
    ticket_bcss: str | None = None


class PersonSearchFailed(Event):
    """A search was refused or given up; nobody was looked for, or nobody knows."""

    type: ClassVar[str] = "be.mediationhub.person-search.failed.v1"

    dossier: DossierId
    cpas: InstitutionId
    consultation: str
    reasons: tuple[Reason, ...]


class SearchCallEnded(Event):
    """What became of a call to IdentifyPerson."""

    type: ClassVar[str] = "be.mediationhub.search-call.ended.v1"

    dossier: DossierId
    cpas: InstitutionId
    consultation: str
    mode: Searched = "sound"
    outcome: CallOutcome
    found: int = 0
    validated: bool = False
    reasons: tuple[Reason, ...] = ()
    answer: str | None = None
    ticket: str | None = None
    ticket_bcss: str | None = None

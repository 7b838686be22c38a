"""Who is who: the office directory (fca-cpc §1.1) and what became of persons' data."""

from datetime import datetime
from typing import ClassVar

from schemas.event import Event, KeyKind, OfficeId


class OfficeListed(Event):
    """An office as the Chamber's directory lists it (FCIAGetOffices). Office addresses are public, not personal."""

    type: ClassVar[str] = "be.mediationhub.office.listed.v1"
    keyed_by: ClassVar[KeyKind] = "office"

    office: OfficeId
    name: str
    street: str | None = None
    number: str | None = None
    postcode: str | None = None
    city: str | None = None
    email: str | None = None
    phone: str | None = None
    web: str | None = None
    language: str = "fr"
    registered: bool = True


class PersonErased(Event):
    """A person's key was destroyed: what was encrypted under it can no longer be read by anyone."""

    type: ClassVar[str] = "be.mediationhub.person.erased.v1"
    keyed_by: ClassVar[KeyKind] = "person"

    erased_at: datetime
    documents: int
    """How many documents mentioned the person and lost their key too."""

"""What every event of the published language is made of.

An event is a fact (or, on a ``…-commands`` topic, a request), a frozen pydantic model. Fields marked
``Personal`` travel as one ciphertext under the person's key; everything else is readable by whoever may read
the topic, so nothing that identifies a person may stand in an unmarked field.

Read tolerantly (unknown fields are ignored), built strictly. Within a major version only optional additions.
"""

from decimal import Decimal
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field

KeyKind = Literal["person", "dossier", "office", "adapter", "case", "account"]
IdentifierKind = Literal["person", "search"]
CaseData = Literal["claims", "places", "channels", "actions", "accesses", "notices", "retention", "package"]
"""What of a collective settlement's file somebody looks at or edits.

``places``: who acts for a party; ``package``: all of it, as the State Archives get it.
"""


class PersonalMark:
    """Marks a field that identifies a person or tells something of her that only the entitled may read."""


T = TypeVar("T")
Personal = Annotated[T | None, PersonalMark()]
"""A personal field. Always optional: it is absent until opened, and for ever once the person is erased."""


Money = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)]
"""Euro, at most two decimals, not negative; a string in JSON."""

OfficeId = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._-]+$")]
"""An étude (bailiff office) as the Chamber's directory numbers it."""

InstitutionId = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._-]+$")]
"""An institution as the hub knows it: a CPAS, an étude, the FCA."""

DossierId = Annotated[str, Field(pattern=r"^d[0-9a-f]{32}$")]
"""A dossier's pseudonym: one per (person, CPAS)."""


class Value(BaseModel):
    """A part of an event: frozen, tolerant of additions."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)


class Event(Value):
    """One fact. Subclasses say their type, what their Kafka key is, and who may be known from them."""

    type: ClassVar[str]
    keyed_by: ClassVar[KeyKind] = "dossier"
    identifier_field: ClassVar[str | None] = None
    """The personal field whose value is pseudonymised into the CloudEvents ``subject``."""
    identifier_kind: ClassVar[IdentifierKind] = "person"
    """``person``: a number with its check digits; ``search``: the name of a search for somebody not known yet."""
    signed_only: ClassVar[bool] = False
    """Institutions tell it in signed documents alone, never as an event of their own."""
    documents_only: ClassVar[bool] = False
    """Institutions tell it in documents of a connector alone: only there it is known whose case it is."""
    edits: ClassVar[CaseData | None] = None
    """What of a collective settlement's file an institution edits by telling it: logged as an access (ADR 0027)."""

    @classmethod
    @cache
    def personal_fields(cls) -> set[str]:
        """Names of the fields that travel encrypted."""
        return {
            name
            for name, field in cls.model_fields.items()
            if any(isinstance(mark, PersonalMark) for mark in field.metadata)
        }

    def identifier(self) -> str | None:
        """The identifier (NISS or enterprise number) of the person the event is about, if it carries one."""
        return getattr(self, self.identifier_field) if self.identifier_field else None

    def clear_json(self) -> dict[str, Any]:
        """The readable part, JSON-ready."""
        return self.model_dump(mode="json", exclude=set(self.personal_fields()), exclude_none=True)

    def clear_bytes(self) -> bytes:
        """The readable part as JSON bytes."""
        personal = self.personal_fields()
        return self.__pydantic_serializer__.to_json(self, exclude=personal or None, exclude_none=True)

    def personal_json(self) -> bytes:
        """The personal part as JSON bytes; ``b'{}'`` when nothing personal is present."""
        return self.__pydantic_serializer__.to_json(self, include=self.personal_fields(), exclude_none=True)

    def opened(self, personal: Value | dict[str, Any]) -> Self:
        """The same event with its personal fields filled in (validated); names it does not mark are dropped."""
        given = personal if isinstance(personal, dict) else personal.model_dump()
        wanted = {name: value for name, value in given.items() if name in self.personal_fields()}
        return type(self).model_validate({**self.model_dump(), **wanted})

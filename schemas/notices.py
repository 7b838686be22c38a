"""FCA notices (avis du Fichier central des avis), art. 1390 ff. Judicial Code; domain page fca-cpc §2–3."""

from datetime import date, datetime
from typing import ClassVar, Literal

from schemas.event import DossierId, Event, InstitutionId, KeyKind, Money, OfficeId, Personal, Value

NoticeType = Literal["N1", "N2", "N3", "N4", "N5", "N6", "N7", "N8", "N9", "N10", "N11", "N12", "N13", "N14"]


class Address(Value):
    """A postal address; ``postcode`` is four digits in Belgium."""

    street: str
    number: str | None = None
    box: str | None = None
    postcode: str
    city: str
    country: str = "BE"


class Party(Value):
    """Who seizes, who owes, who holds: a natural person (``NP``) or a legal one (``PM``)."""

    kind: Literal["NP", "PM"]
    name: str
    first_names: tuple[str, ...] = ()
    born: date | None = None
    enterprise_number: str | None = None
    niss: str | None = None
    legal_form: str | None = None
    address: Address | None = None


class Act(Value):
    """The act behind a notice: when, where, when served (art. 1390 §1, 3°)."""

    on: date
    place: str | None = None
    served_on: date | None = None


class _NoticeEvent(Event):
    keyed_by: ClassVar[KeyKind] = "person"
    identifier_field: ClassVar[str | None] = "debtor_identifier"

    notice: str
    """Notice number given by the FCA; opaque."""
    debtor_identifier: Personal[str] = None
    """NISS, else enterprise number, of the debtor."""


class NoticeRegistered(_NoticeEvent):
    """A notice was deposited with the FCA (registration), or copied from another (``copy_of``)."""

    type: ClassVar[str] = "be.mediationhub.notice.registered.v1"

    kind: NoticeType
    subkind: str | None = None
    version: int = 1
    copy_of: str | None = None
    office: OfficeId | None = None
    """Étude of the holder (titulaire); absent for notices of the greffe, the fisc or a court."""
    depositor: InstitutionId | None = None
    registered_at: datetime
    expires_on: date
    nature: str | None = None
    seizing: Personal[Party] = None
    debtor: Personal[Party] = None
    third_party: Personal[Party] = None
    act: Personal[Act] = None
    claim_amount: Personal[Money] = None
    preference: Personal[str] = None
    goods: Personal[str] = None
    details: Personal[dict[str, str]] = None
    """Fields of one notice type only (cession, mediation, collective settlement …)."""


class NoticeVersioned(NoticeRegistered):
    """The holder corrected a notice: the whole notice in its new version (also: conservatory → execution)."""

    type: ClassVar[str] = "be.mediationhub.notice.versioned.v1"


class NoticeRenewed(_NoticeEvent):
    """A notice was renewed with a reason, at the latest ten days before it expired (FAQ 2021, W17)."""

    type: ClassVar[str] = "be.mediationhub.notice.renewed.v1"

    reason: Personal[str] = None
    renewed_on: date
    expires_on: date


class NoticeSuspended(_NoticeEvent):
    """A notice was suspended with a reason."""

    type: ClassVar[str] = "be.mediationhub.notice.suspended.v1"

    reason: Personal[str] = None
    suspended_on: date


class NoticeStruck(_NoticeEvent):
    """A notice was struck (radiation): paid, lifted, closed, or asked by the mediator."""

    type: ClassVar[str] = "be.mediationhub.notice.struck.v1"

    reason: Personal[str] = None
    struck_on: date


class NoticeReactivated(_NoticeEvent):
    """A struck collective-settlement notice was made active again, or a suspension ended."""

    type: ClassVar[str] = "be.mediationhub.notice.reactivated.v1"

    reason: Personal[str] = None
    reactivated_on: date


class NoticeHolderChanged(_NoticeEvent):
    """Another office became the holder (titulaire) of a notice; number and version stay."""

    type: ClassVar[str] = "be.mediationhub.notice.holder-changed.v1"

    office: OfficeId
    changed_on: date


class NoticeExpired(Event):
    """The term of a notice was reached: struck off by itself (three years; N14 five years; N5 three months)."""

    type: ClassVar[str] = "be.mediationhub.notice.expired.v1"
    keyed_by: ClassVar[KeyKind] = "person"

    notice: str
    expires_on: date


class KnownOffice(Value):
    """An office that appears in the FCA for a person, with the notices that make it known."""

    office: OfficeId
    notices: tuple[str, ...]


class KnownBailiffsFound(Event):
    """Answer of the FCA view to an opened dossier: the offices known for its person, as of now.

    Told again, whole, each time an office is added while the dossier is open.
    """

    type: ClassVar[str] = "be.mediationhub.bailiffs.found.v1"

    dossier: DossierId
    cpas: InstitutionId
    offices: tuple[KnownOffice, ...]

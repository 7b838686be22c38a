"""An institution's account at the register: its users and groups; rcd-justrestart §1.3 (RS-GRP, S1).

The hub keeps it for two questions: who of an account may see a case, and who gets which overview in which language.
"""

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.event import Event, IdentifierKind, InstitutionId, KeyKind, Personal
from schemas.rcd import Act, CaseId, RegisterRef
from schemas.rcd_access import AccessAct

UserId = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._-]+$")]
"""A user as the institution's own system numbers her; no name, no address."""

GroupId = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._-]+$")]
"""A group of users, within one account."""

Change = Literal[
    "remove-user",
    "appoint-administrator",
    "dismiss-administrator",
    "create-group",
    "join-group",
    "leave-group",
    "appoint-group-administrator",
    "dismiss-group-administrator",
    "default-contact",
    "default-group",
    "hand-over-case",
]
"""What may be asked of an account; who may, by the rows of §1.3."""


class TellUser(Event):
    """Command of an institution: a user is added, or known otherwise. The first one opens the account (RS-GRP).

    An account administrator adds; a user changes herself. ``overview``: she wants D2, of all cases of her account.
    """

    type: ClassVar[str] = "be.mediationhub.account-user.tell.v1"
    keyed_by: ClassVar[KeyKind] = "account"
    identifier_field: ClassVar[str | None] = "email"
    identifier_kind: ClassVar[IdentifierKind] = "search"

    institution: InstitutionId
    by: UserId
    user: UserId
    language: Literal["fr", "nl", "de"]
    overview: bool = False
    name: Personal[Annotated[str, Field(max_length=200)]] = None
    email: Personal[Annotated[str, Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")]] = None

    def identifier(self) -> str | None:
        """She is one person per account, whatever her address: her number says who, together with the account's."""
        return f"{self.institution}/{self.user}"


class ChangeAccount(Event):
    """Command of an institution: administrators, groups, contacts, which group handles a case."""

    type: ClassVar[str] = "be.mediationhub.account.change.v1"
    keyed_by: ClassVar[KeyKind] = "account"

    institution: InstitutionId
    by: UserId
    change: Change
    user: UserId | None = None
    group: GroupId | None = None
    case: CaseId | None = None


class AccountChanged(Event):
    """An account stands otherwise than before, as its institution asked."""

    type: ClassVar[str] = "be.mediationhub.account.changed.v1"
    keyed_by: ClassVar[KeyKind] = "account"

    institution: InstitutionId
    change: Change | Literal["tell-user"]
    by: UserId
    user: UserId | None = None
    group: GroupId | None = None
    case: CaseId | None = None


class DefaultGroupMissing(Event):
    """An account has several groups and never chose one for its cases: the oldest stands in (§3.2, ours)."""

    type: ClassVar[str] = "be.mediationhub.default-group.missing.v1"
    keyed_by: ClassVar[KeyKind] = "account"

    institution: InstitutionId
    group: GroupId
    """Which one stands in."""


class AccountCaseTold(Event):
    """An account has a place in a case, or none any more; the case's own events say it to the institution."""

    type: ClassVar[str] = "be.mediationhub.account-case.told.v1"
    keyed_by: ClassVar[KeyKind] = "account"

    institution: InstitutionId
    case: CaseId
    linked: bool
    at: datetime
    on: date


NewsKind = Literal[
    "invitation", "access", "decision", "claim", "reminder", "channel", "plan", "hearing", "mediator", "report",
    "surety", "end",
]  # fmt: skip
"""What an overview calls an act; no content, for security (RS-NOT)."""


class AccountNewsTold(Event):
    """Something happened in a case that an account is told of, for the overviews of the day (§3.4)."""

    type: ClassVar[str] = "be.mediationhub.account-news.told.v1"
    keyed_by: ClassVar[KeyKind] = "account"

    institution: InstitutionId
    case: CaseId
    case_ref: RegisterRef | None = None
    act: Act | AccessAct
    kind: NewsKind
    invitation: bool = False


class DigestDue(Event):
    """The hour of the day's overviews has come for an account."""

    type: ClassVar[str] = "be.mediationhub.digest-hour.reached.v1"
    keyed_by: ClassVar[KeyKind] = "account"

    institution: InstitutionId


class DigestScheduled(Event):
    """An overview of a day goes to a user (D1, D2, D3; §3.2); once a (user, kind, day)."""

    type: ClassVar[str] = "be.mediationhub.digest.scheduled.v1"
    keyed_by: ClassVar[KeyKind] = "account"

    institution: InstitutionId
    user: UserId
    digest: Literal["D1", "D2", "D3"]
    on: date
    cases: int
    """How many cases it names."""

"""What an account is: its users, groups and cases; and the rows it is read from."""

from datetime import date, datetime
from typing import Literal, NamedTuple
from uuid import UUID

from pydantic import Field

from hub.domain.messaging.decision import State
from hub.domain.messaging.identity import Identity
from schemas.accounts import NewsKind


class User(State):
    """A user; her name and address stay where the event sealed them."""

    language: Literal["fr", "nl", "de"]
    overview: bool = False
    told: Identity | None = None


class Group(State):
    """Some users. ``contact``: its default contact, one of them."""

    administrators: tuple[str, ...]
    members: tuple[str, ...]
    contact: str


class News(State):
    """One thing of the day, of one case; ``invitation``: for D1."""

    case: str
    ref: str
    kind: NewsKind
    invitation: bool = False


class Account(State):
    """One institution's account. ``cases``: the group that handles each; '' while none was chosen."""

    institution: str
    administrators: tuple[str, ...] = ()
    users: dict[str, User] = Field(default_factory=dict)
    groups: dict[str, Group] = Field(default_factory=dict)
    default_group: str = ""
    chosen: bool = False
    """Whether the account chose it: until then the oldest group stands in."""
    cases: dict[str, str] = Field(default_factory=dict)
    news: tuple[News, ...] = ()
    """What no overview has told yet."""
    digested: date | None = None
    """The last local day on which overviews were sent."""

    def sees(self, user: str, case: str) -> bool:
        """Whether a user sees a case: members of the group that handles it do, and nobody else (§1.3)."""
        group = self.groups.get(self.cases.get(case, ""))
        return group is not None and user in group.members

    def contact_of(self, case: str) -> str | None:
        """Who is told of a case (RS-874): the default contact of the group that handles it."""
        group = self.groups.get(self.cases.get(case, "") or self.default_group)
        return group.contact if group else None


class _UserColumns(NamedTuple):
    institution: str
    user_id: str
    subject: str
    event_id: UUID
    box: str | None
    language: str
    overview: bool
    administrator: bool
    removed: bool
    changed_at: datetime


class UserRow(_UserColumns):
    """``projection_account_user``: whom overviews are sent to."""

    __slots__ = ()
    table = "projection_account_user"
    identity = ("institution", "user_id")
    guard = None
    kept = ()


class _GroupColumns(NamedTuple):
    institution: str
    group_id: str
    members: str
    administrators: str
    contact: str
    default_group: bool
    changed_at: datetime


class GroupRow(_GroupColumns):
    """``projection_account_group``; ``members`` and ``administrators`` are JSON."""

    __slots__ = ()
    table = "projection_account_group"
    identity = ("institution", "group_id")
    guard = None
    kept = ()


class _CaseColumns(NamedTuple):
    institution: str
    case_id: str
    group_id: str
    linked: bool
    changed_at: datetime


class AccountCaseRow(_CaseColumns):
    """``projection_account_case``: which group of an account handles a case."""

    __slots__ = ()
    table = "projection_account_case"
    identity = ("institution", "case_id")
    guard = None
    kept = ()

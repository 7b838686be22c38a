"""The Crossroads Bank (BCSS/KSZ) as the use cases ask it; ``hub.adapters.soap`` answers.

Whatever the bank says, a fault with a reason code too, is an answer: what follows from its codes is decided by one
table in the domain. An error is raised only where there is no answer to read:

- ``PartnerAwayError(uncertain=True)``: it was sent and what became of it is unknown (silence, a cut connection);
- ``PartnerAwayError()``: it was not taken (no connection, no TLS, a proxy's 503);
- ``PartnerRefusedError``: it can never be sent as it is (the contract forbids the request); nothing left the hub;
- ``AnswerUnusableError``: an answer came that must not be believed (its signature or contract is broken).

``rule`` is stable, no text holds personal data.

A request is sent once by its ticket. A retry is another request: a new ticket, the same ``consultation``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Protocol
from uuid import UUID

from hub.domain.messaging.errors import PartnerRefusedError
from schemas.consultations import FlowStatus
from schemas.persons import FlowName, PensionFocus

AccessOperation = Literal["register", "unregister", "list"]
"""ManageAccess (bcss-primaweb §2.1)."""


class AnswerUnusableError(PartnerRefusedError):
    """It was sent, and what came back cannot be believed; a change may have been done nevertheless."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BankSubject:
    """Whom it is about: opened from the vault at the moment of sending, never logged, never kept."""

    niss: str = field(repr=False)
    name: str | None = field(default=None, repr=False)
    first_name: str | None = field(default=None, repr=False)
    born: date | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Days:
    """A period of days, both included; ``end`` None: open."""

    begin: date
    end: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AccessRequest:
    """One ManageAccess request of a CPAS. ``code`` and ``period`` are there for register and unregister."""

    cpas: str
    operation: AccessOperation
    subject: BankSubject
    ticket: UUID
    consultation: str
    attempt: int
    code: int | None = None
    period: Days | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Registration:
    """An inscription as the bank tells it. ``organisation`` may name another CPAS: for entitled staff alone (I10)."""

    code: int
    period: Days
    organisation: str = field(repr=False)
    own: bool
    """Whether it is the asking CPAS's."""
    register: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AccessAnswer:
    """What the bank said to a ManageAccess request; ``registrations``: those that overlap, or the list."""

    done: bool
    """It was done, or it is so already; for a list: the list is complete."""
    reasons: tuple[str, ...]
    registrations: tuple[Registration, ...]
    ticket_bcss: str | None
    raw: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class FlowRequest:
    """One consultation of one flow. ``legal_context`` is the configured value of (flow, code), never empty."""

    cpas: str
    flow: FlowName
    subject: BankSubject
    legal_context: str
    ticket: UUID
    consultation: str
    attempt: int
    period: Days | None = None
    day: date
    """The day of sending: reference date where a service wants one."""
    focus: PensionFocus | None = None
    language: Literal["fr", "nl", "de"] = "fr"


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherPerson:
    """Somebody else the answer tells of (spouse, member of the household): shown only where her gate is open."""

    niss: str = field(repr=False)
    role: str
    content: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class FlowAnswer:
    """What the bank said to a consultation.

    ``content`` is the answer about the subject alone, JSON-ready; what it tells of others stands in ``others``.
    ``filtered`` names elements the bank removed for this client: "not communicated", never "none" (§2.7).
    """

    status: FlowStatus
    reasons: tuple[str, ...]
    content: Mapping[str, Any] = field(repr=False)
    others: tuple[OtherPerson, ...] = ()
    filtered: tuple[str, ...] = ()
    ticket_bcss: str | None
    raw: bytes = field(repr=False)


class CrossroadsBank(Protocol):
    """The BCSS, reached by one client for all CPAS of this hub."""

    async def access(self, request: AccessRequest) -> AccessAnswer:
        """Integrate, de-integrate or list.

        Raises:
            PartnerAwayError, PartnerRefusedError, AnswerUnusableError: see this module.
        """

    async def consult(self, request: FlowRequest) -> FlowAnswer:
        """Ask one flow about one person.

        Raises:
            PartnerAwayError, PartnerRefusedError, AnswerUnusableError: see this module.
        """

"""Collective debt settlement (RCD): acts of the register, and what follows from them; domain page rcd-justrestart.

A Kafka event of the hub never has legal effect: it mirrors or prepares an act of the register. The legal date is the
register's own moment (AR 11 Oct 2023, art. 6).
"""

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.event import DossierId, Event, InstitutionId, KeyKind, OfficeId, Personal

CaseId = Annotated[str, Field(pattern=r"^c[0-9a-f]{32}$")]
"""A collective settlement case, derived from the register's own reference of it."""

RegisterRef = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9._/-]+$")]
"""The register's reference of an act; unique within its case."""

RoleNumber = Annotated[str, Field(min_length=1, max_length=30, pattern=r"^[A-Za-z0-9]([A-Za-z0-9 ./-]*[A-Za-z0-9])?$")]
"""The number of a case on the roll of its court (numéro de rôle), as the court writes it: ``26/123/B``."""

PartyId = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._-]+$")]
"""A creditor, surety or other party as the register numbers it within a case; never a NISS."""

Act = Literal[
    "petition-filed", "completion-asked", "petition-completed", "declared-inadmissible", "admitted",
    "avis-posted", "avis-updated", "avis-radiated", "admissibility-notified", "claim-submitted", "claim-converted",
    "reminder-sent", "reminder-received", "foreclosure-confirmed", "secrecy-release-asked", "drafting-started",
    "plan-sent", "objection-raised", "plan-agreed", "plan-homologated", "carence-recorded", "carence-extended",
    "hearing-fixed", "judicial-plan", "judicial-plan-remission", "total-remission", "plan-rejected", "mention-told",
    "brought-back", "plan-revised", "annual-report-filed", "revoked", "ended-at-request", "remission-revoked",
    "appeal-lodged", "mediator-replaced", "mediator-recused", "surety-informed", "discharge-asked",
    "surety-discharged", "term-reached", "closed", "operations-ended", "archived", "sale-announced",
    "confirmation-asked", "confirmed", "invitation-accepted", "access-blocked", "outage-started", "outage-ended",
]  # fmt: skip
"""Acts of §2.3 (T1–T34), of the channel (§2.4) and of the register's outages (§4.3)."""

CaseState = Literal[
    "DRAFT", "FILED", "INCOMPLETE", "INADMISSIBLE", "ADMITTED", "CLAIMS_OPEN", "CLAIMS_REMINDER", "AMICABLE_DRAFTING",
    "PLAN_PROPOSED", "PLAN_AGREED", "AMICABLE_PLAN_RUNNING", "CARENCE", "JUDICIAL_HEARING", "JUDICIAL_PLAN_RUNNING",
    "JUDICIAL_PLAN_REMISSION_RUNNING", "TOTAL_REMISSION", "REJECTED", "REVISION", "REVOKED",
    "ENDED_AT_DEBTOR_REQUEST", "TERM_REACHED", "CLOSED", "RETENTION", "ARCHIVED",
]  # fmt: skip
"""Names ours, legal content as the articles say (§2.2)."""


class RegisterActRecorded(Event):
    """An act that the register recorded. ``occurred_at`` is its legal date; ``recorded_at`` may be later (art. 7)."""

    type: ClassVar[str] = "be.mediationhub.register-act.recorded.v1"
    keyed_by: ClassVar[KeyKind] = "case"

    case: CaseId
    act: Act
    register_ref: RegisterRef
    occurred_at: datetime
    party: PartyId | None = None
    quality: Literal["creditor", "surety", "income-debtor", "spouse"] | None = None
    residence: Literal["BE", "EU", "NON_EU"] = "BE"
    """Of the party: the terms of art. 1675/9 §§2–3 differ."""
    channel: Literal["register", "paper"] = "register"
    obliged: bool = False
    """The party must use the register (art. 1675/15bis §1): what goes to or comes from it otherwise is "non avenu"."""
    institution: InstitutionId | None = None
    """A mediator, office or CPAS that is linked to the case by this act."""
    months: Annotated[int, Field(ge=0, le=120)] | None = None
    court: Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9._-]+$")] | None = None
    """Before which the case is pending from this act on."""
    role_number: RoleNumber | None = None
    """On the roll of that court; accesses are logged with it (AR 11 Oct 2023, art. 4 §1, 5°)."""
    outage: RegisterRef | None = None
    """The act was done during this outage and entered afterwards; of ``outage-ended``: the outage that it ends."""
    evidence: RegisterRef | None = None
    """What proves that an act was done during the outage; without it such an act has no place (art. 7)."""
    case_ref: RegisterRef | None = None
    """The register's own reference of the case, as people write it."""
    language: Literal["fr", "nl", "de"] | None = None
    """The requérant's, of an admission: notices are in it (AR 11 Oct 2023, art. 8)."""


class RequerantNamed(Event):
    """Whose case it is, told once with the admission: the only event of a case that knows a person (ADR 0024)."""

    type: ClassVar[str] = "be.mediationhub.rcd-requerant.named.v1"
    keyed_by: ClassVar[KeyKind] = "case"
    identifier_field: ClassVar[str | None] = "niss"

    case: CaseId
    niss: Personal[str] = None


class RcdTermReached(Event):
    """A term of a case is over by its late reading, or nears its end by the early one; a human decides what follows."""

    type: ClassVar[str] = "be.mediationhub.rcd-term.reached.v1"
    keyed_by: ClassVar[KeyKind] = "case"

    case: CaseId
    term: str
    last_day: date
    reading: Literal["early", "late"] = "late"
    """``early``: the day of the reminder has come, ``last_day`` still lies ahead."""


class RcdTermDue(Event):
    """A reminder: a term of a case ends soon, by the earlier reading of its last day (§2.1)."""

    type: ClassVar[str] = "be.mediationhub.rcd-term.due.v1"
    keyed_by: ClassVar[KeyKind] = "case"

    case: CaseId
    term: str
    party: PartyId | None = None
    last_day: date
    article: str


class RcdCaseChanged(Event):
    """A case stands otherwise than before."""

    type: ClassVar[str] = "be.mediationhub.rcd-case.changed.v1"
    keyed_by: ClassVar[KeyKind] = "case"

    case: CaseId
    state: CaseState
    before: CaseState
    register_ref: RegisterRef
    article: str


class ForeclosureProposed(Event):
    """A creditor's last term is over without a claim: the mediator may confirm that it is deemed to waive (T10)."""

    type: ClassVar[str] = "be.mediationhub.foreclosure.proposed.v1"
    keyed_by: ClassVar[KeyKind] = "case"

    case: CaseId
    party: PartyId
    last_day: date
    article: str = "1675/9 §3"


class RcdTransferProposed(Event):
    """A case was kept long enough: it may go to the State Archives (T33). Nothing is destroyed by the clock."""

    type: ClassVar[str] = "be.mediationhub.rcd-transfer.proposed.v1"
    keyed_by: ClassVar[KeyKind] = "case"

    case: CaseId
    last_day: date
    article: str = "1675/24"


class ChannelLapsed(Event):
    """A party did not confirm within three working days: communications to it go on paper (art. 1675/15bis §1)."""

    type: ClassVar[str] = "be.mediationhub.channel.lapsed.v1"
    keyed_by: ClassVar[KeyKind] = "case"

    case: CaseId
    party: PartyId
    last_day: date


class ChannelConfirmed(Event):
    """A party that was asked, or had lapsed to paper, is reached through the register (art. 1675/15bis §1)."""

    type: ClassVar[str] = "be.mediationhub.channel.confirmed.v1"
    keyed_by: ClassVar[KeyKind] = "case"

    case: CaseId
    party: PartyId
    register_ref: RegisterRef
    """The act that made it so: its confirmation, an act of its own through the register, a link of who acts for it."""


class ActVoided(Event):
    """What an obliged party did or was sent outside the register is "non avenu" (art. 1675/15bis §1 al. 3)."""

    type: ClassVar[str] = "be.mediationhub.act.voided.v1"
    keyed_by: ClassVar[KeyKind] = "case"

    case: CaseId
    act: Act
    register_ref: RegisterRef


# ── effects on other files of the same person (ADR 0024) ───────────────────────────────────────────────────────
AvisState = Literal["posted", "updated", "radiated"]
"""Of the notice of a collective settlement in the FCA (art. 1390quater)."""


class RcdStandingChanged(Event):
    """How a person stands in a collective settlement, by the acts of the register known so far; on her own key."""

    type: ClassVar[str] = "be.mediationhub.rcd-standing.changed.v1"
    keyed_by: ClassVar[KeyKind] = "person"

    case: CaseId
    standing: Literal["running", "over", "withdrawn"]
    """``running``: admitted, not ended; ``withdrawn``: an act that came later took the admission away."""
    admitted_on: date | None = None
    court: str | None = None
    avis: AvisState | None = None
    effects_from: date | None = None
    """The first day after the notice was established (art. 1675/7 §6, T6)."""


class RcdDetected(Event):
    """For one CPC dossier: its person is in a collective settlement, or no longer (fca-cpc §6.2, 42)."""

    type: ClassVar[str] = "be.mediationhub.dossier-rcd.detected.v1"

    dossier: DossierId
    cpas: InstitutionId
    running: bool
    told_by: Literal["register", "fca"]
    """Acts of the register, or a notice N10 of the FCA."""
    admitted_on: date | None = None
    court: str | None = None


class RcdAvisTold(Event):
    """An office that holds running notices on a person learns what the FCA says of her settlement (art. 1390quater §3).

    It names the office's own notices, so that it knows of whom; nothing of the case.
    """

    type: ClassVar[str] = "be.mediationhub.rcd-avis.told.v1"
    keyed_by: ClassVar[KeyKind] = "person"

    office: OfficeId
    notices: tuple[str, ...]
    avis: AvisState
    admitted_on: date | None = None
    court: str | None = None
    effects_from: date | None = None
    article: str = "1390quater §3"

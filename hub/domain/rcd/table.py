"""The state machine T1 to T34 as one table: which act leads from which states to which, by which article (§2.3).

``start`` names terms that an act starts, ``end`` terms that it meets. A term's name ends with ``/`` where each party
has its own. Orthogonal regions (mediator, FCA avis, surety) are a column: an act that only changes a
region leaves the state as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from schemas.rcd import CaseState

Region = Literal["mediator", "avis", "surety"]

PROCEDURE: frozenset[CaseState] = frozenset(
    {"ADMITTED", "CLAIMS_OPEN", "CLAIMS_REMINDER", "AMICABLE_DRAFTING", "PLAN_PROPOSED", "PLAN_AGREED", "CARENCE",
     "JUDICIAL_HEARING"}
)  # fmt: skip
RUNNING: frozenset[CaseState] = frozenset(
    {"AMICABLE_PLAN_RUNNING", "JUDICIAL_PLAN_RUNNING", "JUDICIAL_PLAN_REMISSION_RUNNING", "TOTAL_REMISSION"}
)
ALIVE: frozenset[CaseState] = PROCEDURE | RUNNING | {"REVISION"}
"""After the admission, before any end."""
CLAIMS: frozenset[CaseState] = frozenset({"ADMITTED", "CLAIMS_OPEN", "CLAIMS_REMINDER"})
ENDED: frozenset[CaseState] = frozenset({"REVOKED", "ENDED_AT_DEBTOR_REQUEST", "TERM_REACHED", "REJECTED"})
OVER: frozenset[CaseState] = frozenset({"CLOSED", "RETENTION", "ARCHIVED"})
ANY: frozenset[CaseState] = ALIVE | ENDED | OVER | {"DRAFT", "FILED", "INCOMPLETE", "INADMISSIBLE"}
_BEFORE_CARENCE: frozenset[CaseState] = CLAIMS | {"AMICABLE_DRAFTING", "PLAN_PROPOSED"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One row: T number, states it leads from, the state it leads to (None: the same), its article."""

    t: str
    source: frozenset[CaseState]
    to: CaseState | None = None
    article: str
    start: tuple[str, ...] = ()
    end: tuple[str, ...] = ()
    region: tuple[Region, str] | None = None
    months: tuple[int, int] | None = None
    """The least and the most that the law allows."""


def _from(*states: CaseState) -> frozenset[CaseState]:
    return frozenset(states)


TABLE: Mapping[str, Row] = {
    # ── petition ──────────────────────────────────────────────────────────────────────────────────────────────
    "petition-filed": Row(t="T1", source=_from("DRAFT"), to="FILED", article="1675/4", start=("decision",)),
    "completion-asked": Row(
        t="T2", source=_from("FILED"), to="INCOMPLETE", article="1675/4 §3", start=("completion",), end=("decision",)
    ),
    "petition-completed": Row(
        t="T2", source=_from("INCOMPLETE"), to="FILED", article="1675/4 §3", start=("decision",), end=("completion",)
    ),
    "declared-inadmissible": Row(
        t="T3", source=_from("FILED"), to="INADMISSIBLE", article="1675/6 §1", start=("notify-inadmissible",),
        end=("decision",),
    ),
    "admitted": Row(
        t="T4", source=_from("FILED"), to="ADMITTED", article="1675/6 §§2–4",
        start=("avis", "notify-admissible", "carence", "annual-report"), end=("decision",),
        region=("mediator", "DESIGNATED"),
    ),
    "avis-posted": Row(
        t="T5", source=ALIVE, article="1390quater §1; 1675/7 §6", end=("avis",), region=("avis", "POSTED")
    ),
    "avis-updated": Row(t="T22", source=ALIVE | ENDED, article="1390quater §2", region=("avis", "UPDATED")),
    "avis-radiated": Row(t="T32", source=ENDED | OVER, article="1390septies", region=("avis", "RADIATED")),
    # ── claims ────────────────────────────────────────────────────────────────────────────────────────────────
    "admissibility-notified": Row(
        t="T7", source=CLAIMS, to="CLAIMS_OPEN", article="1675/9 §§1–2", start=("claim/",), end=("notify-admissible",)
    ),
    "claim-submitted": Row(t="T8", source=ALIVE, article="1675/9 §2", end=("claim/", "last-claim/")),
    "claim-converted": Row(t="T8", source=ALIVE, article="1675/15bis §2", end=("claim/", "last-claim/")),
    "reminder-sent": Row(t="T9", source=CLAIMS, to="CLAIMS_REMINDER", article="1675/9 §3"),
    "reminder-received": Row(
        t="T9", source=CLAIMS, to="CLAIMS_REMINDER", article="1675/9 §3", start=("last-claim/",), end=("claim/",)
    ),
    "foreclosure-confirmed": Row(t="T10", source=ALIVE, article="1675/9 §3", end=("last-claim/",)),
    "secrecy-release-asked": Row(t="T11", source=ALIVE, article="1675/8", start=("secrecy/",)),
    # ── amicable ──────────────────────────────────────────────────────────────────────────────────────────────
    "drafting-started": Row(t="T13", source=CLAIMS, to="AMICABLE_DRAFTING", article="1675/10 §§1–3"),
    "plan-sent": Row(
        t="T14", source=_from("AMICABLE_DRAFTING", "PLAN_PROPOSED"), to="PLAN_PROPOSED", article="1675/10 §4",
        start=("objection",),
    ),
    "objection-raised": Row(t="T15", source=_from("PLAN_PROPOSED"), article="1675/10 §4"),
    "plan-agreed": Row(
        t="T15", source=_from("PLAN_PROPOSED"), to="PLAN_AGREED", article="1675/10 §4", end=("objection",)
    ),
    "plan-homologated": Row(
        t="T16", source=_from("PLAN_AGREED"), to="AMICABLE_PLAN_RUNNING", article="1675/10 §§5–6", start=("mention",),
        end=("carence",), months=(1, 84),
    ),
    "carence-recorded": Row(
        t="T17", source=_from("AMICABLE_DRAFTING", "PLAN_PROPOSED"), to="CARENCE", article="1675/11 §1",
        start=("mention",), end=("carence", "objection"),
    ),
    "carence-extended": Row(t="T17", source=_BEFORE_CARENCE, article="1675/11 §1", months=(1, 6)),
    # ── judicial ──────────────────────────────────────────────────────────────────────────────────────────────
    "hearing-fixed": Row(t="T18", source=_from("CARENCE"), to="JUDICIAL_HEARING", article="1675/11 §2"),
    "judicial-plan": Row(
        t="T19", source=_from("JUDICIAL_HEARING"), to="JUDICIAL_PLAN_RUNNING", article="1675/12", start=("mention",),
        months=(1, 60),
    ),
    "judicial-plan-remission": Row(
        t="T20", source=_from("JUDICIAL_HEARING"), to="JUDICIAL_PLAN_REMISSION_RUNNING", article="1675/13",
        start=("mention",), months=(36, 60),
    ),
    "total-remission": Row(
        t="T21", source=_from("JUDICIAL_HEARING"), to="TOTAL_REMISSION", article="1675/13bis", start=("mention",),
        months=(0, 60),
    ),
    "plan-rejected": Row(
        t="T10", source=_from("JUDICIAL_HEARING"), to="REJECTED", article="1675/9 §3", start=("mention",)
    ),
    "mention-told": Row(t="T22", source=ALIVE | ENDED | OVER, article="1675/14 §3; 1390quater §2", end=("mention",)),
    # ── while it runs ─────────────────────────────────────────────────────────────────────────────────────────
    "brought-back": Row(t="T23", source=RUNNING, to="REVISION", article="1675/14 §2"),
    "plan-revised": Row(t="T23", source=_from("REVISION"), article="1675/14 §2", start=("mention",)),
    "annual-report-filed": Row(
        t="T24", source=ALIVE, article="1675/17 §3", start=("annual-report",), end=("annual-report",)
    ),
    "sale-announced": Row(t="T34", source=ALIVE, article="1675/14bis", start=("sale-notice",)),
    # ── ends ──────────────────────────────────────────────────────────────────────────────────────────────────
    "revoked": Row(t="T25", source=ALIVE, to="REVOKED", article="1675/15 §1", start=("mention", "petition-bar")),
    "ended-at-request": Row(
        t="T26", source=ALIVE, to="ENDED_AT_DEBTOR_REQUEST", article="1675/15 §1/1", start=("mention",)
    ),
    "remission-revoked": Row(t="T27", source=ENDED | OVER, article="1675/15 §2"),
    "appeal-lodged": Row(t="T28", source=ANY, article="1675/16ter"),
    "mediator-replaced": Row(
        t="T29", source=ALIVE, article="1675/17 §4; 1675/16 §2/1", start=("avis",), region=("mediator", "REPLACED")
    ),
    "mediator-recused": Row(
        t="T30", source=ALIVE, article="1675/17 §2", start=("avis",), region=("mediator", "RECUSED")
    ),
    "surety-informed": Row(
        t="T31", source=ALIVE, article="1675/16bis §2", region=("surety", "INFORMED")
    ),
    "discharge-asked": Row(
        t="T31", source=ALIVE, article="1675/16bis §3", start=("discharge/",), region=("surety", "ASKED")
    ),
    "surety-discharged": Row(
        t="T31", source=ALIVE, article="1675/16bis §4", end=("discharge/",), region=("surety", "DISCHARGED")
    ),
    "term-reached": Row(
        t="T32", source=RUNNING, to="TERM_REACHED", article="1675/17 §3", start=("mention",), end=("annual-report",)
    ),
    "closed": Row(t="T32", source=ENDED, to="CLOSED", article="1675/17 §3; 1390septies"),
    "operations-ended": Row(t="T33", source=_from("CLOSED"), to="RETENTION", article="1675/24", start=("retention",)),
    "archived": Row(t="T33", source=_from("RETENTION"), to="ARCHIVED", article="1675/24", end=("retention",)),
    # ── channel and access ────────────────────────────────────────────────────────────────────────────────────
    "confirmation-asked": Row(
        t="§2.4", source=ALIVE | ENDED, article="1675/15bis §1", start=("confirmation/",)
    ),
    "confirmed": Row(
        t="§2.4", source=ALIVE | ENDED | OVER, article="1675/15bis §1", end=("confirmation/",)
    ),
    "invited": Row(t="§1.4", source=ANY, article="S1"),
    "invitation-accepted": Row(t="§1.4", source=ANY, article="S1"),
    "invitation-refused": Row(t="§1.4", source=ANY, article="S1"),
    "invitation-ceded": Row(t="§1.4", source=ANY, article="S1"),
    "mandate-granted": Row(t="§1.4", source=ANY, article="S1"),
    "claim-saved": Row(t="§1.4", source=ANY, article="S1"),
    "claim-sold-in-part": Row(t="§1.4", source=ANY, article="S1"),
    "access-blocked": Row(t="§1.4", source=ANY, article="S1"),
    "outage-started": Row(t="§4.3", source=ANY, article="AR 11-10-2023 art. 7"),
    "outage-ended": Row(t="§4.3", source=ANY, article="AR 11-10-2023 art. 7"),
}  # fmt: skip
OWN = frozenset({"claim-submitted", "objection-raised", "discharge-asked"})
"""Acts of a party itself: through the register, it is registered there."""
OUTAGES = frozenset({"outage-started", "outage-ended"})
"""Acts of the register about itself."""

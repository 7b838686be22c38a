"""Who is told of which act, in the overviews of the day: one row an act (rcd-justrestart §3.4, RS-874).

What no row names is told to nobody by mail: drafts, paper claims (the creditor is not in the file), what the greffe and
the FCA tell by themselves, and whoever lost access.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from hub.domain.rcd.case import Case
from hub.domain.rcd.recorded import RecordedAct
from schemas.accounts import AccountNewsTold, NewsKind

Audience = Literal["all", "mediator", "party", "invited", "target"]
"""``all``: whoever is linked; ``party``: who acts for it; ``invited``, ``target``: who the act names."""


class Row(NamedTuple):
    """What an overview calls it, and who reads it."""

    kind: NewsKind
    audience: Audience


ADDRESSEES: Mapping[str, Row] = {
    "admitted": Row("decision", "all"),
    "admissibility-notified": Row("decision", "party"),
    "invited": Row("invitation", "invited"),
    "mandate-granted": Row("invitation", "target"),
    "claim-sold-in-part": Row("invitation", "target"),
    "invitation-accepted": Row("access", "mediator"),
    "invitation-refused": Row("access", "mediator"),
    "invitation-ceded": Row("access", "mediator"),
    "claim-submitted": Row("claim", "party"),
    "reminder-sent": Row("reminder", "party"),
    "foreclosure-confirmed": Row("claim", "party"),
    "confirmation-asked": Row("channel", "party"),
    "plan-sent": Row("plan", "all"),
    "objection-raised": Row("plan", "mediator"),
    "plan-agreed": Row("plan", "all"),
    "plan-homologated": Row("plan", "all"),
    "plan-revised": Row("plan", "all"),
    "hearing-fixed": Row("hearing", "all"),
    "brought-back": Row("hearing", "all"),
    "sale-announced": Row("hearing", "all"),
    "judicial-plan": Row("decision", "all"),
    "judicial-plan-remission": Row("decision", "all"),
    "total-remission": Row("decision", "all"),
    "plan-rejected": Row("decision", "all"),
    "revoked": Row("decision", "all"),
    "ended-at-request": Row("decision", "all"),
    "remission-revoked": Row("decision", "all"),
    "appeal-lodged": Row("decision", "all"),
    "mediator-replaced": Row("mediator", "all"),
    "mediator-recused": Row("mediator", "all"),
    "annual-report-filed": Row("report", "all"),
    "surety-informed": Row("surety", "mediator"),
    "discharge-asked": Row("surety", "mediator"),
    "surety-discharged": Row("surety", "mediator"),
    "term-reached": Row("end", "all"),
    "closed": Row("end", "all"),
}


def news(before: Case, after: Case, case_id: str) -> list[AccountNewsTold]:
    """What accounts learn for their overviews: of every act that has a place now and had none before."""
    known = {act.ref for act in before.acts} - before.unplaced.keys()
    fresh = [act for act in after.acts if act.ref not in known and act.ref not in after.unplaced]
    return [
        AccountNewsTold(
            institution=institution,
            case=case_id,
            case_ref=after.case_ref,
            act=act.act,
            kind=row.kind,
            invitation=row.kind == "invitation",
        )
        for act in fresh
        if (row := ADDRESSEES.get(act.act)) is not None
        for institution in sorted(_readers(after, act, row.audience))
    ]


def _readers(case: Case, act: RecordedAct, audience: Audience) -> set[str]:
    match audience:
        case "all":
            return {*case.institutions, *(one for ones in case.acts_for.values() for one in ones)}
        case "mediator":
            return {case.mediator} if case.mediator else set()
        case "party":
            return set(case.acts_for.get(act.party or "", ()))
        case "invited":
            return {act.institution} if act.institution else set()
        case "target":
            return {act.target} if act.target else set()

"""The rows of a case and of its terms, as projections show them."""

import json

from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.rcd.case import Case
from hub.domain.rcd.channels import steps
from hub.domain.rcd.recorded import RunningTerm
from hub.domain.rcd.state import CaseRow, OutageRow, TermRow
from hub.domain.rcd.terms import rule_of


def case_row(case: Case, event: CloudEvent, case_id: str) -> CaseRow:
    """Its row; the regions hold each party's step too, as ``channel/<party>``."""
    channels = {f"channel/{party}": step for party, step in steps(case).items()}
    return CaseRow(
        case_id=case_id,
        state=case.state,
        article=case.article,
        register_ref=case.last_ref,
        regions=json.dumps({**case.regions, **channels}, sort_keys=True),
        institutions=json.dumps(case.institutions),
        mediator=case.mediator,
        outage_open=case.outage_open,
        unplaced=len(case.unplaced),
        changed_at=event.recordedtime,
    )


def term_rows(before: Case, after: Case, case_id: str) -> list[TermRow]:
    """Terms that are otherwise than before."""
    names = dict.fromkeys([*before.terms, *after.terms])
    return [
        _term_row(case_id, name, after.terms.get(name) or before.terms[name], running=name in after.terms)
        for name in names
        if before.terms.get(name) != after.terms.get(name)
    ]


def outage_rows(before: Case, after: Case, case_id: str) -> list[OutageRow]:
    """Outages that are otherwise than before."""
    changed = [ref for ref, window in after.outages.items() if before.outages.get(ref) != window]
    return [OutageRow(case_id, ref, *after.outages[ref]) for ref in changed]


def _term_row(case_id: str, name: str, term: RunningTerm, *, running: bool) -> TermRow:
    return TermRow(
        case_id=case_id,
        term=name,
        article=rule_of(name).article,
        early=term.early,
        late=term.late,
        state="running" if running else "met",
    )

"""What a case means for the other files of its person: whether she is in a settlement now, and since when (ADR 0024).

Told on the person's own key, by her pseudonym; no other context reads a case.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from types import MappingProxyType

from hub.domain.messaging.decision import Emission
from hub.domain.rcd.case import Case
from hub.domain.rcd.table import ALIVE
from schemas.rcd import AvisState, CaseState, RcdStandingChanged

RUNS: frozenset[CaseState] = ALIVE | {"TERM_REACHED"}
"""Admitted and not ended: a plan whose term is reached still waits for its closure (art. 1675/17 §3)."""
NOT_YET: frozenset[CaseState] = frozenset({"DRAFT", "FILED", "INCOMPLETE", "INADMISSIBLE"})
_AVIS: Mapping[str, AvisState] = MappingProxyType({"POSTED": "posted", "UPDATED": "updated", "RADIATED": "radiated"})


def standing(case: Case, case_id: str) -> RcdStandingChanged | None:
    """How a case stands for its person; None while it means nothing to her other files."""
    if case.state in NOT_YET or case.admitted_on is None:
        return None
    return RcdStandingChanged(
        case=case_id,
        standing="running" if case.state in RUNS else "over",
        admitted_on=case.admitted_on,
        court=case.court,
        avis=_AVIS.get(case.regions.get("avis", "")),
        effects_from=case.avis_on + timedelta(days=1) if case.avis_on else None,
    )


def standings(before: Case, after: Case, case_id: str) -> Iterator[Emission]:
    """What changed for whom: nothing while the register has not named her; taken back from who was named wrongly."""
    was, now = standing(before, case_id), standing(after, case_id)
    if before.requerant and was and (now is None or after.requerant != before.requerant):
        yield _told(RcdStandingChanged(case=case_id, standing="withdrawn"), before.requerant)
    if after.requerant and now and (now != was or after.requerant != before.requerant):
        yield _told(now, after.requerant)


def _told(data: RcdStandingChanged, person: str) -> Emission:
    return Emission(data=data, key=person, subject=person)

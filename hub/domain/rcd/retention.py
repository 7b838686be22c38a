"""How long a case is kept after the end of its closing operations, and whether it may be transferred (art. 1675/24)."""

from collections.abc import Mapping
from datetime import date
from typing import Literal, NamedTuple

from hub.domain.rcd.case import Case
from hub.domain.rcd.terms import RULES, TermRule, rule_of

Not = Literal["operations-not-ended", "retention-runs", "register-away"]
"""Why a case may not be transferred (yet)."""


class Kept(NamedTuple):
    """From the end of the closing operations to the last day on which the case is kept, by the late reading."""

    since: date
    until: date


def kept(case: Case, rules: Mapping[str, TermRule] = RULES) -> Kept | None:
    """The dates of a case; None while its closing operations go on."""
    if term := case.terms.get("retention"):
        return Kept(term.started, term.late)
    ended = [act for act in case.acts if act.act == "operations-ended" and act.ref not in case.unplaced]
    if case.state != "ARCHIVED" or not ended:
        return None
    since = ended[0].on
    return Kept(since, rule_of("retention", rules).last_day(since, "BE").late)


def not_yet(case: Case, today: date) -> Not | None:
    """Why it may not be transferred on a day; None: it may. What the register itself archived may at once."""
    term = case.terms.get("retention")
    if case.outage_open:
        return "register-away"
    if case.state == "ARCHIVED":
        return None
    if term is None:
        return "operations-not-ended"
    return "retention-runs" if today <= term.late else None

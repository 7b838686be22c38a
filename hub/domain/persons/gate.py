"""The legal gate: whether a CPAS may consult a flow about a person on a day (bcss-primaweb I8, D3). Pure.

It is asked twice: when a consultation is requested, and again at the moment of sending. Only the second counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from hub.domain.messaging.calendar import Term
from hub.domain.persons.state import Access, Span
from schemas.mutations import MutationKind
from schemas.persons import FLOWS, FlowName

DEBTS = 31
"""« 031 Dettes en dehors de toute dette sociale (en cours) » (I2); on the wire the integer 31."""

_MONTH, _FIVE_DAYS = Term(months=1), Term(days=5)
_SIGNALETIC: tuple[FlowName, ...] = ("identification",)
_PLACES: tuple[FlowName, ...] = ("identification", "addresses")
STALE: Mapping[MutationKind, tuple[FlowName, ...]] = {
    "SSIN_REPLACED": FLOWS,
    "SSIN_CANCELLED": FLOWS,
    "IDENTITY": _SIGNALETIC,
    "LEGAL_ADDRESS": _PLACES,
    "PROVISIONAL_ADDRESS": _PLACES,
    "ADDRESS_ABROAD": _PLACES,
    "CIVIL_STATE": _SIGNALETIC,
    "HOUSEHOLD": _PLACES,
    "NATIONALITY": _SIGNALETIC,
    "REGISTER": _PLACES,
    "DECEASE": FLOWS,
    "EMPLOYMENT": ("employment",),
    "SELF_EMPLOYED": ("self-employed",),
    "PENSION": ("pensions",),
    "HANDICAP": ("handicap",),
}
"""Which flows' answers a mutation makes stale (ours: bcss-primaweb §3.2 says "of that flow")."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GateRules:
    """Decisions D1 to D7 of bcss-primaweb §3.1, with their stated defaults.

    ``longest``: an integration lasts so long when no end is given, and no longer when one is (D1, I4).
    ``with_file``: opening a debt file integrates the debtor (I3), from today on (D2). ``file_needed``: the gate wants
    an active debt file beside the integration (D3). ``end_with_file``: closing the last active file de-integrates from
    the day after (D5). ``warn``: how long before its end an integration is announced (D6). ``tries``: how often a
    change is asked in all, each after a list showed that the one before was not done.
    ``mutation_wait``: how long a mutation waits for one before it that has not come; ``stale``: what each kind makes
    stale. ``legal_contexts``: by ``flow/code`` the value agreed with the supplier (§1.6); a flow without one refuses
    to start. ``bis_search_age``: how old a search that found nobody may be when a BIS number is asked for (§2.3).
    """

    code: int = DEBTS
    longest: Term = _MONTH
    with_file: bool = True
    file_needed: bool = True
    end_with_file: bool = False
    warn: Term = _FIVE_DAYS
    tries: int = 3
    mutation_wait: timedelta = timedelta(hours=1)
    stale: Mapping[MutationKind, tuple[FlowName, ...]] = field(default_factory=lambda: STALE)
    legal_contexts: Mapping[str, str] = field(default_factory=dict)
    bis_search_age: timedelta = timedelta(minutes=15)

    def last_day(self, begin: date) -> date:
        """The last day of an integration that begins on a day: plus one month, minus one day, inclusive (D1)."""
        return self.longest.after(begin) - timedelta(days=1)

    def legal_context(self, flow: FlowName) -> str:
        """The agreed value for a flow; empty when there is none."""
        return self.legal_contexts.get(f"{flow}/{self.code}", "")


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """Open, with the integration it relies on; or closed, with the reason."""

    integration: str | None = None
    reason: str | None = None

    @property
    def open(self) -> bool:
        """Whether the CPAS may consult."""
        return self.integration is not None


def gate(access: Access | None, flow: FlowName, day: date, rules: GateRules) -> Verdict:
    """Whether a flow may be consulted on a day."""
    if not rules.legal_context(flow):
        return Verdict(reason="FLOW_NOT_ALLOWED")
    return reading_gate(access, day, rules)


def reading_gate(access: Access | None, day: date, rules: GateRules) -> Verdict:
    """Whether what was answered about this person may be read by this CPAS on a day."""
    if access is None:
        return Verdict(reason="NOT_INTEGRATED")
    integration = integrated(access, day, rules.code)
    if integration is None:
        return Verdict(reason="NOT_INTEGRATED")
    if rules.file_needed and not (access.files or access.households):
        return Verdict(reason="NO_ACTIVE_FILE")
    return Verdict(integration=integration)


def integrated(access: Access, day: date, code: int) -> str | None:
    """The integration that holds a day, unless its end was asked for that day; None when there is none."""
    for name, one in access.inscriptions.items():
        ending = any(
            change.operation == "unregister" and change.code == one.code and change.span.holds(day)
            for change in access.pending.values()
        )
        if one.code == code and not ending and any(span.holds(day) for span in one.spans):
            return name
    return None


def cut(spans: tuple[Span, ...], away: Span) -> tuple[Span, ...]:
    """What is left of spans without some days: before, after, both, or nothing (D4)."""
    left = []
    for span in spans:
        if not span.meets(away):
            left.append(span)
            continue
        if span.begin < away.begin:
            left.append(Span(begin=span.begin, end=away.begin - timedelta(days=1)))
        if away.end is not None and (span.end is None or away.end < span.end):
            left.append(Span(begin=away.end + timedelta(days=1), end=span.end))
    return tuple(left)

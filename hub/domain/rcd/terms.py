"""Terms of a case: how long, by which article, early and late last day (§2.1, §2.3)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from hub.domain.messaging.calendar import LastDay, Term, add_working_days, judicial_last_day

_CLAIM = {"BE": Term(months=1), "EU": Term(months=3), "NON_EU": Term(months=5)}
_LAST_CLAIM = {"BE": Term(days=15), "EU": Term(days=30), "NON_EU": Term(days=55)}


@dataclass(frozen=True, kw_only=True, slots=True)
class TermRule:
    """How a term is counted from the day of its act, and by which article. ``what``: for whoever reads it."""

    article: str
    last_day: Callable[[date, str], LastDay]
    what: str


def _judicial(**length: int) -> Callable[[date, str], LastDay]:
    return lambda day, _residence: judicial_last_day(day, Term(**length))


def _by_residence(terms: Mapping[str, Term]) -> Callable[[date, str], LastDay]:
    return lambda day, residence: judicial_last_day(day, terms[residence])


def _working(days: int) -> Callable[[date, str], LastDay]:
    def last(day: date, _residence: str) -> LastDay:
        found = add_working_days(day, days)
        return LastDay(early=found, late=found)

    return last


def _next_day(day: date, _residence: str) -> LastDay:
    """24 hours, by days: the day after the act."""
    return LastDay(early=day + timedelta(days=1), late=day + timedelta(days=1))


RULES: Mapping[str, TermRule] = {
    "completion": TermRule(article="1675/4 §3", last_day=_judicial(days=8), what="the requérant completes"),
    "decision": TermRule(article="1675/6 §1", last_day=_judicial(days=8), what="the judge decides on admissibility"),
    "notify-inadmissible": TermRule(article="1675/8bis", last_day=_judicial(days=3), what="the greffier notifies"),
    "avis": TermRule(article="1390quater §1", last_day=_next_day, what="the greffier tells the FCA within 24 h"),
    "notify-admissible": TermRule(article="1675/9 §1", last_day=_judicial(days=5), what="the greffier notifies"),
    "claim": TermRule(article="1675/9 §2", last_day=_by_residence(_CLAIM), what="a creditor declares its claim"),
    "last-claim": TermRule(article="1675/9 §3", last_day=_by_residence(_LAST_CLAIM), what="the last term for a claim"),
    "secrecy": TermRule(article="1675/8", last_day=_judicial(days=30), what="silence of the order is favourable"),
    "objection": TermRule(article="1675/10 §4", last_day=_judicial(months=2), what="contredit, from the sending"),
    "carence": TermRule(article="1675/11 §1", last_day=_judicial(months=6), what="plan or PV of carence"),
    "mention": TermRule(article="1675/14 §3", last_day=_working(3), what="the mediator tells the FCA"),
    "annual-report": TermRule(article="1675/17 §3", last_day=_judicial(months=12), what="the mediator reports"),
    "sale-notice": TermRule(article="1675/14bis", last_day=_judicial(days=8), what="the hearing, not before"),
    "petition-bar": TermRule(article="1675/2 al. 3", last_day=_judicial(months=60), what="no new petition"),
    "discharge": TermRule(article="1675/16bis", last_day=_judicial(days=8), what="the surety completes"),
    "retention": TermRule(article="1675/24", last_day=_judicial(months=60), what="then to the State Archives"),
    "confirmation": TermRule(article="1675/15bis §1", last_day=_working(3), what="else on paper"),
}


def rules(retention: Term) -> Mapping[str, TermRule]:
    """The rules with another length of the retention."""
    return {**RULES, "retention": replace(RULES["retention"], last_day=partial(_counted, retention))}


def _counted(length: Term, day: date, _residence: str) -> LastDay:
    return judicial_last_day(day, length)


def rule_of(name: str, known: Mapping[str, TermRule] = RULES) -> TermRule:
    """The rule of a term, by its name with or without its party."""
    return known[name.partition("/")[0]]


def extended(designated: date, months: int) -> LastDay:
    """Six months from the designation, extended once by six at the most (art. 1675/11 §1)."""
    return judicial_last_day(designated, Term(months=6 + months))

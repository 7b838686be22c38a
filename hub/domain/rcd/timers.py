"""Timers of a case: a reminder before the early last day of each term, its end after the late one (§2.1)."""

from datetime import date, timedelta

from hub.domain.messaging.calendar import end_of, start_of
from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Timer
from hub.domain.rcd.case import Case
from hub.domain.rcd.recorded import RunningTerm
from schemas.rcd import RcdTermReached

_AHEAD = 7
"""Days before the early last day, at the most; a third of a shorter term."""


def timers(before: Case, after: Case, event: CloudEvent, case_id: str) -> list[Timer]:
    """Two timers a term; met terms lose theirs, moved ones are set anew.

    The end of an outage sets those again whose proposal had to wait for it, each time at another moment: a timer of one
    name and one moment fires once.
    """
    found: list[Timer] = []
    healed = before.outage_open and not after.outage_open
    for name in dict.fromkeys([*before.terms, *after.terms]):
        term = after.terms.get(name)
        if term is None:
            found += (Timer(name=name, due=None), Timer(name=_reminder(name), due=None))
            continue
        moved = term != before.terms.get(name)
        if moved or (healed and f"{name}:{term.late}" not in after.told):
            again = timedelta(microseconds=0 if moved else len(after.outages))
            found.append(_end(name, term, event, case_id, again))
        if moved:
            found.append(_remind(name, term, event, case_id))
    return found


def remind_on(term: RunningTerm) -> date:
    """The day of the reminder: a week before the early last day, or a third of a short term."""
    return term.early - timedelta(days=min(_AHEAD, (term.early - term.started).days // 3))


def _reminder(name: str) -> str:
    return f"remind/{name}"


def _end(name: str, term: RunningTerm, event: CloudEvent, case_id: str, again: timedelta) -> Timer:
    over = RcdTermReached(case=case_id, term=name, last_day=term.late)
    return Timer(name=name, due=end_of(term.late) + again, event=over, key=event.partitionkey, subject=event.subject)


def _remind(name: str, term: RunningTerm, event: CloudEvent, case_id: str) -> Timer:
    near = RcdTermReached(case=case_id, term=name, last_day=term.early, reading="early")
    due = start_of(remind_on(term))
    return Timer(name=_reminder(name), due=due, event=near, key=event.partitionkey, subject=event.subject)

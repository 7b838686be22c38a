"""What follows when a case stands otherwise, and who is told of it (art. 1675/22: only data relevant to them)."""

from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Decision, Emission
from hub.domain.rcd.addressees import news
from hub.domain.rcd.asked import told_to_accounts
from hub.domain.rcd.case import Case
from hub.domain.rcd.rows import case_row, outage_rows, term_rows
from hub.domain.rcd.standing import standings
from hub.domain.rcd.timers import timers
from schemas.event import Event
from schemas.rcd import (
    ActVoided,
    ChannelConfirmed,
    ChannelLapsed,
    ForeclosureProposed,
    RcdCaseChanged,
    RcdTransferProposed,
)
from schemas.rcd_access import RcdAccessChanged


def decided_by(before: Case, after: Case, event: CloudEvent, case_id: str, told: list[Event]) -> Decision[Case]:
    """The decision of an event after which a case stands otherwise."""
    return Decision(
        state=after,
        rows=(
            case_row(after, event, case_id),
            *term_rows(before, after, case_id),
            *outage_rows(before, after, case_id),
        ),
        events=(
            *told_to(after, event, told),
            *standings(before, after, case_id),
            *told_to_accounts(before, after, case_id, event),
            *(Emission(data=one, key=one.institution) for one in news(before, after, case_id)),
        ),
        timers=tuple(timers(before, after, event, case_id)),
    )


def told_to(case: Case, event: CloudEvent, told: list[Event], party: str | None = None) -> tuple[Emission, ...]:
    """How a case stands is for all who are linked to it; what concerns a party, for the mediator and who acts for it.

    Source: art. 1675/22, only data relevant to them.
    """
    return tuple(
        Emission(data=one, key=event.partitionkey, subject=event.subject, feeds=_readers(case, one, party))
        for one in told
    )


def _readers(case: Case, data: Event, party: str | None) -> tuple[str, ...]:
    if isinstance(data, RcdCaseChanged):
        return tuple(sorted(case.institutions))
    if isinstance(data, RcdTransferProposed):
        return (case.told_by,) if case.told_by else ()
    mediator = {case.mediator} if case.mediator else set[str]()
    if isinstance(data, RcdAccessChanged):
        return tuple(sorted({*mediator, data.institution}))
    if isinstance(data, ActVoided):
        party = next((act.party for act in case.acts if act.ref == data.register_ref), party)
    if isinstance(data, ForeclosureProposed | ChannelLapsed | ChannelConfirmed):
        party = data.party
    return tuple(sorted(mediator.union(case.acts_for.get(party or "", ()))))

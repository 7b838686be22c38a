"""What happens to a notice after its registration → one event (fca-cpc §3.1)."""

from typing import Any

from connectors.fca.rules import day
from hub.sdk import Element, Envelope, Fact, MappingRefusedError, Problem, person_number_problem
from schemas.event import Event
from schemas.notices import (
    NoticeHolderChanged,
    NoticeReactivated,
    NoticeRenewed,
    NoticeStruck,
    NoticeSuspended,
)

_REASON = "{urn:be:mediationhub:fca:1}Reason"


def renewed(element: Element, envelope: Envelope) -> tuple[Fact, ...]:
    """Renewed with a reason and a new term."""
    late = Problem(code="date-order", element=element, attribute="expiresOn", limit="@on")
    problems = [] if day(element, "expiresOn") > day(element, "on") else [late]
    fields = {"renewed_on": day(element, "on"), "expires_on": day(element, "expiresOn")}
    return _fact(NoticeRenewed, element, envelope, fields, problems)


def suspended(element: Element, envelope: Envelope) -> tuple[Fact, ...]:
    """Suspended with a reason."""
    return _fact(NoticeSuspended, element, envelope, {"suspended_on": day(element, "on")})


def struck(element: Element, envelope: Envelope) -> tuple[Fact, ...]:
    """Struck: paid, lifted, closed, or asked by the mediator."""
    return _fact(NoticeStruck, element, envelope, {"struck_on": day(element, "on")})


def reactivated(element: Element, envelope: Envelope) -> tuple[Fact, ...]:
    """Active again."""
    return _fact(NoticeReactivated, element, envelope, {"reactivated_on": day(element, "on")})


def holder_changed(element: Element, envelope: Envelope) -> tuple[Fact, ...]:
    """Another office became the holder."""
    fields = {"changed_on": day(element, "on"), "office": element.attrib["office"]}
    return _fact(NoticeHolderChanged, element, envelope, fields)


def _fact(
    kind: type[Event],
    element: Element,
    envelope: Envelope,
    fields: dict[str, Any],
    problems: list[Problem] | None = None,
) -> tuple[Fact, ...]:
    found = list(problems or ())
    if code := person_number_problem(element.attrib["debtor"], envelope.sent_at.date()):
        found.append(Problem(code=code, element=element, attribute="debtor"))
    if found:
        raise MappingRefusedError(tuple(found))
    common = {"notice": element.attrib["number"], "debtor_identifier": element.attrib["debtor"]}
    data = kind.model_validate({**common, "reason": element.findtext(_REASON), **fields})
    return (Fact(data=data, time=envelope.sent_at),)

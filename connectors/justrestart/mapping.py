"""The register connector: an act of ``justrestart.xsd`` becomes one event of its case."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import get_args

from connectors.justrestart.cases import case_of
from connectors.justrestart.claims import SHEET, case, claim
from connectors.justrestart.mails import MAILS, actions
from connectors.justrestart.mails import reference as no_reference
from connectors.justrestart.outages import outage
from hub.sdk import (
    Connector,
    DocumentKind,
    Element,
    Envelope,
    Fact,
    MappingRefusedError,
    Problem,
    niss_problem,
    root_envelope,
)
from schemas.rcd import RegisterActRecorded, RequerantNamed
from schemas.rcd_access import AccessAct, RegisterAccessRecorded

_NS = "{urn:be:mediationhub:justrestart:1}"
_AHEAD = timedelta(minutes=5)
"""How far a register's clock may go before the sending."""
_ACCESS = frozenset(get_args(AccessAct))
_SAME = ("act", "party", "quality", "residence", "channel", "obliged", "institution", "court", "outage", "evidence")
_TAKEN = {
    **{name: name for name in (*_SAME, "target", "language", "months")},
    "targetParty": "target_party",
    "roleNumber": "role_number",
    "reference": "register_ref",
    "case": "case_ref",
}
"""Field of the event by attribute."""


def act(element: Element, envelope: Envelope) -> tuple[Fact, ...]:
    """An act at its register moment (AR 11 Oct 2023, art. 6); an admission names the person."""
    at = datetime.fromisoformat(element.attrib["at"])
    problems = (*_moment(element, at, envelope), *_person(element, envelope), *_targets(element), *_proof(element))
    if problems:
        raise MappingRefusedError(problems)
    said = {field: element.attrib[name].strip() for name, field in _TAKEN.items() if name in element.attrib}
    case_id = case_of(element.attrib["case"])
    kind = RegisterAccessRecorded if said["act"] in _ACCESS else RegisterActRecorded
    data = kind.model_validate({**said, "case": case_id, "occurred_at": at})
    niss = element.get("niss")
    whose = (Fact(data=RequerantNamed(case=case_id, niss=niss), time=at),) if niss else ()
    return (Fact(data=data, time=at), *whose)


def _moment(element: Element, at: datetime, envelope: Envelope) -> tuple[Problem, ...]:
    if at.tzinfo is None:
        return (Problem(code="moment-offset", element=element, attribute="at"),)
    if at > envelope.sent_at + _AHEAD:
        return (Problem(code="date-order", element=element, attribute="at", limit="@sentAt"),)
    return ()


def _targets(element: Element) -> tuple[Problem, ...]:
    """Who gets access: of acts that give it; where the case is pending: of the others. Nothing is said in vain."""
    foreign = ("court", "roleNumber") if element.attrib["act"] in _ACCESS else ("target", "targetParty")
    given = [name for name in foreign if name in element.attrib]
    return tuple(_not_allowed(element, name) for name in given)


def _not_allowed(element: Element, name: str) -> Problem:
    return Problem(code="field-not-allowed", element=element, attribute=name, limit=f"@{name}")


def _proof(element: Element) -> tuple[Problem, ...]:
    """An act that was done during an outage is entered with what proves it (AR 11 Oct 2023, art. 7)."""
    if "outage" not in element.attrib or "evidence" in element.attrib or element.attrib["act"] == "outage-ended":
        return ()
    return (Problem(code="field-required", element=element, limit="@evidence"),)


def _person(element: Element, envelope: Envelope) -> tuple[Problem, ...]:
    """Number and language of the requérant: of an admission only, so that no other act tells more than it must."""
    given = [name for name in ("niss", "language") if name in element.attrib]
    if element.attrib["act"] != "admitted":
        return tuple(_not_allowed(element, name) for name in given)
    niss = element.get("niss")
    code = niss_problem(niss, envelope.sent_at.date()) if niss is not None else None
    return (Problem(code=code, element=element, attribute="niss"),) if code else ()


def reference(element: Element) -> str:
    """The register's reference of the act."""
    return element.get("reference", "")


CONNECTOR = Connector(
    name="justrestart",
    summary="Acts of the register of collective settlements, with the register's own moments; claims of a case",
    schema=Path(__file__).with_name("justrestart.xsd"),
    institutions=("register", "cpas", "office"),
    envelope=root_envelope,
    documents={
        f"{_NS}Act": DocumentKind(item=None, mapping=act, reference=reference, institutions=("register",)),
        f"{_NS}Acts": DocumentKind(item=f"{_NS}Act", mapping=act, reference=reference, institutions=("register",)),
        f"{_NS}Outage": DocumentKind(
            item=None, mapping=outage, reference=reference, institutions=("register",), every_case=True
        ),
        f"{_NS}Claims": DocumentKind(item=f"{_NS}Claim", mapping=claim, reference=reference, case=case),
        f"{_NS}Actions": DocumentKind(
            item=None, mapping=actions, reference=no_reference, institutions=("cpas", "office")
        ),
    },
    sheet=SHEET,
    mails=MAILS,
)

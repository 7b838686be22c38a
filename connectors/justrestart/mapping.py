"""The register connector: an act of ``justrestart.xsd`` becomes one event of its case."""

from datetime import datetime, timedelta
from pathlib import Path

from hub.sdk import (
    Connector,
    DocumentKind,
    Element,
    Envelope,
    Fact,
    MappingRefusedError,
    Problem,
    event_id_of,
    root_envelope,
)
from schemas.rcd import RegisterActRecorded

_NS = "{urn:be:mediationhub:justrestart:1}"
_AHEAD = timedelta(minutes=5)
"""How far a register's clock may go before the sending."""
_TAKEN = ("act", "party", "quality", "residence", "channel", "obliged", "institution", "court", "outage", "evidence")


def act(element: Element, envelope: Envelope) -> tuple[Fact, ...]:
    """An act at its register moment, which is its legal date (AR 11 Oct 2023, art. 6)."""
    at = datetime.fromisoformat(element.attrib["at"])
    problems = []
    if at.tzinfo is None:
        problems.append(Problem(code="moment-offset", element=element, attribute="at"))
    elif at > envelope.sent_at + _AHEAD:
        problems.append(Problem(code="date-order", element=element, attribute="at", limit="@sentAt"))
    if problems:
        raise MappingRefusedError(tuple(problems))
    said: dict[str, object] = {name: element.attrib[name] for name in _TAKEN if name in element.attrib}
    if "months" in element.attrib:
        said["months"] = element.attrib["months"].strip()
    data = RegisterActRecorded.model_validate(
        {
            **said,
            "case": case_of(element.attrib["case"]),
            "register_ref": element.attrib["reference"],
            "occurred_at": at,
        }
    )
    return (Fact(data=data, time=at),)


def case_of(reference: str) -> str:
    """The id of a case, derived from the register's reference of it."""
    return f"c{event_id_of('rcd', reference).hex}"


def reference(element: Element) -> str:
    """The register's reference of the act."""
    return element.get("reference", "")


CONNECTOR = Connector(
    name="justrestart",
    summary="Acts of the register of collective debt settlements, with the register's own moments",
    schema=Path(__file__).with_name("justrestart.xsd"),
    institutions=("register",),
    envelope=root_envelope,
    documents={
        f"{_NS}Act": DocumentKind(item=None, mapping=act, reference=reference),
        f"{_NS}Acts": DocumentKind(item=f"{_NS}Act", mapping=act, reference=reference),
    },
)

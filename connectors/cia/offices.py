"""An office's answer to its invitation, and the Chamber's directory of offices."""

from hub.sdk import Element, Envelope, Fact, MappingRefusedError, Problem
from schemas.access import OfficeListed
from schemas.mediation import OfficeAnswered


def answer(element: Element, envelope: Envelope) -> tuple[Fact, ...]:
    """One of the five answers of manual §3.3; the invitation's reference is ``<dossier>.<office>``."""
    attribute = element.attrib
    dossier, _, office = attribute["invitation"].partition(".")
    if office != envelope.sender:
        raise MappingRefusedError((Problem(code="invitation-not-yours", element=element, attribute="invitation"),))
    data = OfficeAnswered.model_validate(
        {
            "dossier": dossier,
            "office": office,
            "option": attribute["option"],
            "terms_version": attribute["termsVersion"],
            "answered_at": attribute["answeredAt"].strip(),
        }
    )
    return (Fact(data=data, time=data.answered_at),)


def invitation(element: Element) -> str:
    """The reference of the invitation that is answered."""
    return element.get("invitation", "")


def listed(element: Element, envelope: Envelope) -> tuple[Fact, ...]:
    """An office as the directory lists it (fca-cpc §1.1)."""
    return (Fact(data=OfficeListed.model_validate(dict(element.attrib)), time=envelope.sent_at),)


def identifier(element: Element) -> str:
    """The office's number in the directory."""
    return element.get("office", "")

"""A notice, or its new version → one event (fca-cpc §2, §3.2)."""

from datetime import datetime
from typing import Any

from connectors.fca.parties import debtor_identifier, debtor_problems, number_problems, party
from connectors.fca.rules import OWN, date_problems, field_problems
from hub.sdk import Element, Envelope, Fact, MappingRefusedError
from schemas.notices import NoticeRegistered, NoticeVersioned

_NS = "{urn:be:mediationhub:fca:1}"
_PARTIES = tuple(_NS + name for name in ("Seizing", "Debtor", "ThirdParty"))


def registered(element: Element, envelope: Envelope) -> tuple[Fact, ...]:
    """A notice was registered: its version 1."""
    return _fact(NoticeRegistered, element, envelope)


def versioned(element: Element, envelope: Envelope) -> tuple[Fact, ...]:
    """The holder corrected a notice: the whole notice in its new version."""
    return _fact(NoticeVersioned, element, envelope)


def reference(element: Element) -> str:
    """The FCA's number of the notice."""
    return element.get("number", "")


def _fact(kind: type[NoticeRegistered], element: Element, envelope: Envelope) -> tuple[Fact, ...]:
    (debtor,) = element.iterchildren(f"{_NS}Debtor")
    problems = [
        *field_problems(element),
        *debtor_problems(debtor),
        *(problem for part in element.iterchildren(*_PARTIES) for problem in number_problems(part, envelope)),
        *date_problems(element),
    ]
    if problems:
        raise MappingRefusedError(tuple(problems))
    data = kind.model_validate(
        {**_attributes(element), **_parts(element), "debtor_identifier": debtor_identifier(debtor)}
    )
    return (Fact(data=data, time=data.registered_at),)


def _attributes(element: Element) -> dict[str, Any]:
    attribute = element.attrib
    return {
        "notice": attribute["number"],
        "kind": attribute["kind"],
        "subkind": attribute.get("subkind"),
        "version": int(attribute.get("version", "1")),
        "copy_of": attribute.get("copyOf"),
        "office": attribute.get("office"),
        "depositor": attribute.get("depositor"),
        "registered_at": datetime.fromisoformat(attribute["registeredAt"].strip()),
        "expires_on": attribute["expiresOn"].strip(),
    }


def _parts(element: Element) -> dict[str, Any]:
    act, claim, goods = (element.find(_NS + name) for name in ("Act", "Claim", "Goods"))
    seizing, debtor, third_party = (party(element.find(name)) for name in _PARTIES)
    return {
        "seizing": seizing,
        "debtor": debtor,
        "third_party": third_party,
        "act": None if act is None else _act(act),
        "nature": None if claim is None else claim.attrib["nature"],
        "claim_amount": None if claim is None else claim.attrib["amount"],
        "preference": None if claim is None else claim.get("preference"),
        "goods": None if goods is None else goods.text,
        "details": _details(element) or None,
    }


def _act(act: Element) -> dict[str, str | None]:
    served = act.get("servedOn")
    return {
        "on": act.attrib["on"].strip(),
        "place": act.get("place"),
        "served_on": served and served.strip(),
    }


def _details(element: Element) -> dict[str, str]:
    """The fields of one notice type only, under the names of the contract."""
    details = {part.attrib["name"]: part.text or "" for part in element.iterchildren(f"{_NS}Detail")}
    for name in OWN:
        part = element.find(_NS + name)
        if part is not None:
            details.update({key: value.strip() for key, value in part.items()})
    return details

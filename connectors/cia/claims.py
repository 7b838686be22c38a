"""A claim or its withdrawal → one event (manual §4.4; fca-cpc §4.5)."""

from collections.abc import Callable
from typing import Any, NamedTuple, Self

from connectors.cia.amounts import Amounts, euro, line_problems, total_problems
from hub.sdk import (
    Element,
    Envelope,
    Fact,
    MappingRefusedError,
    Problem,
    enterprise_number_problem,
    event_id_of,
    iban_problem,
    niss_problem,
    ogm_problem,
    rf_problem,
)
from schemas.claims import ClaimCorrected, ClaimSubmitted, ClaimWithdrawn

_REFERENCE_PROBLEM: dict[str, Callable[[str], str | None]] = {
    "ogm": ogm_problem,
    "rf": rf_problem,
    "free": lambda _: None,
}
_LINE, _CONTENT = "{urn:be:mediationhub:cia:1}Line", "{urn:be:mediationhub:cia:1}*"


class _Parts(NamedTuple):
    """The elements of a valid claim, whose order the grammar fixes."""

    claim: Element
    debtor: Element
    creditor: Element
    client: Element
    payment: Element
    contact: Element
    heads: Element
    lines: list[Element]
    attachments: list[Element]

    @classmethod
    def of(cls, element: Element) -> Self:
        debtor, creditor, client, payment, contact, heads, *rest = element.iterchildren(_CONTENT)
        count = sum(part.tag == _LINE for part in rest)
        return cls(element, debtor, creditor, client, payment, contact, heads, rest[:count], rest[count:])


def claim(element: Element, envelope: Envelope) -> tuple[Fact, ...]:
    """Version 1 submits the claim, a later version replaces it whole."""
    parts = _Parts.of(element)
    accounts, wrong = _accounts(parts)
    problems = [*_office_problems(element, envelope), *_number_problems(parts, envelope), *wrong]
    if problems:
        raise MappingRefusedError(tuple(problems))
    version = int(element.attrib["version"])
    kind = ClaimSubmitted if version == 1 else ClaimCorrected
    data = kind.model_validate({**_name(element, version), **_data(parts, accounts)})
    return (Fact(data=data, time=envelope.sent_at),)


def withdrawal(element: Element, envelope: Envelope) -> tuple[Fact, ...]:
    """The office takes the claim back."""
    problems = _office_problems(element, envelope)
    if code := niss_problem(element.attrib["niss"], envelope.sent_at.date()):
        problems.append(Problem(code=code, element=element, attribute="niss"))
    if problems:
        raise MappingRefusedError(tuple(problems))
    reason = next((part.text for part in element.iterchildren(_CONTENT)), None)
    data = ClaimWithdrawn.model_validate(
        {**_name(element, int(element.attrib["version"])), "niss": element.attrib["niss"], "reason": reason}
    )
    return (Fact(data=data, time=envelope.sent_at),)


def reference(element: Element) -> str:
    """The office's own reference of a claim."""
    return element.get("reference", "")


def _name(element: Element, version: int) -> dict[str, Any]:
    office, own = element.attrib["office"], element.attrib["reference"]
    return {"claim": event_id_of("claim", office, own), "office": office, "version": version, "reference": own}


def _data(parts: _Parts, accounts: list[Amounts]) -> dict[str, Any]:
    """What the claim says, in the fields of the published language."""
    heads, *line_heads = accounts
    payment = parts.payment.attrib
    return {
        "niss": parts.debtor.attrib["niss"],
        "name": " ".join(filter(None, (parts.debtor.get("name"), parts.debtor.get("firstName")))) or None,
        "phase": parts.claim.attrib["phase"],
        "heads": heads.data(),
        "total": euro(heads.total),
        "creditor": parts.creditor.attrib["name"],
        "creditor_enterprise_number": parts.creditor.get("enterpriseNumber"),
        "client": parts.client.get("name"),
        "client_reference": parts.client.attrib["reference"],
        "iban": payment["iban"],
        "transaction_reference": {"kind": payment["kind"], "value": payment["reference"]},
        "contact": dict(parts.contact.attrib),
        "lines": [
            {
                "performed_on": line.attrib["performedOn"].strip(),
                "heads": amounts.data(),
                "invoice": line.attrib["invoice"],
            }
            for line, amounts in zip(parts.lines, line_heads, strict=True)
        ],
        "attachments": [dict(part.attrib) for part in parts.attachments] or None,
    }


def _office_problems(element: Element, envelope: Envelope) -> list[Problem]:
    if element.attrib["office"] == envelope.sender:
        return []
    return [Problem(code="office-not-sender", element=element, attribute="office")]


def _number_problems(parts: _Parts, envelope: Envelope) -> list[Problem]:
    payment, number = parts.payment, parts.creditor.get("enterpriseNumber")
    found = (
        (niss_problem(parts.debtor.attrib["niss"], envelope.sent_at.date()), parts.debtor, "niss"),
        (number and enterprise_number_problem(number), parts.creditor, "enterpriseNumber"),
        (iban_problem(payment.attrib["iban"]), payment, "iban"),
        (_REFERENCE_PROBLEM[payment.attrib["kind"]](payment.attrib["reference"]), payment, "reference"),
    )
    return [Problem(code=code, element=where, attribute=attribute) for code, where, attribute in found if code]


def _accounts(parts: _Parts) -> tuple[list[Amounts], list[Problem]]:
    """The heads, then each line, in cents; and what is wrong with them."""
    accounts: list[Amounts] = []
    problems: list[Problem] = []
    for part in (parts.heads, *parts.lines):
        try:
            accounts.append(Amounts.of(part))
        except MappingRefusedError as error:
            problems.extend(error.problems)
    if problems:
        return [], problems
    heads, *lines = accounts
    return accounts, [*total_problems(parts.claim, heads), *line_problems(parts.heads, heads, lines)]

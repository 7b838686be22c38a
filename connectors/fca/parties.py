"""Who seizes, owes or holds: a party of a notice (art. 1390 §1, 1°, 2° and 4°)."""

from typing import Any

from hub.sdk import Element, Envelope, Problem, enterprise_number_problem, niss_problem

_FIRST_NAME, _ADDRESS = "{urn:be:mediationhub:fca:1}FirstName", "{urn:be:mediationhub:fca:1}Address"


def party(element: Element | None) -> dict[str, Any] | None:
    """A party in the fields of the published language; None where the notice has none."""
    if element is None:
        return None
    attribute = element.attrib
    address = element.find(_ADDRESS)
    return {
        "kind": attribute["kind"],
        "name": attribute["name"],
        "first_names": [part.text for part in element.iterchildren(_FIRST_NAME)],
        "born": attribute["born"].strip() if "born" in attribute else None,
        "enterprise_number": attribute.get("enterpriseNumber"),
        "niss": attribute.get("niss"),
        "legal_form": attribute.get("legalForm"),
        "address": None if address is None else dict(address.attrib),
    }


def debtor_identifier(debtor: Element) -> str:
    """NISS of a natural person, enterprise number of a legal one; '' where it is missing."""
    return debtor.get("niss" if debtor.attrib["kind"] == "NP" else "enterpriseNumber", "")


def debtor_problems(debtor: Element) -> list[Problem]:
    """The hub keys by person, so the debtor must carry the number of its kind (ADR 0006)."""
    if debtor_identifier(debtor):
        return []
    name = "niss" if debtor.attrib["kind"] == "NP" else "enterpriseNumber"
    return [Problem(code="field-required", element=debtor, attribute=name, limit=f"Debtor/@{name}")]


def number_problems(party: Element, envelope: Envelope) -> list[Problem]:
    """What is wrong with a party's numbers, if it has them."""
    niss, number = party.get("niss"), party.get("enterpriseNumber")
    found = (
        (niss and niss_problem(niss, envelope.sent_at.date()), "niss"),
        (number and enterprise_number_problem(number), "enterpriseNumber"),
    )
    return [Problem(code=code, element=party, attribute=attribute) for code, attribute in found if code]

"""An answer's XML as content ready for JSON, nothing interpreted: codes, amounts and incomplete dates stay texts."""

from typing import Any

from lxml import etree

LISTS = frozenset(
    {
        *("affiliation", "careerSegment", "employment", "fiscalData", "description", "handicapRecognition"),
        *("PensionItem", "PayingInstitutionItem", "PaymentsInformation", "PaymentHistory", "Name", "CivilState"),
        *("LegalMainAddress", "Nationality", "Residences", "RegistrationRegister"),
    }
)
"""Elements that may repeat: always lists, so that one and many read alike."""
_PARTS = ("Century", "Year", "Month", "Day")


def content(element: etree._Element) -> Any:
    """An element: its text, or its children by name; attributes by ``@name``."""
    if date := split_date(element):
        return date
    found: dict[str, Any] = {f"@{etree.QName(name).localname}": value for name, value in sorted(element.attrib.items())}
    for child in element:
        name = etree.QName(child).localname
        value = content(child)
        if name in LISTS or name in found:
            kept = found.get(name, [])
            found[name] = [*(kept if isinstance(kept, list) else [kept]), value]
        else:
            found[name] = value
    text = (element.text or "").strip()
    if not found:
        return text
    return {**found, "value": text} if text else found


def split_date(element: etree._Element) -> str | None:
    """The National Register writes dates in parts, each perhaps missing: zeros stand for what is unknown."""
    names = [etree.QName(child).localname for child in element]
    if not names or not set(names) <= set(_PARTS) or "Century" not in names:
        return None
    part = {name: (child.text or "").strip() for name, child in zip(names, element, strict=True)}
    return f"{part['Century']:0>2}{part.get('Year', ''):0>2}-{part.get('Month', ''):0>2}-{part.get('Day', ''):0>2}"

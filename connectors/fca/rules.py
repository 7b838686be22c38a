"""Which fields a notice type needs, which have no meaning for it, and the order of its dates (fca-cpc §2).

Only what a source says is demanded: the annexes of N4, N6, N8 and N11 to N13 could not be read.
"""

from datetime import date

from hub.sdk import Element, Problem

_NS = "{urn:be:mediationhub:fca:1}"
_ACT = ("@office", "Seizing", "Act", "Claim")

REQUIRED: dict[str, tuple[str, ...]] = {
    "N1": _ACT,
    "N2": (*_ACT, "Goods"),
    "N3": (*_ACT, "ThirdParty"),
    "N5": _ACT,
    "N7": ("Change",),
    "N9": ("@office", "Seizing", "ThirdParty", "Assignment"),
    "N10": ("Settlement",),
    "N11": ("@office",),
    "N14": ("@office", "Mediator"),
}
"""Elements and attributes (``@``) that the law or the FAQ names as mandatory, by notice type."""

OWN: dict[str, str] = {"Change": "N7", "Assignment": "N9", "Settlement": "N10", "Mediator": "N14"}
"""Elements that mean something for one notice type alone."""


def field_problems(notice: Element) -> list[Problem]:
    """What the notice lacks for its type, and what it should not have."""
    kind = notice.attrib["kind"]
    missing = [
        Problem(code="field-required", element=notice, limit=name)
        for name in REQUIRED.get(kind, ())
        if not _present(notice, name)
    ]
    strange = [
        Problem(code="field-not-allowed", element=part, limit=name)
        for name, owner in OWN.items()
        if owner != kind and (part := notice.find(_NS + name)) is not None
    ]
    return missing + strange


def date_problems(notice: Element) -> list[Problem]:
    """Served after the act, registered after the act, expiring after the registration."""
    registered = date.fromisoformat(notice.attrib["registeredAt"].strip()[:10])
    problems = []
    if day(notice, "expiresOn") <= registered:
        problems.append(Problem(code="date-order", element=notice, attribute="expiresOn", limit="@registeredAt"))
    act = notice.find(f"{_NS}Act")
    if act is not None and registered < day(act, "on"):
        problems.append(Problem(code="date-order", element=notice, attribute="registeredAt", limit="Act/@on"))
    if act is not None and "servedOn" in act.attrib and day(act, "servedOn") < day(act, "on"):
        problems.append(Problem(code="date-order", element=act, attribute="servedOn", limit="Act/@on"))
    return problems


def day(element: Element, name: str) -> date:
    """A valid date attribute."""
    return date.fromisoformat(element.attrib[name].strip())


def _present(notice: Element, name: str) -> bool:
    if name.startswith("@"):
        return name[1:] in notice.attrib
    return notice.find(_NS + name) is not None

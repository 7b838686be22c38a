"""Which language and which form of answer a caller wants (RFC 9110 §12.5); what a body is."""

from hub.domain.messaging.messages import LANGUAGES

JSON, XML = "application/json", "application/xml"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_XML_TYPES = frozenset({"application/xml", "text/xml"})
_JSON_TYPES = frozenset({"application/json", "application/problem+json", "application/*", "*/*"})


def weighted(header: str) -> list[tuple[str, float]]:
    """The choices of an ``Accept…`` header, lower case, best first; what has weight 0 or no sense is left out."""
    found = []
    for part in header.lower().split(","):
        name, _, parameters = part.partition(";")
        weight = 1.0
        for parameter in parameters.split(";"):
            key, _, value = parameter.strip().partition("=")
            if key == "q":
                weight = _number(value)
        if name.strip() and weight > 0:
            found.append((name.strip(), weight))
    return sorted(found, key=lambda one: -one[1])


def language_of(header: str | None, own: str = "fr") -> str:
    """The best language of the hub for an ``Accept-Language``; ``own`` when it names none of them."""
    for name, _ in weighted(header or ""):
        language = name.partition("-")[0]
        if language in LANGUAGES:
            return language
    return own


def wants_xml(header: str | None) -> bool:
    """Whether an ``Accept`` prefers XML to JSON; JSON without a wish."""
    for name, _ in weighted(header or ""):
        if name in _XML_TYPES:
            return True
        if name in _JSON_TYPES:
            return False
    return False


def wants_workbook(header: str | None) -> bool:
    """Whether an ``Accept`` names a workbook first."""
    return next((name for name, _ in weighted(header or "")), "") == XLSX


def media_type(header: str | None) -> str:
    """The bare type of a ``Content-Type``, lower case."""
    return (header or "").partition(";")[0].strip().lower()


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0

"""SOAP 1.1 and 1.2 envelopes, read by the one hardened parser."""

from lxml import etree

from hub.adapters.xml.parser import parsed
from hub.application.intake.ports import Finding
from hub.application.intake.refusals import DocumentRefusedError
from hub.application.intake.soap_call import Believe, SoapCall, SoapVersion
from hub.sdk import Element

VERSIONS: dict[str, SoapVersion] = {
    "http://schemas.xmlsoap.org/soap/envelope/": "1.1",
    "http://www.w3.org/2003/05/soap-envelope": "1.2",
}


_SECURITY = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd}Security"


def opened(data: bytes, believe: Believe | None = None) -> SoapCall:
    """The document inside an envelope, which ``believe`` looks at as it came.

    Raises:
        NotPermittedError: ``signature-refused``.
        DocumentRefusedError: ``soap-version``, ``soap-must-understand``, ``soap-body``, or of the parser.
    """
    root = parsed(data)
    namespace, _, name = str(root.tag).removeprefix("{").rpartition("}")
    version = VERSIONS.get(namespace)
    if version is None or name != "Envelope":
        raise _refused("soap-version", root, "/*", ", ".join(VERSIONS))
    for header in root.iterchildren(f"{{{namespace}}}Header"):
        _check_understood(header, namespace, {_SECURITY} if believe else set())
    signed = believe(root) if believe else False
    bodies = list(root.iterchildren(f"{{{namespace}}}Body"))
    documents = [child for body in bodies for child in body]
    if len(bodies) != 1 or len(documents) != 1:
        raise _refused("soap-body", root, "/Envelope/Body", "1")
    document = documents[0]
    content = etree.tostring(document, method="c14n", exclusive=True, with_comments=False)
    return SoapCall(version=version, document=content, line=document.sourceline or 1, signed=signed)


def _check_understood(header: Element, namespace: str, understood: set[str]) -> None:
    """Refuse a header that must be understood and is not (SOAP 1.1 §4.2.3, 1.2 part 1 §5.2.3)."""
    for block in header:
        if str(block.tag) in understood:
            continue
        if block.get(f"{{{namespace}}}mustUnderstand", "0").strip() in {"1", "true"}:
            raise _refused("soap-must-understand", block, "/Envelope/Header/*", etree.QName(block).localname)


def _refused(rule: str, element: Element, xpath: str, limit: str) -> DocumentRefusedError:
    place = Finding(code=rule, limit=limit, line=element.sourceline or 1, xpath=xpath)
    return DocumentRefusedError(rule, [place], limit=limit)

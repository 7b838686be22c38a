"""What SOAP callers are answered: an envelope with the answer, or a fault with the members of a problem.

What stands inside is what XML callers of the document door get; its schema is ``answer.xsd``.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from starlette.responses import Response

from hub.application.intake.soap_call import SoapVersion
from hub.entrypoints.http.xml_answers import answer_element, problem_element

ENVELOPES: Mapping[SoapVersion, str] = {
    "1.1": "http://schemas.xmlsoap.org/soap/envelope/",
    "1.2": "http://www.w3.org/2003/05/soap-envelope",
}
_TYPES: Mapping[SoapVersion, str] = {"1.1": "text/xml; charset=utf-8", "1.2": "application/soap+xml; charset=utf-8"}
_RULES = "urn:be:mediationhub:problem"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_KEPT = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.SERVICE_UNAVAILABLE})
_CODES = {"soap-version": "VersionMismatch", "soap-must-understand": "MustUnderstand"}


def answered(version: SoapVersion, members: Mapping[str, Any], headers: Mapping[str, str]) -> Response:
    """An accepted document."""
    return _response(version, answer_element(members), HTTPStatus.OK, headers)


def faulted(version: SoapVersion, members: Mapping[str, Any], language: str, headers: Mapping[str, str]) -> Response:
    """A refusal. SOAP 1.1 wants 500 for every fault, 1.2 tells the sender's errors apart; 401 and 503 stay."""
    ours = members["status"] >= HTTPStatus.INTERNAL_SERVER_ERROR
    code = _CODES.get(members["code"])
    detail = problem_element(members)
    if version == "1.1":
        fault = _fault_11(code or ("Server" if ours else "Client"), members, detail)
        status = HTTPStatus.INTERNAL_SERVER_ERROR
    else:
        fault = _fault_12(code or ("Receiver" if ours else "Sender"), members, detail, language)
        status = HTTPStatus.INTERNAL_SERVER_ERROR if ours else HTTPStatus.BAD_REQUEST
    return _response(version, fault, members["status"] if members["status"] in _KEPT else status, headers)


def _fault_11(code: str, members: Mapping[str, Any], detail: Element) -> Element:
    fault = Element(f"{{{ENVELOPES['1.1']}}}Fault")
    SubElement(fault, "faultcode").text = f"soap:{code}"
    SubElement(fault, "faultstring").text = members["detail"]
    SubElement(fault, "detail").append(detail)
    return fault


def _fault_12(code: str, members: Mapping[str, Any], detail: Element, language: str) -> Element:
    soap = f"{{{ENVELOPES['1.2']}}}"
    fault = Element(f"{soap}Fault")
    holder = SubElement(fault, f"{soap}Code")
    SubElement(holder, f"{soap}Value").text = f"soap:{code}"
    if code in {"Sender", "Receiver"}:
        inner = SubElement(holder, f"{soap}Subcode")
        SubElement(inner, f"{soap}Value", {"xmlns:rule": _RULES}).text = f"rule:{members['code']}"
    reason = SubElement(fault, f"{soap}Reason")
    SubElement(reason, f"{soap}Text", {_XML_LANG: language}).text = members["detail"]
    SubElement(fault, f"{soap}Detail").append(detail)
    return fault


def _response(version: SoapVersion, content: Element, status: int, headers: Mapping[str, str]) -> Response:
    soap = ENVELOPES[version]
    envelope = Element(f"{{{soap}}}Envelope", {"xmlns:soap": soap})  # bound for the codes of faults, which are names
    SubElement(envelope, f"{{{soap}}}Body").append(content)
    body = tostring(envelope, encoding="utf-8", xml_declaration=True)
    return Response(body, status, dict(headers), _TYPES[version])

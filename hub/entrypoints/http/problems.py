"""Refusals as answers: problem+json (RFC 9457) or its XML form, in the caller's language."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from hub.application.intake.ports import Finding
from hub.application.intake.refusals import DocumentRefusedError, IntakeRefusalError
from hub.domain.messaging.messages import MESSAGES, message
from hub.entrypoints.http.negotiation import language_of, wants_xml
from hub.entrypoints.http.xml_answers import problem_xml

STATUS: Mapping[str, int] = {
    "key-missing": 401,
    "key-unknown": 401,
    "connector-not-granted": 403,
    "institution-kind": 403,
    "sender-not-you": 403,
    "type-not-granted": 403,
    "gate-closed": 403,
    "case-not-yours": 403,
    "answer-stale": 403,
    "signature-missing": 403,
    "signature-refused": 403,
    "connector-unknown": 404,
    "not-found": 404,
    "method": 405,
    "slow-body": 408,
    "message-id-reused": 409,
    "too-large": 413,
    "media-type": 415,
    "content-encoding": 415,
    "encoding-unsupported": 415,
    "query": 422,
    "purpose-missing": 422,
    "internal": 500,
    "away": 503,
    "empty": 400,
    "dtd-forbidden": 400,
    "workbook-broken": 400,
    "not-wellformed": 400,
    "gzip-broken": 400,
    "gzip-ratio": 413,
    "soap-version": 400,
    "soap-must-understand": 400,
    "soap-body": 400,
    "json-broken": 400,
    "json-duplicate-name": 400,
}
"""HTTP status by rule; what is not here is 422: understood, and against a rule of the content."""

_TITLES = {
    "fr": "Refusé",
    "nl": "Geweigerd",
    "de": "Abgelehnt",
    "en": "Refused",
}
_HEADERS: Mapping[str, Mapping[str, str]] = {
    "key-missing": {"WWW-Authenticate": "Bearer"},
    "key-unknown": {"WWW-Authenticate": 'Bearer error="invalid_token"'},
    "away": {"Retry-After": "2"},
    "content-encoding": {"Accept-Encoding": "gzip, identity"},
    "slow-body": {"Connection": "close"},
    "too-large": {"Connection": "close"},
}


def problem_of(error: IntakeRefusalError, language: str, instance: str) -> dict[str, Any]:
    """A refusal as the members of RFC 9457, with ``code``, and for documents ``document`` and ``errors``."""
    rule = error.rule
    detail = message(rule, language, **error.fill) if rule in MESSAGES else rule
    members: dict[str, Any] = {
        "type": f"urn:be:mediationhub:problem:{rule}",
        "title": _TITLES[language],
        "status": STATUS.get(rule, 422),
        "detail": detail,
        "instance": instance,
        "code": rule,
    }
    if isinstance(error, DocumentRefusedError):
        if error.kept:
            members["document"] = str(error.kept)
        members["refusedCount"] = error.refused
        members["errors"] = listed(error.findings, language)
    return members


def listed(findings: Sequence[Finding], language: str) -> list[dict[str, Any]]:
    """Findings as a caller reads them: of XML with line and XPath, of JSON with a pointer."""
    return [
        {
            "item": finding.item,
            **({"pointer": finding.pointer} if finding.pointer else {"line": finding.line, "xpath": finding.xpath}),
            "code": finding.code,
            "text": message(finding.code, language, limit=finding.limit),
            "reference": finding.reference,
        }
        for finding in findings
    ]


def headers_of(error: IntakeRefusalError) -> Mapping[str, str]:
    """What a refusal asks of the caller by headers."""
    return _HEADERS.get(error.rule, {})


def refused(request: Request, error: IntakeRefusalError, own_language: str = "fr") -> Response:
    """The whole answer."""
    language = language_of(request.headers.get("accept-language"), own_language)
    members = problem_of(error, language, request.url.path)
    headers = {"Content-Language": language, **headers_of(error)}
    if wants_xml(request.headers.get("accept")):
        body, kind = problem_xml(members), "application/xml"
    else:
        body, kind = to_json(members), "application/problem+json"
    return Response(body, members["status"], headers, kind)

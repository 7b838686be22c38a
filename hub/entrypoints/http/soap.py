"""Documents by SOAP 1.1 and 1.2: the same steps and the same receipt as by POST, faults instead of problems.

The WSDL describes these routes; the OpenAPI document leaves them out, for a fault of SOAP 1.1 is always a 500.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace

import structlog
from fastapi import APIRouter, Request
from starlette.responses import Response

from hub.application.consume.failures import failure_of
from hub.application.intake.ports import Finding
from hub.application.intake.refusals import DocumentRefusedError, IntakeRefusalError, NotFoundError
from hub.application.intake.soap_call import SoapCall, SoapVersion
from hub.application.intake.submission import Submission
from hub.application.traceparent import given_trace
from hub.domain.messaging.errors import TransientError
from hub.entrypoints.http.bodies import whole_body
from hub.entrypoints.http.documents import corrected, members_of
from hub.entrypoints.http.doors import Doors, TheDoors, caller_of, doors_of, origin_of
from hub.entrypoints.http.negotiation import language_of, media_type
from hub.entrypoints.http.problems import headers_of, problem_of
from hub.entrypoints.http.soap_answers import answered, faulted
from hub.entrypoints.http.soap_wsdl import wsdl_of

router = APIRouter(include_in_schema=False)
SOAP_BYTES = 4 * 1024 * 1024
"""A SOAP message is read whole; what is larger goes to the document door, which streams."""
_LOG = structlog.get_logger()
_TYPES: Mapping[str, SoapVersion] = {"text/xml": "1.1", "application/soap+xml": "1.2"}
_CHALLENGE = {"WWW-Authenticate": 'Basic realm="mediation-hub", charset="UTF-8"'}


@router.get("/v1/connectors/{name}/soap")
async def get_wsdl(request: Request, doors: TheDoors, name: str) -> Response:
    """The WSDL, with ``?wsdl`` or without."""
    connector = doors.intake.connectors.get(name)
    if connector is None:
        raise NotFoundError("connector-unknown", limit=", ".join(sorted(doors.intake.connectors)))
    return Response(wsdl_of(connector, doors.public_url or str(request.base_url)), media_type="text/xml")


@router.post("/v1/connectors/{name}/soap")
async def post_soap(request: Request, name: str) -> Response:
    """One document in the Body."""
    try:
        return await _taken(request, doors_of(request), name)
    except IntakeRefusalError as refusal:
        return _fault(request, refusal)
    except TransientError as error:
        _LOG.warning("a part is away", error=str(error))
        return _fault(request, IntakeRefusalError("away"))
    except Exception as error:  # noqa: BLE001 - here a failure becomes a fault and an entry
        failure = failure_of(error, "soap")
        _LOG.error("request failed", error=failure.exception, location=failure.location, trace=failure.trace)
        return _fault(request, IntakeRefusalError("internal"))


async def _taken(request: Request, doors: Doors, name: str) -> Response:
    caller = await caller_of(request)
    if media_type(request.headers.get("content-type")) not in _TYPES:
        raise IntakeRefusalError("media-type", limit=", ".join(_TYPES))
    call = doors.open_soap(name, await whole_body(request, SOAP_BYTES))
    request.state.soap = call.version  # the envelope decides: some clients send 1.2 as text/xml
    submission = Submission(
        caller=caller,
        connector=name,
        content=_once(call.document),
        received=doors.clock(),
        traceparent=given_trace(request.headers.get("traceparent")),
        corrects=corrected(request),
        signed=call.signed,
        origin=origin_of(request),
    )
    language = language_of(request.headers.get("accept-language"), caller.language)
    try:
        taken = await doors.intake.take(submission)
        taken = replace(taken, findings=_moved(taken.findings, call))
    except DocumentRefusedError as refusal:
        doors.taken(name, "rejected")
        refusal.findings = _moved(refusal.findings, call)
        raise
    doors.taken(name, taken.state)
    return answered(call.version, members_of(taken, language), {"Content-Language": language})


async def _once(document: bytes) -> AsyncIterator[bytes]:
    yield document


def _moved(findings: Sequence[Finding], call: SoapCall) -> tuple[Finding, ...]:
    """Lines counted in the caller's message; exact as long as no start tag was broken over several lines."""
    return tuple(replace(one, line=one.line + call.line - 1) if one.line else one for one in findings)


def _fault(request: Request, refusal: IntakeRefusalError) -> Response:
    """In the version of the envelope, or, where none was read, the one that the content type belongs to."""
    given = _TYPES.get(media_type(request.headers.get("content-type")), "1.1")
    version: SoapVersion = getattr(request.state, "soap", given)
    language = language_of(request.headers.get("accept-language"), getattr(request.state, "language", "fr"))
    members = problem_of(refusal, language, request.url.path)
    headers = {"Content-Language": language, **headers_of(refusal)}
    return faulted(version, members, language, headers | (_CHALLENGE if "WWW-Authenticate" in headers else {}))

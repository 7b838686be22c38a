"""The administrators' API: an application of its own, which the console carries under ``/api``."""

from collections.abc import Mapping

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from pydantic_core import to_json
from starlette.exceptions import HTTPException
from starlette.responses import Response

from hub.application.administer.sign_in import SignInRefusedError
from hub.application.consume.failures import failure_of
from hub.bootstrap.hub import Hub
from hub.domain.messaging.errors import RefusalError, TransientError
from hub.entrypoints.administration import documents, groups, jobs, letters, plans, records, sessions
from hub.entrypoints.administration.access import NotAllowedError, NotSignedInError

_LOG = structlog.get_logger()
_UNKNOWN = frozenset(f"{one}-unknown" for one in ("letter", "plan", "job", "group", "rule"))
_STATUS: Mapping[type[RefusalError], int] = {NotSignedInError: 401, NotAllowedError: 403, SignInRefusedError: 401}
_BUSY = frozenset({"letter-in-job", "job-state", "letter-closed", "letter-not-head", "rule-exists", "edit-exists"})
_SAID = {
    400: "The bytes cannot be read",
    401: "Not signed in",
    403: "Not with these roles",
    404: "No such thing",
    409: "Not in this state",
    422: "Not as it was asked",
    503: "A part is away; ask again",
}
_UNPROCESSABLE, _AWAY, _INTERNAL = 422, 503, 500


class Problem(BaseModel):
    """A refusal (RFC 9457): ``code`` is stable, ``detail`` says what to do; nothing was changed."""

    type: str
    title: str
    status: int
    detail: str
    code: str


def create_api(hub: Hub) -> FastAPI:
    """The API over a hub; whoever opened the hub closes it."""
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    api = FastAPI(
        title="Mediation hub: administration",
        version="1",
        description="Dead letters, plans, replay jobs and the audit. Bodies stay sealed as to persons.",
        docs_url=None,
        redoc_url=None,
        responses={code: {"model": Problem, "description": text, "content": problem} for code, text in _SAID.items()},
    )
    api.state.hub = hub
    for routes in (sessions, groups, letters, documents, plans, jobs, records):
        api.include_router(routes.router)
    for kind in (RefusalError, TransientError, RequestValidationError, HTTPException, Exception):
        api.add_exception_handler(kind, _answered)
    return api


async def _answered(request: Request, error: Exception) -> Response:
    """A problem, never a trace."""
    status, code, detail = _said(error)
    if status == _INTERNAL:
        failure = failure_of(error, "administration")
        _LOG.error("request failed", path=request.scope.get("path"), error=failure.exception, location=failure.location)
    body = Problem(type=f"urn:be:mediationhub:problem:{code}", title="Refused", status=status, detail=detail, code=code)
    headers = {"WWW-Authenticate": "Bearer"} if status == _STATUS[NotSignedInError] else None
    return Response(to_json(body), status, headers, "application/problem+json")


def _said(error: Exception) -> tuple[int, str, str]:
    if isinstance(error, RefusalError):
        return _status_of(error), error.rule, str(error)
    if isinstance(error, TransientError):
        return _AWAY, "away", "a part of the hub is away; ask again in a moment"
    if isinstance(error, RequestValidationError):
        places = "; ".join(f"/{'/'.join(map(str, one['loc']))}: {one['type']}" for one in error.errors())
        return _UNPROCESSABLE, "request-invalid", places
    if isinstance(error, HTTPException):
        return error.status_code, "request-refused", str(error.detail)
    return _INTERNAL, "internal", "an error nobody foresaw, noted in the log"


def _status_of(error: RefusalError) -> int:
    known = next((status for kind, status in _STATUS.items() if isinstance(error, kind)), None)
    if known:
        return known
    if error.rule in _UNKNOWN:
        return 404
    if error.rule == "reveal-not-allowed":
        return 403
    if error.rule in _BUSY or error.rule.startswith(("letter-", "plan-")):
        return 409
    return _UNPROCESSABLE

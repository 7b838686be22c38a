"""What callers are answered when something is refused, away or unknown: always a problem, never a trace."""

import structlog
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from hub.application.intake.refusals import IntakeRefusalError, NotFoundError
from hub.domain.messaging.errors import TransientError
from hub.entrypoints.http.problems import refused

_LOG = structlog.get_logger()
_NOT_FOUND, _CLIENT_CLOSED = 404, 499

HANDLED: tuple[type[Exception], ...] = (
    IntakeRefusalError,
    TransientError,
    RequestValidationError,
    HTTPException,
    ClientDisconnect,
)


async def answer_to(request: Request, error: Exception) -> Response:
    """The answer to a request that ended in one of the handled errors."""
    language = getattr(request.state, "language", "fr")
    if isinstance(error, ClientDisconnect):  # nobody reads it, and nothing was stored
        return Response(status_code=_CLIENT_CLOSED)
    if isinstance(error, TransientError):
        _LOG.warning("a part is away", error=str(error))
    answer = refused(request, _refusal_of(error), language)
    if isinstance(error, HTTPException):
        answer.headers.update(error.headers or {})
    return answer


def _refusal_of(error: Exception) -> IntakeRefusalError:
    if isinstance(error, IntakeRefusalError):
        return error
    if isinstance(error, TransientError):
        return IntakeRefusalError("away")
    if isinstance(error, HTTPException):
        return NotFoundError("not-found") if error.status_code == _NOT_FOUND else IntakeRefusalError("method")
    return IntakeRefusalError("query")

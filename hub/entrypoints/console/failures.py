"""What a visitor sees when something is refused, forged, away or unknown: a page in her language, never a trace."""

import structlog
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from hub.application.consume.failures import failure_of
from hub.domain.messaging.errors import RefusalError, TransientError
from hub.entrypoints.console.rendering import page
from hub.entrypoints.console.visitor import DeniedError, ForgedError, NotSignedInError, Visitor, visitor
from hub.entrypoints.console.words import maybe, word

_LOG = structlog.get_logger()
_SEE_OTHER = 303

HANDLED: tuple[type[Exception], ...] = (
    NotSignedInError,
    ForgedError,
    DeniedError,
    RefusalError,
    TransientError,
    RequestValidationError,
    HTTPException,
)


async def answer_to(request: Request, error: Exception) -> Response:
    """The page about an error."""
    if isinstance(error, NotSignedInError):
        return _to_sign_in(request)
    status, title, text = _told(request, error)
    return page(request, await _who(request), "failure.html", status=status, title=title, text=text)


def refusal_text(error: RefusalError, language: str) -> str:
    """What a refusal says: in the visitor's language where it has a text, else as the command line says it."""
    return maybe(f"refusal.{error.rule}", language, str(error)).replace("{why}", str(error))


def _to_sign_in(request: Request) -> Response:
    if request.url.path.endswith("/live"):
        return Response(status_code=401)
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = f"?next={_quoted(asked)}" if request.method == "GET" and asked != "/" else ""
    return RedirectResponse(f"/sign-in{back}", _SEE_OTHER)


def _quoted(path: str) -> str:
    return path.replace("%", "%25").replace("&", "%26").replace("#", "%23").replace("+", "%2B").replace("?", "%3F")


async def _who(request: Request) -> Visitor | None:
    try:
        return await visitor(request)
    except (NotSignedInError, TransientError):
        return None


_PLAIN: tuple[tuple[type[Exception], int, str], ...] = (
    (ForgedError, 403, "failure.forged"),
    (RequestValidationError, 404, "failure.unknown"),
    (HTTPException, 404, "failure.unknown"),
)


def _told(request: Request, error: Exception) -> tuple[int, str, str]:
    """Status, title (a key of the words) and text."""
    language = getattr(request.state, "language", "en")
    match error:
        case DeniedError():
            return 403, "failure.denied", word(f"right.{error.right}", language)
        case RefusalError():
            status = 404 if error.rule.endswith("-unknown") else 409
            return status, "failure.refused", refusal_text(error, language)
        case TransientError():
            _LOG.warning("a part is away", error=str(error))
            return 503, "failure.away", ""
    for kind, status, title in _PLAIN:
        if isinstance(error, kind):
            return status, title, ""
    failure = failure_of(error, "console")
    _LOG.error("request failed", path=request.url.path, error=failure.exception, trace=failure.trace)
    return 500, "failure.internal", ""

"""The outermost layer: an error nobody foresaw becomes a problem, and a log entry without any value.

Left to the server, its text would go to the log as it is, and it may quote what somebody sent.
"""

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.application.consume.failures import failure_of
from hub.application.intake.refusals import IntakeRefusalError
from hub.entrypoints.http.problems import refused

_LOG = structlog.get_logger()


class Guard:
    """Wraps the whole app."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception as error:  # noqa: BLE001 - here a failure becomes an answer and an entry
            failure = failure_of(error, "http")
            _LOG.error(
                "request failed",
                path=scope.get("path"),
                error=failure.exception,
                location=failure.location,
                trace=failure.trace,
            )
            if scope["type"] == "http" and not begun:
                answer = refused(Request(scope, receive), IntakeRefusalError("internal"))
                await answer(scope, receive, send)

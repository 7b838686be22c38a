"""What browsers are told about every answer: nothing from elsewhere, nothing inline, nothing kept."""

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.entrypoints.console.failures import answer_to

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with less, browsers say of our own forms that they come from nowhere
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_A_YEAR = 31_536_000
_NOWHERE = 404


class Hardened:
    """Puts the headers on every answer, and makes a page of an error nobody foresaw.

    ``tls``: browsers come back by TLS only.
    """

    def __init__(self, app: ASGIApp, *, tls: bool) -> None:
        self._app, self._tls = app, tls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        kept, begun = scope["path"].startswith("/static/"), False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                headers["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable" if kept else "no-store"
                if self._tls:
                    headers["Strict-Transport-Security"] = f"max-age={_A_YEAR}"
            await send(message)

        request = Request(scope, receive)
        try:
            if b"%00" in scope["query_string"] or "\0" in scope["path"]:  # PostgreSQL knows no such sign
                answer = await answer_to(request, HTTPException(_NOWHERE))
                await answer(scope, receive, sending)
                return
            await self._app(scope, receive, sending)
        except Exception as error:  # noqa: BLE001 - here a failure becomes a page and an entry of the log
            answer = await answer_to(request, error)
            if not begun:
                await answer(scope, receive, sending)

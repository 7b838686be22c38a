"""Posted documents go straight to their route: resolving FastAPI's dependencies costs a fifth of a document."""

import re

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from hub.entrypoints.http.documents import post_document
from hub.entrypoints.http.errors import HANDLED, answer_to

_PATH = re.compile(r"/v1/connectors/([^/]+)/documents")


class DocumentsFirst:
    """Answers ``POST /v1/connectors/{name}/documents`` itself, as the documented route would; passes on the rest."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        posted = scope["type"] == "http" and scope["method"] == "POST" and _PATH.fullmatch(scope["path"])
        if not posted:
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            answer = await post_document(request, posted[1])
        except HANDLED as error:
            answer = await answer_to(request, error)
        await answer(scope, receive, send)

"""Who calls, and what she may do; what is denied is audited."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from hub.application.administer.ports import Administrator
from hub.application.audit import Deed
from hub.bootstrap.hub import Hub
from hub.domain.access.roles import Right
from hub.domain.messaging.errors import RefusalError

_BEARER = HTTPBearer(scheme_name="administratorSession", description="A token of POST /v1/sessions", auto_error=False)


class NotSignedInError(RefusalError):
    """No token, or one of a session that ended."""


class NotAllowedError(RefusalError):
    """This administrator's roles do not allow it."""


def hub_of(request: Request) -> Hub:
    """The hub that this API looks after."""
    found: Hub = request.app.state.hub
    return found


TheHub = Annotated[Hub, Depends(hub_of)]
Token = Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]


def _may(right: Right) -> Callable[..., Coroutine[Any, Any, Administrator]]:
    """Whoever has a right; everybody else is denied, and the denial is audited."""

    async def allowed(request: Request, hub: TheHub, token: Token) -> Administrator:
        found = await hub.sign_in.recognise(token.credentials) if token else None
        if found is None:
            raise NotSignedInError("not-signed-in", "sign in: POST /v1/sessions; then Authorization: Bearer TOKEN")
        if right not in found.rights:
            what = f"{request.method} {request.scope['route'].path}"
            await hub.audit.note([Deed(who=found.name, verb=right, what=what, outcome="denied", reason="role")])
            raise NotAllowedError(
                "not-allowed", f"this needs the right to {right}; your roles: {', '.join(found.roles)}"
            )
        await hub.clock.refresh()
        return found

    return allowed


Looking = Annotated[Administrator, Depends(_may("look"))]
Acting = Annotated[Administrator, Depends(_may("act"))]
Approving = Annotated[Administrator, Depends(_may("approve"))]

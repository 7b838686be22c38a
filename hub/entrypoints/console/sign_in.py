"""Signing in and out."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from hub.application.administer.sign_in import SignInRefusedError
from hub.entrypoints.console.rendering import page
from hub.entrypoints.console.visitor import (
    drop_cookie,
    form_token,
    hub_of,
    posted,
    set_cookie,
    visit_secret,
    visitor,
)

router = APIRouter()
_SEE_OTHER, _WRONG, _LIMITED = 303, 403, 429


@router.get("/sign-in")
async def get_sign_in(request: Request, next: str = "/") -> Response:  # noqa: A002 - the parameter's name
    """The form; bound to this browser by a cookie."""
    return await _form(request, onward=next)


@router.post("/sign-in")
async def post_sign_in(request: Request) -> Response:
    """Open a session, under a new token."""
    form = await posted(request, visit_secret(request))
    address = request.client.host if request.client else ""
    try:
        token, _ = await hub_of(request).sign_in.enter(form.get("name"), form.get("password"), address=address)
    except SignInRefusedError as refusal:
        return await _form(request, onward=form.get("next"), name=form.get("name"), rule=refusal.rule)
    answer = RedirectResponse(_inside(form.get("next")), _SEE_OTHER)
    set_cookie(request, answer, "session", token)
    drop_cookie(request, answer, "visit")
    return answer


@router.post("/sign-out")
async def post_sign_out(request: Request) -> Response:
    """End the session."""
    who = await visitor(request)
    await posted(request, who.token)
    await hub_of(request).sign_in.leave(who.token, who=who.who.name)
    answer = RedirectResponse("/sign-in", _SEE_OTHER)
    drop_cookie(request, answer, "session")
    return answer


async def _form(request: Request, *, onward: str, name: str = "", rule: str = "") -> Response:
    secret = visit_secret(request)
    status = {"": 200, "sign-in-limited": _LIMITED}.get(rule, _WRONG)
    nobody = not await hub_of(request).administrators.listed()
    context = {"visit": form_token(secret), "onward": _inside(onward), "name": name, "rule": rule, "nobody": nobody}
    answer = page(request, None, "sign_in.html", status=status, **context)
    set_cookie(request, answer, "visit", secret)
    return answer


def _inside(path: str) -> str:
    """Where to go next: a path of this console, never another host."""
    inside = path.startswith("/") and not path.startswith(("//", "/\\")) and "\\" not in path
    return path if inside and path.isprintable() else "/"

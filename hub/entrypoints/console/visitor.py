"""Who asks for a page: recognised by a cookie, allowed by roles, and really from a page of ours."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

from fastapi import Query, Request
from starlette.responses import Response

from hub.application.administer.ports import Administrator
from hub.application.audit import Deed
from hub.bootstrap.hub import Hub
from hub.domain.access.roles import Right
from hub.entrypoints.console.words import language_of

_MOST_FORM = 64 * 1024
Seq = Annotated[int, Query(ge=0, le=2**63 - 1)]
"""A number of the database, as a page's address gives it."""
Nth = Annotated[int, Query(ge=0, le=2**31 - 1)]
"""A place in a frozen list."""


class NotSignedInError(Exception):
    """Nobody is signed in; or the session ended."""


class ForgedError(Exception):
    """A form that does not come from a page of ours."""


class DeniedError(Exception):
    """The administrator's roles do not allow this."""

    def __init__(self, right: Right) -> None:
        super().__init__(right)
        self.right = right


@dataclass(frozen=True, kw_only=True, slots=True)
class Visitor:
    """A signed-in administrator; ``token`` is the session's, ``language`` the account's."""

    who: Administrator
    token: str
    language: str

    @property
    def form_token(self) -> str:
        """What forms of this session carry."""
        return form_token(self.token)


@dataclass(frozen=True, slots=True)
class Form:
    """A posted form."""

    values: Mapping[str, Sequence[str]]

    def get(self, name: str) -> str:
        """The first value, without blanks around it; empty when there is none."""
        return (self.values.get(name) or [""])[0].strip()

    def all(self, name: str) -> Sequence[str]:
        """Every value."""
        return self.values.get(name) or ()


def hub_of(request: Request) -> Hub:
    """The parts behind the pages."""
    found: Hub = request.app.state.hub
    return found


def form_token(secret: str) -> str:
    """A form's proof that its page was made for the holder of a cookie."""
    return hashlib.sha256(f"form\x1f{secret}".encode()).hexdigest()


def secure(request: Request) -> bool:
    """Whether administrators come by TLS."""
    return (hub_of(request).settings.console.public_url or "").startswith("https://")


def cookie_name(request: Request, name: str) -> str:
    """A cookie's name; ``__Host-`` binds it to TLS, to this host and to every path."""
    return f"__Host-hub-{name}" if secure(request) else f"hub-{name}"


def set_cookie(request: Request, response: Response, name: str, value: str) -> None:
    """A cookie that no script reads, no other site sends, and that ends with the browser."""
    response.set_cookie(
        cookie_name(request, name), value, path="/", secure=secure(request), httponly=True, samesite="strict"
    )


def drop_cookie(request: Request, response: Response, name: str) -> None:
    """Take a cookie back."""
    response.delete_cookie(
        cookie_name(request, name), path="/", secure=secure(request), httponly=True, samesite="strict"
    )


async def visitor(request: Request) -> Visitor:
    """Who is signed in. A fragment that a page asks for by itself does not keep the session alive.

    Raises:
        NotSignedInError: nobody.
    """
    token = request.cookies.get(cookie_name(request, "session"), "")
    touch = not request.url.path.endswith("/live")
    found = await hub_of(request).sign_in.recognise(token, touch=touch) if token else None
    if found is None:
        raise NotSignedInError
    request.state.language = found.language
    return Visitor(who=found, token=token, language=found.language)


async def posted(request: Request, secret: str, *, most: int = _MOST_FORM) -> Form:
    """A form's values.

    Raises:
        ForgedError: it comes from elsewhere, is too large, or was not made for the holder of this secret.
    """
    origin = urlsplit(request.headers.get("origin", "")).netloc
    ours = {request.headers.get("host"), urlsplit(hub_of(request).settings.console.public_url or "").netloc}
    if not origin or origin not in ours or request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise ForgedError
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise ForgedError
    if b"%00" in body:
        raise ForgedError
    form = Form(parse_qs(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=2000))
    if not hmac.compare_digest(form.get("token").encode(), form_token(secret).encode()):
        raise ForgedError
    return form


async def demand(request: Request, who: Visitor, right: Right, *, verb: str, what: str) -> None:
    """Let only those through whose roles allow it; a denied attempt is an entry of the audit.

    Raises:
        DeniedError: they do not.
    """
    if right not in who.who.rights:
        deed = Deed(who=who.who.name, verb=verb, what=what, outcome="denied", reason=f"right-{right}")
        await hub_of(request).audit.note([deed])
        raise DeniedError(right)


def visit_secret(request: Request) -> str:
    """What binds the sign-in form to its browser, before there is a session."""
    return request.cookies.get(cookie_name(request, "visit"), "") or secrets.token_urlsafe(24)


def asked_language(request: Request) -> str:
    """Of the account when somebody is signed in, else as the browser asks."""
    known: str | None = getattr(request.state, "language", None)
    return known or language_of(request.headers.get("accept-language", ""))

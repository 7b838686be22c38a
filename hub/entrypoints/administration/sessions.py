"""Sessions of administrators' tools."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, SecretStr

from hub.entrypoints.administration.access import Looking, TheHub, Token
from hub.entrypoints.administration.inputs import Word

router = APIRouter(tags=["sessions"])


class Entry(BaseModel):
    """Who signs in."""

    name: Word
    password: Annotated[SecretStr, Field(max_length=1000)]


class Session(BaseModel):
    """A session: its token goes into ``Authorization: Bearer``."""

    token: str
    name: str
    rights: list[str]


@router.post("/v1/sessions", summary="Sign in", status_code=201)
async def post_session(request: Request, hub: TheHub, entry: Entry) -> Session:
    """By a local account; attempts are limited by account and address."""
    address = request.client.host if request.client else ""
    token, found = await hub.sign_in.enter(entry.name, entry.password.get_secret_value(), address=address)
    return Session(token=token, name=found.name, rights=sorted(found.rights))


@router.delete("/v1/sessions", summary="Sign out", status_code=204)
async def delete_session(hub: TheHub, who: Looking, token: Token) -> None:
    """End this session."""
    if token:
        await hub.sign_in.leave(token.credentials, who=who.name)

"""Documents that were returned to their sender, for that sender: why, and whether the correction was handled."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from hub.application.intake.refusals import NotFoundError
from hub.domain.messaging.messages import message
from hub.entrypoints.http.documentation import READ_RESPONSES
from hub.entrypoints.http.doors import KnownCaller, TheDoors
from hub.entrypoints.http.negotiation import language_of

router = APIRouter(tags=["returns"], responses=READ_RESPONSES)


class ReturnedDocument(BaseModel):
    """A returned document. ``reference`` is what its correction names in the header ``Corrects``.

    ``event`` is the id of the event it made (it stands in the receipt); ``where``: XPath or JSON pointer;
    ``rejection``: signed, a compact JWS, checked with ``/v1/keys`` as a receipt is. ``document``: the correction.
    ``state``: returned, corrected, or what an administrator made of it since.
    """

    reference: UUID
    state: str
    code: str
    text: str
    rule: str
    where: str | None
    event: UUID
    event_type: str | None
    returned_at: datetime
    document: UUID | None
    corrected_at: datetime | None
    rejection: str


class ReturnList(BaseModel):
    """A page of returned documents; ``next`` is the cursor of the next page."""

    returns: list[ReturnedDocument]
    next: UUID | None


@router.get("/v1/returns", summary="Documents returned to you")
async def get_returns(
    request: Request,
    caller: KnownCaller,
    doors: TheDoors,
    *,
    everything: Annotated[bool, Query(alias="all", description="Also those that wait no longer")] = False,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> ReturnList:
    """Those that wait for your correction, the oldest first; their dossiers wait with them."""
    language = language_of(request.headers.get("accept-language"), caller.language)
    rows = await doors.returns.of(caller.institution, letter=None, everything=everything, after=after, limit=limit)
    found = [_shown(row, language) for row in rows]
    return ReturnList(returns=found, next=found[-1].reference if len(found) == limit else None)


@router.get("/v1/returns/{reference}", summary="One returned document")
async def get_return(request: Request, caller: KnownCaller, doors: TheDoors, reference: UUID) -> ReturnedDocument:
    """Why it was returned, signed, and what became of it."""
    rows = await doors.returns.of(caller.institution, letter=reference, everything=True, after=None, limit=1)
    if not rows:
        raise NotFoundError("not-found")
    return _shown(rows[0], language_of(request.headers.get("accept-language"), caller.language))


def _shown(row: Any, language: str) -> ReturnedDocument:
    return ReturnedDocument(
        reference=row["letter"],
        state=row["state"],
        code=row["code"],
        text=message(row["code"], language),
        rule=row["rule"],
        where=row["where"],
        event=row["event_id"],
        event_type=row["type"],
        returned_at=row["returned_at"],
        document=row["document"],
        corrected_at=row["corrected_at"],
        rejection=row["rejection"],
    )

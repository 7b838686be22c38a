"""Collective settlements over HTTP: claims of a case for its mediator; what mails suggest to their reader."""

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from hub.entrypoints.http.documentation import READ_RESPONSES, WORKBOOK_RESPONSES
from hub.entrypoints.http.doors import KnownCaller, TheDoors
from hub.entrypoints.http.negotiation import XLSX, language_of
from schemas.rcd_actions import ActionKind, MailLayoutName

router = APIRouter(tags=["settlements"])
CaseName = Annotated[str, Path(pattern=r"^c[0-9a-f]{32}$")]


class SuggestedAction(BaseModel):
    """A mail of the register said that something happened in a case: look there. It proves nothing."""

    case: str = Field(validation_alias="case_id")
    reference: str = Field(validation_alias="case_ref", description="The register's reference of the case")
    kind: ActionKind
    on: date = Field(validation_alias="on_day")
    times: int
    layout: MailLayoutName
    trust: Literal["low"] = "low"
    suggested_at: datetime


class SuggestedActions(BaseModel):
    """Newest day first."""

    actions: list[SuggestedAction]


@router.get("/v1/settlements/actions", summary="What mails of the register suggest", responses=READ_RESPONSES)
async def get_actions(
    request: Request,
    caller: KnownCaller,
    doors: TheDoors,
    since: Annotated[date, Query(description="The first day")] = date(2020, 1, 1),
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> SuggestedActions:
    """Of your own mailbox: once for each case, kind and day. That you looked is logged for each case."""
    rows = await doors.suggestions.of(caller, since, limit, origin=_origin(request))
    return SuggestedActions(actions=[SuggestedAction.model_validate(row) for row in rows])


@router.get(
    "/v1/settlements/{case}/claims",
    summary="Claims of a case as a workbook",
    responses=WORKBOOK_RESPONSES,
    response_class=Response,
)
async def get_claims(request: Request, caller: KnownCaller, doors: TheDoors, case: CaseName) -> Response:
    """In the form of the register's export, its headings French or Dutch; for the mediator of the case."""
    language = language_of(request.headers.get("accept-language"), caller.language)
    content = await doors.claims.for_mediator(caller, case, language, origin=_origin(request))
    name = {"content-disposition": f'attachment; filename="{case}.xlsx"', "content-language": language}
    return Response(content, media_type=XLSX, headers=name)


def _origin(request: Request) -> str:
    return request.client.host if request.client else ""

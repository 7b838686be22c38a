"""Collective settlements over HTTP: claims of a case as a workbook, for its mediator."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from hub.entrypoints.http.documentation import WORKBOOK_RESPONSES
from hub.entrypoints.http.doors import KnownCaller, TheDoors
from hub.entrypoints.http.negotiation import XLSX, language_of

router = APIRouter(tags=["settlements"])
CaseName = Annotated[str, Path(pattern=r"^c[0-9a-f]{32}$")]


@router.get(
    "/v1/settlements/{case}/claims",
    summary="Claims of a case as a workbook",
    responses=WORKBOOK_RESPONSES,
    response_class=Response,
)
async def get_claims(request: Request, caller: KnownCaller, doors: TheDoors, case: CaseName) -> Response:
    """In the form of the register's export, its headings French or Dutch; for the mediator of the case."""
    language = language_of(request.headers.get("accept-language"), caller.language)
    content = await doors.claims.for_mediator(caller, case, language)
    name = {"content-disposition": f'attachment; filename="{case}.xlsx"', "content-language": language}
    return Response(content, media_type=XLSX, headers=name)

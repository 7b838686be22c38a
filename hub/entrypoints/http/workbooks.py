"""Workbooks over HTTP: the one that came, with its errors beside the rows."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from hub.application.intake.refusals import DocumentRefusedError, NotFoundError
from hub.application.intake.submission import Taken
from hub.entrypoints.http.documentation import WORKBOOK_RESPONSES
from hub.entrypoints.http.doors import Doors, KnownCaller, TheDoors
from hub.entrypoints.http.negotiation import XLSX, language_of, wants_workbook
from hub.entrypoints.http.problems import headers_of, problem_of

router = APIRouter(tags=["documents"])


@router.get(
    "/v1/documents/{document}/workbook",
    summary="Your workbook with its errors",
    responses=WORKBOOK_RESPONSES,
    response_class=Response,
)
async def get_workbook(request: Request, caller: KnownCaller, doors: TheDoors, document: UUID) -> Response:
    """As it came, each refused row with what is wrong; readable as long as the document's bytes are."""
    language = language_of(request.headers.get("accept-language"), caller.language)
    content = await doors.workbooks.marked(caller.institution, document, language)
    return Response(content, media_type=XLSX, headers={"content-language": language})


async def marked_answer(
    request: Request, doors: Doors, outcome: Taken | DocumentRefusedError, institution: str, own_language: str
) -> Response | None:
    """The answer to a document as a workbook, when the caller prefers one and sent one; else None."""
    if not wants_workbook(request.headers.get("accept")):
        return None
    language = language_of(request.headers.get("accept-language"), own_language)
    headers = {"content-language": language}
    if isinstance(outcome, Taken):
        document, whole, status = outcome.row.id, "", 201 if outcome.fresh else 200
    else:
        if outcome.kept is None:
            return None
        problem = problem_of(outcome, language, request.url.path)
        document, whole, status = outcome.kept, str(problem["detail"]), int(problem["status"])
        headers |= headers_of(outcome)
    try:
        content = await doors.workbooks.marked(institution, document, language, whole=whole)
    except NotFoundError:
        return None
    headers["Location"] = f"/v1/documents/{document}"
    return Response(content, status, headers, XLSX)

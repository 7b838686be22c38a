"""Documents come in, and what became of them can be read by their sender."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic_core import to_json
from starlette.responses import Response

from hub.application.intake.ports import DocumentRow
from hub.application.intake.refusals import DocumentRefusedError, IntakeRefusalError, NotFoundError
from hub.application.intake.submission import Submission, Taken
from hub.application.traceparent import given_trace
from hub.entrypoints.http.documentation import DOCUMENT_BODY, DOCUMENT_PARAMETERS, DOCUMENT_RESPONSES, READ_RESPONSES
from hub.entrypoints.http.doors import Doors, KnownCaller, TheDoors, caller_of, doors_of, origin_of
from hub.entrypoints.http.models import DocumentList, DocumentSummary, ReceiptAnswer, RefusalPage
from hub.entrypoints.http.negotiation import JSON, XLSX, XML, language_of, media_type, wants_xml
from hub.entrypoints.http.problems import listed
from hub.entrypoints.http.workbooks import marked_answer
from hub.entrypoints.http.xml_answers import answer_xml

router = APIRouter()
_GZIP_TYPES = frozenset({"application/gzip", "application/x-gzip"})
_XML_TYPES = frozenset({"", "application/xml", "text/xml", "application/octet-stream", XLSX}) | _GZIP_TYPES


@router.post(
    "/v1/connectors/{name}/documents",
    summary="Hand in a document",
    tags=["documents"],
    status_code=201,
    response_model=None,
    responses=DOCUMENT_RESPONSES,
    openapi_extra={
        "requestBody": DOCUMENT_BODY,
        "parameters": DOCUMENT_PARAMETERS,
        "security": [{"institutionKey": []}],
    },
)
async def post_document(request: Request, name: str) -> Response:
    """An XML document of a connector, gzip allowed, or a workbook. Again: the same receipt and no effect."""
    doors = doors_of(request)
    caller = await caller_of(request)
    _check_length(request, doors)
    submission = Submission(
        caller=caller,
        connector=name,
        content=request.stream(),
        received=doors.clock(),
        traceparent=given_trace(request.headers.get("traceparent")),
        gzip=_gzip(request),
        atomic=_atomic(request),
        corrects=corrected(request),
        origin=origin_of(request),
    )
    try:
        taken = await doors.intake.take(submission)
    except DocumentRefusedError as refusal:
        doors.taken(name, "rejected")
        if marked := await marked_answer(request, doors, refusal, caller.institution, caller.language):
            return marked
        raise
    doors.taken(name, taken.state)
    if marked := await marked_answer(request, doors, taken, caller.institution, caller.language):
        return marked
    return answered(request, taken, caller.language)


def answered(request: Request, taken: Taken, own_language: str) -> Response:
    """The answer to an accepted document, JSON or XML."""
    language = language_of(request.headers.get("accept-language"), own_language)
    members = members_of(taken, language)
    headers = {"Location": f"/v1/documents/{taken.row.id}", "Content-Language": language}
    status = 201 if taken.fresh else 200
    if wants_xml(request.headers.get("accept")):
        return Response(answer_xml(members), status, headers, XML)
    return Response(to_json(members), status, headers, JSON)


def members_of(taken: Taken, language: str) -> dict[str, Any]:
    """What the answer to an accepted document says."""
    row = taken.row
    members = {
        "receipt": row.receipt,
        "receiptId": str(row.id),
        "document": str(row.id),
        "state": row.state,
        "events": row.events,
        "refusedCount": row.refused,
        "refused": listed(taken.findings, language),
    }
    if gap := json.loads(row.answer).get("gap"):
        members["gap"] = gap
    if row.refused:
        members["refusals"] = f"/v1/documents/{row.id}/refusals"
    return members


def _check_length(request: Request, doors: Doors) -> None:
    """Refuse by its announced length what could only be refused later."""
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced) > doors.most_bytes:
        raise DocumentRefusedError("too-large", limit=str(doors.most_bytes))


def _gzip(request: Request) -> bool:
    """Whether the body is gzip, by its headers."""
    kind = media_type(request.headers.get("content-type"))
    if kind not in _XML_TYPES and not kind.endswith("+xml"):
        raise IntakeRefusalError("media-type", limit=f"application/xml, text/xml, application/gzip, {XLSX}")
    encoding = request.headers.get("content-encoding", "").strip().lower()
    if encoding not in {"", "identity", "gzip", "x-gzip"}:
        raise IntakeRefusalError("content-encoding")
    return encoding in {"gzip", "x-gzip"} or kind in _GZIP_TYPES


def corrected(request: Request) -> UUID | None:
    """The reference of the returned document that this one corrects, from the header ``Corrects``."""
    given = request.headers.get("corrects")
    if given is None:
        return None
    try:
        return UUID(given.strip())
    except ValueError:
        raise NotFoundError("correction-unknown") from None


def _atomic(request: Request) -> bool:
    """Whether the caller wants all or nothing."""
    wish = request.query_params.get("atomic", "false").lower()
    if wish not in {"true", "false", "1", "0"}:
        raise IntakeRefusalError("query")
    return wish in {"true", "1"}


@router.get("/v1/documents", summary="Your documents", tags=["documents"], responses=READ_RESPONSES)
async def get_documents(
    caller: KnownCaller,
    doors: TheDoors,
    state: Literal["accepted", "partial", "rejected"] | None = None,
    after: Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_=-]{1,120}$")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> DocumentList:
    """Oldest first. A rejected one is listed until a corrected one is accepted under its message id."""
    page = await doors.documents.listed(caller.institution, state, _place(after), limit)
    return DocumentList(documents=[summary_of(row) for row in page.rows], next=page.after and _cursor(*page.after))


@router.get("/v1/documents/{document}", summary="One document", tags=["documents"], responses=READ_RESPONSES)
async def get_document(caller: KnownCaller, doors: TheDoors, document: UUID) -> DocumentSummary:
    """What became of a document."""
    return summary_of(await doors.documents.one(caller.institution, document))


@router.get(
    "/v1/documents/{document}/refusals",
    summary="Refused items",
    tags=["documents"],
    responses=READ_RESPONSES,
    response_model_exclude_unset=True,  # a finding has a line and an XPath, or a pointer
)
async def get_refusals(
    request: Request,
    caller: KnownCaller,
    doors: TheDoors,
    document: UUID,
    after: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> RefusalPage:
    """Every refused item of a document, in pages; readable as long as the document's bytes are."""
    findings, following = await doors.documents.refusals(caller.institution, document, after)
    language = language_of(request.headers.get("accept-language"), caller.language)
    return RefusalPage.model_validate({"refused": listed(findings, language), "next": following})


@router.get("/v1/receipts/{receipt}", summary="One receipt", tags=["documents"], responses=READ_RESPONSES)
async def get_receipt(caller: KnownCaller, doors: TheDoors, receipt: UUID) -> ReceiptAnswer:
    """The receipt of one of your accepted documents."""
    return ReceiptAnswer(receipt=await doors.documents.receipt(caller.institution, receipt))


def summary_of(row: DocumentRow) -> DocumentSummary:
    """A stored document as its sender reads it."""
    return DocumentSummary.model_validate(
        {
            "document": row.id,
            "connector": row.connector,
            "messageId": row.message_id,
            "sha256": row.sha256.hex(),
            "size": row.size,
            "state": row.state,
            "events": row.events,
            "refusedCount": row.refused,
            "codes": json.loads(row.answer).get("codes", {}),
            "sequence": row.sequence,
            "receivedAt": row.received_at,
            "readableUntil": row.expires_at,
        }
    )


def _cursor(received: datetime, document: UUID) -> str:
    return urlsafe_b64encode(f"{received.isoformat()} {document}".encode()).decode()


def _place(cursor: str | None) -> tuple[datetime, UUID] | None:
    if cursor is None:
        return None
    try:
        received, _, document = urlsafe_b64decode(cursor).decode().partition(" ")
        return datetime.fromisoformat(received), UUID(document)
    except ValueError:
        raise IntakeRefusalError("query") from None

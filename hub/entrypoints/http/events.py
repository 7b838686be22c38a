"""CloudEvents come in: structured, binary and batch mode of the HTTP binding, version 1.0."""

from typing import Any
from urllib.parse import unquote

from fastapi import APIRouter, Request
from pydantic_core import to_json
from starlette.responses import Response

from hub.application.intake.publish_events import BATCH_MOST, Posting
from hub.application.intake.read_event import PostedEvent
from hub.application.intake.refusals import DocumentRefusedError, IntakeRefusalError
from hub.application.intake.strict_json import read_json
from hub.application.intake.submission import Taken
from hub.application.traceparent import given_trace
from hub.entrypoints.http.bodies import whole_body
from hub.entrypoints.http.documentation import EVENTS_BODY, EVENTS_RESPONSES
from hub.entrypoints.http.documents import answered, corrected, members_of
from hub.entrypoints.http.doors import caller_of, doors_of, origin_of
from hub.entrypoints.http.negotiation import JSON, language_of, media_type
from hub.entrypoints.http.problems import problem_of

router = APIRouter()
STRUCTURED, BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"
SINGLE_MOST, BATCH_BYTES = 1024 * 1024, 16 * 1024 * 1024


@router.post(
    "/v1/events",
    summary="Publish events",
    tags=["events"],
    status_code=201,
    response_model=None,
    responses=EVENTS_RESPONSES,
    openapi_extra={"requestBody": EVENTS_BODY, "security": [{"institutionKey": []}]},
)
async def post_events(request: Request) -> Response:
    """One CloudEvent, or a batch with an outcome for each. Posting one again gives the same receipt, no effect."""
    doors = doors_of(request)
    caller = await caller_of(request)
    kind = media_type(request.headers.get("content-type"))
    if kind not in {STRUCTURED, BATCH, JSON}:
        raise IntakeRefusalError("media-type", limit=f"{STRUCTURED}, {BATCH}, {JSON} + ce-…")
    traceparent = given_trace(request.headers.get("traceparent"))
    posting = Posting(
        caller=caller,
        received=doors.clock(),
        traceparent=traceparent,
        corrects=corrected(request),
        origin=origin_of(request),
    )
    body = await whole_body(request, BATCH_BYTES if kind == BATCH else SINGLE_MOST)
    try:
        value = read_json(body)
        if kind == BATCH:
            return await _batch(request, value, posting)
        event = PostedEvent.of(value) if kind == STRUCTURED else binary_event(request, value)
    except DocumentRefusedError as refusal:
        await doors.publish.refuse(body, posting, refusal)
        raise
    try:
        taken = await doors.publish.publish(event, posting)
    except DocumentRefusedError:
        doors.taken("events", "rejected")
        raise
    doors.taken("events", taken.state)
    return answered(request, taken, caller.language)


def binary_event(request: Request, data: Any) -> PostedEvent:
    """The event of binary mode: attributes from ``ce-…`` headers, percent-decoded."""
    attributes = {
        name.removeprefix("ce-"): unquote(value) for name, value in request.headers.items() if name.startswith("ce-")
    }
    if kind := request.headers.get("content-type"):
        attributes["datacontenttype"] = kind
    return PostedEvent(attributes=attributes, data=data)


async def _batch(request: Request, value: Any, posting: Posting) -> Response:
    if not isinstance(value, list):
        raise DocumentRefusedError("json-broken")
    if len(value) > BATCH_MOST:
        raise DocumentRefusedError("batch-too-long", limit=str(BATCH_MOST))
    doors = doors_of(request)
    events = [one if isinstance(one, dict) else {} for one in value]
    outcomes = await doors.publish.publish_batch([PostedEvent.of(one) for one in events], posting)
    language = language_of(request.headers.get("accept-language"), posting.caller.language)
    results = [
        {"id": one.get("id"), **_result(outcome, language, request.url.path)}
        for one, outcome in zip(events, outcomes, strict=True)
    ]
    for outcome in outcomes:
        doors.taken("events", outcome.row.state if isinstance(outcome, Taken) else "rejected")
    return Response(to_json({"results": results}), 200, {"Content-Language": language}, JSON)


def _result(outcome: Taken | IntakeRefusalError, language: str, instance: str) -> dict[str, Any]:
    """One event's outcome: what its own request would have been answered."""
    if isinstance(outcome, Taken):
        return {"status": 201 if outcome.fresh else 200, **members_of(outcome, language)}
    return problem_of(outcome, language, instance)

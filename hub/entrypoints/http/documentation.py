"""Parts of the OpenAPI document that the routes' signatures do not say."""

from typing import Any

from hub.entrypoints.http.models import DocumentAnswer, EventResults, Problem
from hub.entrypoints.http.negotiation import XLSX

Responses = dict[int | str, dict[str, Any]]

_SAID = {
    400: "The bytes cannot be read",
    401: "No key, or a key that is unknown or revoked",
    403: "Not for this key or institution",
    404: "There is no such thing for this institution",
    408: "The body stopped coming",
    409: "The id was used before for other content",
    413: "Larger than the limits",
    415: "A content type, encoding or compression that is not accepted",
    422: "Understood, and against a rule; every finding is listed",
    503: "A part of the hub is away; the same request may be sent again",
}


def refusals(*statuses: int) -> Responses:
    """Problem answers for these statuses."""
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"model": Problem, "description": _SAID[status], "content": problem} for status in statuses}


_XML = {"application/xml": {"schema": {"type": "string"}}}
_ANSWERS = {**_XML, XLSX: {"schema": {"type": "string", "format": "binary"}}}
DOCUMENT_RESPONSES: Responses = {
    200: {"model": DocumentAnswer, "description": "Accepted before; the same receipt", "content": _ANSWERS},
    201: {"model": DocumentAnswer, "description": "Accepted, durably", "content": _ANSWERS},
    **refusals(400, 401, 403, 404, 408, 409, 413, 415, 422, 503),
}
READ_RESPONSES: Responses = refusals(401, 404, 422, 503)
WORKBOOK_RESPONSES: Responses = {
    200: {"description": "A workbook", "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}},
    **READ_RESPONSES,
}
DOCUMENT_BODY: dict[str, Any] = {
    "required": True,
    "description": "The document; its contract is the connector's XSD",
    "content": {
        "application/xml": {"schema": {"type": "string"}},
        "application/gzip": {"schema": {"type": "string", "format": "binary"}},
        XLSX: {"schema": {"type": "string", "format": "binary"}},
    },
}
DOCUMENT_PARAMETERS: list[dict[str, Any]] = [
    {
        "name": "atomic",
        "in": "query",
        "schema": {"type": "boolean", "default": False},
        "description": "Of a bulk document: all items or none",
    },
    {
        "name": "Corrects",
        "in": "header",
        "schema": {"type": "string", "format": "uuid"},
        "description": "The reference of a returned document that this one corrects",
    },
    {"name": "Accept-Language", "in": "header", "schema": {"type": "string"}, "description": "fr, nl, de or en"},
    {"name": "traceparent", "in": "header", "schema": {"type": "string"}, "description": "W3C Trace Context"},
]

_EVENT: dict[str, Any] = {
    "type": "object",
    "required": ["specversion", "id", "source", "type", "data"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "minLength": 1, "maxLength": 200},
        "source": {"type": "string", "minLength": 1},
        "type": {"type": "string"},
        "time": {"type": "string", "format": "date-time"},
        "datacontenttype": {"type": "string"},
        "data": {"type": "object"},
    },
}
EVENTS_BODY: dict[str, Any] = {
    "required": True,
    "description": "CloudEvents 1.0; data follow the event type's JSON Schema, personal fields in clear",
    "content": {
        "application/cloudevents+json": {"schema": _EVENT},
        "application/cloudevents-batch+json": {"schema": {"type": "array", "maxItems": 1000, "items": _EVENT}},
        "application/json": {"schema": {"type": "object", "description": "The data; attributes in ce-… headers"}},
    },
}
COMMAND_BODY: dict[str, Any] = {
    "required": True,
    "description": "The data of the command by its event type's JSON Schema, personal fields in clear; cpas is yours",
    "content": {"application/json": {"schema": {"type": "object"}}},
}
EVENTS_RESPONSES: Responses = {
    200: {
        "model": DocumentAnswer | EventResults,
        "description": "Accepted before; or a batch: one result for each event",
        "content": _XML,
    },
    201: {"model": DocumentAnswer, "description": "Accepted, durably", "content": _XML},
    **refusals(400, 401, 403, 408, 409, 413, 415, 422, 503),
}
FEED_RESPONSES: Responses = {
    200: {
        "description": "Events, maybe none; go on from the cursor in HUB-Cursor",
        "headers": {
            "HUB-Cursor": {"schema": {"type": "string"}, "description": "Where to go on, after an empty answer too"},
            "Link": {"schema": {"type": "string"}, "description": "rel=next"},
        },
        "content": {"application/cloudevents-batch+json": {"schema": {"type": "array", "items": {"type": "object"}}}},
    },
    **refusals(401, 422, 503),
}

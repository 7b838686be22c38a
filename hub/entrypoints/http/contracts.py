"""What partners need before their first document: connectors, their contracts, the schema of XML answers."""

from importlib.resources import files
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from hub.application.intake.refusals import NotFoundError
from hub.entrypoints.http.documentation import refusals
from hub.entrypoints.http.doors import TheDoors
from hub.entrypoints.http.negotiation import XML

router = APIRouter(tags=["contracts"])
_ANSWER = files("hub.entrypoints.http").joinpath("answer.xsd").read_bytes()
_SCHEMA: dict[int | str, dict[str, Any]] = {200: {"content": {XML: {"schema": {"type": "string"}}}}}


class ConnectorAnswer(BaseModel):
    """A partner system: who may use it, the root elements it knows, and where its XSD is."""

    name: str
    summary: str
    institutions: list[str]
    documents: list[str]
    contract: str


class ConnectorList(BaseModel):
    """Every connector."""

    connectors: list[ConnectorAnswer]


@router.get("/v1/connectors", summary="Partner systems")
async def get_connectors(doors: TheDoors) -> ConnectorList:
    """What documents the hub takes, and from whom."""
    found = [
        ConnectorAnswer(
            name=name,
            summary=one.summary,
            institutions=list(one.institutions),
            documents=sorted(root.rpartition("}")[2] for root in one.documents),
            contract=f"/v1/connectors/{name}/contract",
        )
        for name, one in sorted(doors.intake.connectors.items())
    ]
    return ConnectorList(connectors=found)


@router.get(
    "/v1/connectors/{name}/contract",
    summary="A contract",
    response_class=Response,
    responses={**_SCHEMA, **refusals(404)},
)
async def get_contract(doors: TheDoors, name: str) -> Response:
    """The XSD that a connector's documents follow."""
    connector = doors.intake.connectors.get(name)
    if connector is None:
        raise NotFoundError("connector-unknown", limit=", ".join(sorted(doors.intake.connectors)))
    return Response(connector.schema.read_bytes(), media_type=XML)  # a small file of the program itself


@router.get("/v1/answer.xsd", summary="The schema of XML answers", response_class=Response, responses=_SCHEMA)
async def get_answer_schema() -> Response:
    """What callers get who prefer XML."""
    return Response(_ANSWER, media_type=XML)

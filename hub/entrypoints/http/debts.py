"""General files, debt files, their statements and the commands about them over HTTP, for the CPAS they belong to."""

from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Path, Query, Request
from starlette.responses import Response

from hub.application.intake.publish_events import Posting
from hub.application.intake.read_event import PostedEvent
from hub.application.intake.refusals import DocumentRefusedError
from hub.application.intake.strict_json import read_json
from hub.application.read.read_debts import Shown
from hub.application.traceparent import given_trace
from hub.domain.messaging.cloudevent import dossier_of
from hub.entrypoints.http.bodies import whole_body
from hub.entrypoints.http.debt_models import (
    DebtFile,
    DebtFileList,
    DebtFileSummary,
    GeneralFile,
    GeneralFileList,
    GeneralFileSummary,
    Member,
    Refund,
    Statement,
    Step,
    euro,
)
from hub.entrypoints.http.documentation import COMMAND_BODY, EVENTS_RESPONSES, READ_RESPONSES
from hub.entrypoints.http.documents import answered, corrected
from hub.entrypoints.http.doors import KnownCaller, TheDoors, origin_of
from hub.entrypoints.http.events import SINGLE_MOST
from schemas import EVENT_TYPES, debt_commands

router = APIRouter(tags=["debts"])
Limit = Annotated[int, Query(ge=1, le=500)]
After = Annotated[str, Query(max_length=64, pattern=r"^[0-9a-f-]*$")]
AfterDossier = Annotated[str, Query(pattern=r"^(d[0-9a-f]{32})?$")]
FileName = Annotated[str, Path(max_length=64, pattern=r"^[0-9a-f-]+$")]
DossierName = Annotated[str, Path(pattern=r"^d[0-9a-f]{32}$")]
COMMANDS = {
    "-".join(reversed(kind.type.split(".")[2:4])): kind.type
    for kind in EVENT_TYPES.values()
    if kind.__module__ == debt_commands.__name__
}
"""``open-debt-file`` and its event type."""
Command = Annotated[str, Path(json_schema_extra={"enum": sorted(COMMANDS)})]
Key = Annotated[str, Header(alias="Idempotency-Key", description="Your id of the command; again, it has no effect")]


@router.post(
    "/v1/debt-commands/{command}",
    summary="Ask something of your debt files",
    status_code=201,
    response_model=None,
    responses={**EVENTS_RESPONSES, **READ_RESPONSES},
    openapi_extra={"requestBody": COMMAND_BODY},
)
async def post_command(
    request: Request, caller: KnownCaller, doors: TheDoors, command: Command, idempotency_key: Key = ""
) -> Response:
    """The data of a command; answered with a receipt, then obeyed in its person's order, or refused in the feed."""
    traceparent = given_trace(request.headers.get("traceparent"))
    posting = Posting(
        caller=caller,
        received=doors.clock(),
        traceparent=traceparent,
        corrects=corrected(request),
        origin=origin_of(request),
    )
    body = await whole_body(request, SINGLE_MOST)
    attributes = {
        "specversion": "1.0",
        "id": idempotency_key,
        "source": f"/debt-commands/{caller.institution}",
        "type": COMMANDS.get(command, command),
    }
    try:
        data = read_json(body)
        if isinstance(data, dict):
            data = {"cpas": caller.institution, **data}
    except DocumentRefusedError as refusal:
        await doors.publish.refuse(body, posting, refusal)
        raise
    taken = await doors.publish.publish(PostedEvent(attributes=attributes, data=data), posting)
    doors.taken("events", taken.state)
    return answered(request, taken, caller.language)


@router.get("/v1/general-files", summary="Your general files", responses=READ_RESPONSES)
async def get_general_files(
    caller: KnownCaller, doors: TheDoors, after: AfterDossier = "", limit: Limit = 100
) -> GeneralFileList:
    """Of people this CPAS has a general file of; by dossier."""
    rows = [GeneralFileSummary.model_validate(row) for row in await doors.debts.general_files(caller, after, limit)]
    return GeneralFileList(general_files=rows, next=rows[-1].dossier if len(rows) == limit else None)


@router.get("/v1/general-files/{dossier}", summary="One general file", responses=READ_RESPONSES)
async def get_general_file(caller: KnownCaller, doors: TheDoors, dossier: DossierName) -> GeneralFile:
    """The person, her debt files, and her households."""
    view = await doors.debts.general_file(caller, dossier)
    return GeneralFile.model_validate(
        {
            **view.file.row,
            "person": view.file.personal,
            "debt_files": [DebtFileSummary.of(row).model_dump() for row in view.files],
            "official_household": _members(view.household, "official", caller.institution),
            "household": _members(view.household, "de-facto", caller.institution),
        }
    )


def _members(household: Sequence[Shown], composition: str, cpas: str) -> list[dict[str, object]]:
    return [
        Member(
            relation=one.row["relation"],
            dossier=dossier_of(one.row["member"], cpas),
            person=dict(one.personal) if one.personal else None,
        ).model_dump()
        for one in household
        if one.row["composition"] == composition
    ]


@router.get("/v1/debt-files", summary="Your debt files", responses=READ_RESPONSES)
async def get_debt_files(
    caller: KnownCaller,
    doors: TheDoors,
    after: After = "",
    limit: Limit = 100,
    state: Literal["active", "closed"] | None = None,
) -> DebtFileList:
    """Of this CPAS; by id, all or those in one state."""
    rows = [DebtFileSummary.of(row) for row in await doors.debts.files(caller, after, limit, state)]
    return DebtFileList(debt_files=rows, next=rows[-1].file if len(rows) == limit else None)


@router.get("/v1/debt-files/{file}", summary="One debt file", responses=READ_RESPONSES)
async def get_debt_file(caller: KnownCaller, doors: TheDoors, file: FileName) -> DebtFile:
    """How it stands, what it is for, and its refunds."""
    view = await doors.debts.file(caller, file)
    refunds = [Refund.of(one) for one in view.refunds]
    return DebtFile.of(view.file.row, details=view.file.personal, refunds=[one.model_dump() for one in refunds])


@router.get("/v1/debt-files/{file}/statement", summary="Statement of a debt file", responses=READ_RESPONSES)
async def get_statement(caller: KnownCaller, doors: TheDoors, file: FileName) -> Statement:
    """Every step and the amounts after it; nothing is ever taken out."""
    view = await doors.debts.statement(caller, file)
    return Statement(
        file=file,
        due=euro(view.row["due"]),
        repaid=euro(view.row["repaid"]),
        remaining=euro(view.row["remaining"]),
        refunds_made=euro(view.made),
        refunds_planned=euro(view.planned),
        steps=[Step.of(row) for row in view.steps],
    )

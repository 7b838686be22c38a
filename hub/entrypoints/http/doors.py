"""What the HTTP door needs, and how its routes reach it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyHeader

from hub.application.consult.read_answers import ReadAnswers
from hub.application.intake.callers import Caller, Callers
from hub.application.intake.documents import ReadDocuments
from hub.application.intake.mark_workbook import MarkWorkbook
from hub.application.intake.ports import Signer
from hub.application.intake.publish_events import PublishEvents
from hub.application.intake.soap_call import OpenSoap
from hub.application.intake.take_document import Intake
from hub.application.ports import Clock
from hub.application.read.case_channels import ReadChannels
from hub.application.read.case_notices import ReadNotices
from hub.application.read.case_readers import Outages
from hub.application.read.export_claims import ExportClaims, ReadSuggestions
from hub.application.read.read_debts import ReadDebts
from hub.application.read.read_dossiers import ReadDossiers
from hub.application.read.read_returns import ReadReturns
from hub.application.read.subscribe import Subscribe


@dataclass(frozen=True, kw_only=True, slots=True)
class Doors:
    """Every use case behind HTTP. ``taken`` counts documents by connector and state; ``metrics`` prints all."""

    callers: Callers
    intake: Intake
    publish: PublishEvents
    documents: ReadDocuments
    dossiers: ReadDossiers
    answers: ReadAnswers
    debts: ReadDebts
    claims: ExportClaims
    workbooks: MarkWorkbook
    suggestions: ReadSuggestions
    channels: ReadChannels
    debtor_notices: ReadNotices
    outages: Outages
    returns: ReadReturns
    feed: Subscribe
    signer: Signer
    clock: Clock
    open_soap: OpenSoap
    most_bytes: int
    ready: Callable[[], Awaitable[bool]]
    metrics: Callable[[], bytes]
    public_url: str | None = None
    taken: Callable[[str, str], None] = lambda _connector, _state: None


KEY = APIKeyHeader(
    name="Authorization",
    scheme_name="institutionKey",
    description="`Bearer hub_…`: the API key of an institution",
    auto_error=False,
)


def doors_of(request: Request) -> Doors:
    """The use cases of this app."""
    found: Doors = request.app.state.doors
    return found


async def caller_of(request: Request) -> Caller:
    """Who is calling; remembered so that refusals speak the caller's language."""
    caller = await doors_of(request).callers.identify(request.headers.get("authorization"))
    request.state.language = caller.language
    return caller


def origin_of(request: Request) -> str:
    """The address that calls, for the log of accesses."""
    return request.client.host if request.client else "unknown"


async def _known(request: Request, _: Annotated[str | None, Security(KEY)]) -> Caller:
    return await caller_of(request)


KnownCaller = Annotated[Caller, Depends(_known)]
TheDoors = Annotated[Doors, Depends(doors_of)]

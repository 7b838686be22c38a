"""Collective settlements over HTTP: claims of a case for its mediator; what mails suggest to their reader."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from hub.domain.rcd.channels import Channel, Step
from hub.domain.rcd.forms import FORMS, REPRODUCED, By, Form, FormRow
from hub.domain.rcd.notice_words import Language
from hub.entrypoints.http.documentation import READ_RESPONSES, WORKBOOK_RESPONSES
from hub.entrypoints.http.doors import Doors, KnownCaller, TheDoors, origin_of
from hub.entrypoints.http.negotiation import XLSX, language_of
from schemas.event import CaseData
from schemas.rcd import Act
from schemas.rcd_actions import ActionKind, MailLayoutName
from schemas.rcd_notices import AccessAction, AccessQuality

router = APIRouter(tags=["settlements"])
_LAST = 2**63 - 1
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


class FormOnPaper(BaseModel):
    """How it is sent, and who sends it."""

    form: Form
    by: By
    article: str


class PartyReached(BaseModel):
    """One party, as the register numbers it."""

    party: str
    channel: Channel
    step: Step
    then: str = Field(description="What comes next")
    article: str
    confirm_by: date | None = Field(description="The last day for its confirmation, while it is asked")
    paper: FormOnPaper | None = Field(
        description="Of a party on paper: the form of the communication that was asked for"
    )


class PaperForm(FormOnPaper):
    """How a communication goes to, or comes from, a party that is reached on paper."""

    communication: str = Field(description="The act that is communicated")


class CaseChannels(BaseModel):
    """Parties by their number."""

    parties: list[PartyReached]
    paper: list[PaperForm] = Field(description="Every communication that there is; other acts are not communicated")
    reproduces: str = Field(
        default=REPRODUCED, description="The text that every communication of the court or the mediator reproduces"
    )


@router.get("/v1/settlements/actions", summary="What mails of the register suggest", responses=READ_RESPONSES)
async def get_actions(
    *,
    request: Request,
    response: Response,
    caller: KnownCaller,
    doors: TheDoors,
    since: Annotated[date, Query(description="The first day")] = date(2020, 1, 1),
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> SuggestedActions:
    """Of your own mailbox: once for each case, kind and day. That you looked is logged for each case."""
    rows = await doors.suggestions.of(caller, since, limit, origin=origin_of(request))
    response.headers.update(await _outage(doors, [row["case_id"] for row in rows]))
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
    content = await doors.claims.for_mediator(caller, case, language, origin=origin_of(request))
    name = {"content-disposition": f'attachment; filename="{case}.xlsx"', "content-language": language}
    return Response(content, media_type=XLSX, headers={**name, **await _outage(doors, [case])})


class DebtorNotice(BaseModel):
    """What the debtor can read after one access: five items (AR 11 Oct 2023, art. 8)."""

    number: int = Field(description="Of the access in the log")
    at: datetime
    quality: AccessQuality
    action: AccessAction
    what: CaseData
    language: Language
    items: list[str]


class DebtorNotices(BaseModel):
    """The newest first."""

    notices: list[DebtorNotice]


@router.get("/v1/settlements/{case}/notices", summary="The debtor's notices of accesses", responses=READ_RESPONSES)
async def get_notices(
    *,
    request: Request,
    response: Response,
    caller: KnownCaller,
    doors: TheDoors,
    case: CaseName,
    language: Annotated[Language | None, Query(description="Instead of the debtor's")] = None,
    before: Annotated[int | None, Query(ge=1, le=_LAST, description="The last number of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> DebtorNotices:
    """One for each access to the case, complete, for a debtor who is told on paper; this reading yields one too."""
    found = await doors.debtor_notices.for_mediator(
        caller, case, language, before=before, limit=limit, origin=origin_of(request)
    )
    response.headers.update(await _outage(doors, [case]))
    return DebtorNotices(notices=[DebtorNotice.model_validate(one._asdict()) for one in found])


@router.get(
    "/v1/settlements/{case}/channels", summary="How the parties of a case are reached", responses=READ_RESPONSES
)
async def get_channels(
    *,
    request: Request,
    response: Response,
    caller: KnownCaller,
    doors: TheDoors,
    case: CaseName,
    after: Annotated[str, Query(max_length=64, description="The last party of the page before")] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    communication: Annotated[Act | None, Query(description="Which form it has for each party on paper")] = None,
) -> CaseChannels:
    """Through the register or on paper, and there in which form; for the mediator of the case."""
    found = await doors.channels.for_mediator(
        caller, case, after=after, limit=limit, communication=communication, origin=origin_of(request)
    )
    response.headers.update(await _outage(doors, [case]))
    return CaseChannels(
        parties=[PartyReached.model_validate({**one._asdict(), "paper": _paper(one.paper)}) for one in found],
        paper=[PaperForm(communication=name, **row._asdict()) for name, row in FORMS.items()],
    )


def _paper(row: FormRow | None) -> FormOnPaper | None:
    return FormOnPaper(form=row.form, by=row.by, article=row.article) if row else None


async def _outage(doors: Doors, cases: Sequence[str]) -> Mapping[str, str]:
    """The register is away: whoever asks is told so (AR 11 Oct 2023, art. 7)."""
    return {"hub-register-outage": "open"} if await doors.outages.away(cases) else {}

"""When the register was away, for those whose cases it concerns (AR 11 Oct 2023, art. 4 §1, 6°)."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, Field

from hub.entrypoints.http.documentation import READ_RESPONSES
from hub.entrypoints.http.doors import KnownCaller, TheDoors

router = APIRouter(tags=["settlements"])


class RegisterOutage(BaseModel):
    """A period in which the register was away."""

    outage: str = Field(description="The register's name of it: an act that was done meanwhile gives it")
    started_at: datetime
    ended_at: datetime | None = Field(description="None: it is away now")
    cases: int = Field(description="How many of your cases it concerns")


class RegisterOutages(BaseModel):
    """The newest first."""

    outages: list[RegisterOutage]


@router.get("/v1/outages", summary="When the register was away", responses=READ_RESPONSES)
async def get_outages(
    *,
    caller: KnownCaller,
    doors: TheDoors,
    before: Annotated[AwareDatetime | None, Query(description="The last start of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> RegisterOutages:
    """Of the cases that you mediate or are linked to."""
    found = await doors.outages.outages(caller.institution, before, limit)
    return RegisterOutages(outages=[RegisterOutage.model_validate(one) for one in found])

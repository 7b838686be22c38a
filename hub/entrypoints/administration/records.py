"""The audit."""

from dataclasses import asdict

from fastapi import APIRouter
from pydantic import BaseModel

from hub.application.audit import verify
from hub.entrypoints.administration.access import Looking, TheHub
from hub.entrypoints.administration.inputs import Asked, Limit, Seq
from hub.entrypoints.administration.letters import Rows

router = APIRouter(tags=["audit"])


class Verification(BaseModel):
    """How many entries hold, the chain's end, and the first entry that is broken."""

    entries: int
    head: str
    broken: int | None
    why: str | None


@router.get("/v1/audit", summary="What administrators did")
async def get_audit(
    hub: TheHub,
    who: Looking,
    *,
    before: Seq | None = None,
    by: Asked = None,
    what: Asked = None,
    limit: Limit = 50,
) -> Rows:
    """The newest first; ``before`` is the last ``seq`` seen."""
    del who
    rows = await hub.audit.listed(before=before, who=by, what=what, limit=limit)
    return Rows(rows=[dict(row) for row in rows])


@router.get("/v1/audit/verification", summary="Whether the audit's chain holds")
async def get_verification(hub: TheHub, who: Looking) -> Verification:
    """Walks it from its beginning."""
    del who
    return Verification.model_validate(asdict(await verify(hub.audit)))

"""Groups of letters, and rules that let a group wait for a release."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from hub.application.dead_letters.rules import shown
from hub.entrypoints.administration.access import Acting, Looking, TheHub
from hub.entrypoints.administration.inputs import Fingerprint, Prose, Word
from hub.entrypoints.administration.letters import Asking, Rows

router = APIRouter(tags=["groups"])


class GroupsAsked(Asking):
    """Letters counted by fingerprint, institution, source, type, consumer_group, origin or key."""

    by: Word = "fingerprint"
    limit: Annotated[int, Field(ge=1, le=1000)] = 200


class GroupChange(BaseModel):
    """What is said of a group; what is absent stays. An empty owner or release takes it away."""

    owner: Prose | None = None
    state: Prose | None = None
    release: Prose | None = None
    note: Prose | None = None


class NewRule(BaseModel):
    """Failures like this wait for a release, ``days`` at the most."""

    fingerprint: Word
    release: Word
    reason: Prose
    days: Annotated[int, Field(ge=1, le=90)] = 14


@router.get("/v1/groups", summary="Letters counted together")
async def get_groups(hub: TheHub, who: Looking, wanted: Annotated[GroupsAsked, Query()]) -> Rows:
    """The largest first, with what waits behind them and deadlines at risk."""
    del who
    rows = await hub.letter_groups.counted(wanted.selection(), by=wanted.by, limit=wanted.limit)
    return Rows(rows=[dict(row) for row in rows])


@router.get("/v1/groups/{fingerprint}", summary="One group")
async def get_group(hub: TheHub, who: Looking, fingerprint: Fingerprint) -> dict[str, Any]:
    """Where it fails, its trace, owner, state, release, notes."""
    del who
    return await hub.letter_groups.shown(fingerprint)


@router.patch("/v1/groups/{fingerprint}", summary="Say something of a group")
async def patch_group(hub: TheHub, who: Acting, fingerprint: Fingerprint, change: GroupChange) -> dict[str, Any]:
    """It outlives a replay."""
    return await hub.letter_groups.change(fingerprint, who=who.name, **change.model_dump())


@router.get("/v1/rules", summary="Fingerprint rules")
async def get_rules(hub: TheHub, who: Looking) -> Rows:
    """Every rule."""
    del who
    return Rows(rows=[dict(shown(rule)) for rule in await hub.fingerprint_rules.listed()])


@router.post("/v1/rules", summary="Let failures wait for a release", status_code=201)
async def post_rule(hub: TheHub, who: Acting, rule: NewRule) -> dict[str, Any]:
    """They no longer count for the ceiling; when the release runs they are replayed in canary steps."""
    made = await hub.fingerprint_rules.add(
        rule.fingerprint, release=rule.release, lasts=timedelta(days=rule.days), who=who.name, reason=rule.reason
    )
    return dict(shown(made))


@router.delete("/v1/rules/{fingerprint}", summary="Take a rule away", status_code=204)
async def delete_rule(hub: TheHub, who: Acting, fingerprint: Fingerprint) -> None:
    """Its letters stay."""
    await hub.fingerprint_rules.remove(fingerprint, who=who.name)

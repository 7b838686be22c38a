"""Letters that fail alike, and what administrators say of them."""

from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from hub.application.dead_letters.groups import GROUP_STATES, GroupRefusedError
from hub.application.dead_letters.rules import RuleRefusedError
from hub.application.dead_letters.selection import DIMENSIONS, Selection
from hub.entrypoints.console.failures import refusal_text
from hub.entrypoints.console.rendering import page
from hub.entrypoints.console.visitor import Visitor, demand, hub_of, posted, visitor

router = APIRouter()
_MOST = 200
_LETTERS = 8
_DIGITS = 3


@router.get("/groups")
async def get_groups(request: Request, by: str = "fingerprint", state: str = "waiting") -> Response:
    """Counted by what they have in common, the largest group first."""
    who = await visitor(request)
    by = by if by in DIMENSIONS else "fingerprint"
    wanted = Selection(state=None if state == "any" else state)
    rows = await hub_of(request).letter_groups.counted(wanted, by=by, limit=_MOST)
    most = max((row["letters"] for row in rows), default=0)
    context: dict[str, Any] = {"rows": rows, "by": by, "dimensions": DIMENSIONS, "state": state, "most": most}
    return page(request, who, "groups.html", **context)


@router.get("/groups/{fingerprint}")
async def get_group(request: Request, fingerprint: str) -> Response:
    """One group: its failure, owner, state, notes, letters."""
    return await _page(request, await visitor(request), fingerprint)


@router.post("/groups/{fingerprint}")
async def post_group(request: Request, fingerprint: str) -> Response:
    """Say who owns it, how far it is, what will mend it, what was noticed."""
    who = await visitor(request)
    form = await posted(request, who.token)
    await demand(request, who, "act", verb="group", what=f"group {fingerprint[:64]}")
    said: dict[str, Any] = {name: form.get(name) for name in ("owner", "release") if name in form.values}
    said |= {name: form.get(name) for name in ("state", "note") if form.get(name)}
    try:
        await hub_of(request).letter_groups.change(fingerprint, who=who.who.name, **said)
    except GroupRefusedError as refusal:
        if refusal.rule == "group-unknown":
            raise
        return await _page(request, who, fingerprint, refused=refusal_text(refusal, who.language), status=409)
    return RedirectResponse(f"/groups/{fingerprint}?said=saved", 303)


@router.post("/groups/{fingerprint}/rule")
async def post_rule(request: Request, fingerprint: str) -> Response:
    """Let failures like this wait for a release."""
    who = await visitor(request)
    form = await posted(request, who.token)
    await demand(request, who, "act", verb="rule", what=f"group {fingerprint[:64]}")
    hub = hub_of(request)
    await hub.clock.refresh()
    days = int(form.get("days")) if form.get("days").isdecimal() and len(form.get("days")) <= _DIGITS else 0
    said = {"release": form.get("release"), "reason": form.get("reason")}
    try:
        await hub.fingerprint_rules.add(fingerprint, lasts=timedelta(days=days), who=who.who.name, **said)
    except RuleRefusedError as refusal:
        if refusal.rule == "group-unknown":
            raise
        return await _page(request, who, fingerprint, refused=refusal_text(refusal, who.language), status=409)
    return RedirectResponse(f"/groups/{fingerprint}?said=rule", 303)


@router.post("/groups/{fingerprint}/rule/remove")
async def post_rule_remove(request: Request, fingerprint: str) -> Response:
    """Take the rule away; its letters stay."""
    who = await visitor(request)
    await posted(request, who.token)
    await demand(request, who, "act", verb="rule removed", what=f"group {fingerprint[:64]}")
    await hub_of(request).fingerprint_rules.remove(fingerprint, who=who.who.name)
    return RedirectResponse(f"/groups/{fingerprint}?said=rule-removed", 303)


async def _page(request: Request, who: Visitor, fingerprint: str, *, refused: str = "", status: int = 200) -> Response:
    hub = hub_of(request)
    shown = await hub.letter_groups.shown(fingerprint)
    counted = await hub.letter_groups.counted(Selection(fingerprint=fingerprint))
    letters = await hub.letter_reads.letters(Selection(fingerprint=fingerprint), after=None, limit=_LETTERS)
    context: dict[str, Any] = {
        "group": shown,
        "counted": counted[0] if counted else None,
        "letters": letters.letters,
        "states": GROUP_STATES,
        "rule": next((one for one in await hub.fingerprint_rules.listed() if one.fingerprint == fingerprint), None),
        "refused": refused,
    }
    return page(request, who, "group.html", status=status, **context)

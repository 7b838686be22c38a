"""The feed of an institution as CloudEvents batches, with a cursor and a long poll."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from pydantic_core import to_json
from starlette.responses import Response

from hub.entrypoints.http.documentation import FEED_RESPONSES
from hub.entrypoints.http.doors import KnownCaller, TheDoors
from hub.entrypoints.http.events import BATCH

router = APIRouter()


class FeedQuery(BaseModel):
    """Where to go on, how long to wait, what to show."""

    after: str | None = Field(None, pattern=r"^[A-Za-z0-9_-]{1,80}$", description="HUB-Cursor of the answer before")
    wait: float = Field(0, ge=0, le=60, description="Seconds to wait for the first event")
    limit: int = Field(100, ge=1, le=1000)
    types: str | None = Field(
        None, pattern=r"^[a-z0-9.-]{1,120}(,[a-z0-9.-]{1,120}){0,49}$", description="Separated by commas"
    )


@router.get("/v1/feed", summary="Your feed", tags=["feed"], response_model=None, responses=FEED_RESPONSES)
async def get_feed(caller: KnownCaller, doors: TheDoors, query: Annotated[FeedQuery, Query()]) -> Response:
    """Events that concern you, in an order that never changes, at least once and with ids that stay.

    Go on with the cursor in ``HUB-Cursor``, after an empty answer too. ``erased`` marks events whose person was
    erased: their personal fields are gone.
    """
    wanted = query.types.split(",") if query.types else None
    answer = await doors.feed.read(caller.institution, query.after, wait=query.wait, limit=query.limit, types=wanted)
    link = f"/v1/feed?after={answer.cursor}&wait={query.wait:g}&limit={query.limit}"
    link += f"&types={query.types}" if query.types else ""
    headers = {"HUB-Cursor": answer.cursor, "Link": f'<{link}>; rel="next"', "Cache-Control": "no-store"}
    return Response(to_json(answer.events), 200, headers, BATCH)

"""``hub topics``: bring the topics of the cluster to what topics.yaml says, looking first.

Exit codes: 0 nothing to do, or all done · 2 (``plan``) changes are pending, or wrong usage · 3 a change would lose
data or order, or the cluster forbids it (``apply`` then changes nothing at all) · 4 the cluster is away.
"""

import asyncio
from typing import Annotated

import typer

from hub.application.describe import provision
from hub.bootstrap.hub import opened
from hub.domain.messaging.topic_plan import Allowances, Change, TopicPlan, TopicSize, told
from hub.entrypoints.cli import output
from hub.entrypoints.cli.output import AsJson, show
from hub.entrypoints.endings import REFUSED

app = typer.Typer(no_args_is_help=True, help="Topics of the cluster, compared with topics.yaml.")

NOTHING_TO_DO, PENDING = 0, 2

ShorterRetention = Annotated[
    bool, typer.Option("--allow-shorter-retention", help="Records older than the new retention may be deleted.")
]
Reordering = Annotated[
    bool, typer.Option("--accept-reordering", help="Keys may move to new partitions and lose their order once.")
]


@app.command("plan")
def plan(
    allow_shorter_retention: ShorterRetention = False,
    accept_reordering: Reordering = False,
    as_json: AsJson = False,
) -> None:
    """Show what apply would change. Exit code 0: nothing; 2: changes; 3: a change that is refused."""
    allowed = Allowances(shorter_retention=allow_shorter_retention, reordering=accept_reordering)
    with output.told():
        raise typer.Exit(asyncio.run(_run(allowed, as_json=as_json, make=False)))


@app.command("apply")
def apply(
    allow_shorter_retention: ShorterRetention = False,
    accept_reordering: Reordering = False,
    as_json: AsJson = False,
) -> None:
    """Show the changes, then make them. Exit code 0: done or nothing to do; 3: refused, nothing was changed."""
    allowed = Allowances(shorter_retention=allow_shorter_retention, reordering=accept_reordering)
    with output.told():
        raise typer.Exit(asyncio.run(_run(allowed, as_json=as_json, make=True)))


async def _run(allowed: Allowances, *, as_json: bool, make: bool) -> int:
    async with opened() as hub, hub.topic_cluster() as cluster:
        planned = await provision.plan(hub.topics, cluster, allowed)
        _print(planned, as_json=as_json)
        if make and not planned.refused:
            await provision.apply(planned, cluster)
            return NOTHING_TO_DO
    return exit_code(planned)


def _print(planned: TopicPlan, *, as_json: bool) -> None:
    rows = rows_of(planned)
    if rows or as_json:
        show(rows, as_json=as_json, title=title_of(planned))
    else:
        typer.echo(title_of(planned))


def exit_code(planned: TopicPlan) -> int:
    """What a plan means to a script."""
    if planned.refused:
        return REFUSED
    return PENDING if planned.changes else NOTHING_TO_DO


def title_of(planned: TopicPlan) -> str:
    """The plan in one line."""
    if not planned.changes:
        return "The cluster is as topics.yaml says"
    return f"{len(planned.changes)} changes, {len(planned.refused)} refused"


def rows_of(planned: TopicPlan) -> list[dict[str, object]]:
    """One row per change, then the topics that only the cluster knows; names are stable."""
    changes = [_row(change) for change in planned.changes]
    strangers: list[dict[str, object]] = [
        {"topic": name, "change": "unknown-topic", "now": "", "wanted": "", "refused": "not in topics.yaml; left alone"}
        for name in planned.strangers
    ]
    return [*changes, *strangers]


def _row(change: Change) -> dict[str, object]:
    return {
        "topic": change.topic,
        "change": change.kind,
        "now": _shown(change.now),
        "wanted": _shown(change.wanted),
        "refused": change.refusal or "",
    }


def _shown(size: TopicSize | None) -> str:
    return f"{size.partitions} partitions, {told(size.retention)}" if size else ""

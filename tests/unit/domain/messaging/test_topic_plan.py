"""The difference between topics.yaml and a cluster, and what is refused in it."""

from datetime import timedelta

import pytest

from hub.domain.messaging.topic_plan import Allowances, TopicSize, plan_topics, told
from hub.domain.messaging.topics import Topic, Topics

DAY = timedelta(days=1)
NOTHING_ALLOWED = Allowances()


def topics(partitions: int = 4, retention: timedelta = 30 * DAY) -> Topics:
    topic = Topic(
        name="cia-claims",
        owner="claims",
        summary="Claims.",
        partitions=partitions,
        retention=retention,
        types=(),
        publish=("office",),
        subscribe=("hub",),
    )
    return Topics({"cia-claims": topic})


def cluster(partitions: int = 4, retention: timedelta | None = 30 * DAY) -> dict[str, TopicSize]:
    size = TopicSize(partitions=partitions, retention=retention)
    return {"cia-claims": size, "cia-claims-dlq": size}


def test_cluster_that_is_as_the_file_says_needs_nothing() -> None:
    plan = plan_topics(topics(), cluster(), NOTHING_ALLOWED)

    assert plan.changes == ()
    assert plan.strangers == ()


def test_empty_cluster_gets_each_topic_and_its_dead_letters() -> None:
    plan = plan_topics(topics(), {}, NOTHING_ALLOWED)

    assert [(change.kind, change.topic, change.wanted.partitions) for change in plan.changes] == [
        ("create-topic", "cia-claims", 4),
        ("create-topic", "cia-claims-dlq", 4),
    ]
    assert plan.refused == ()


def test_topic_that_the_file_does_not_know_is_told_and_not_touched() -> None:
    found = cluster() | {"old-topic": TopicSize(partitions=1, retention=None)}

    plan = plan_topics(topics(), found, Allowances(shorter_retention=True, reordering=True))

    assert plan.changes == ()
    assert plan.strangers == ("old-topic",)


def test_more_partitions_are_refused_because_keys_would_move() -> None:
    plan = plan_topics(topics(partitions=8), cluster(), NOTHING_ALLOWED)

    assert [change.kind for change in plan.refused] == ["add-partitions", "add-partitions"]
    assert "--accept-reordering" in str(plan.refused[0].refusal)


def test_more_partitions_are_made_when_reordering_is_accepted() -> None:
    plan = plan_topics(topics(partitions=8), cluster(), Allowances(reordering=True))

    assert [(change.kind, change.refusal) for change in plan.changes] == [("add-partitions", None)] * 2


def test_fewer_partitions_are_refused_whatever_is_allowed() -> None:
    plan = plan_topics(topics(partitions=2), cluster(), Allowances(shorter_retention=True, reordering=True))

    assert [change.kind for change in plan.refused] == ["remove-partitions", "remove-partitions"]
    assert "4 there, 2 wanted" in str(plan.refused[0].refusal)


@pytest.mark.parametrize("now", [40 * DAY, None], ids=["from forty days", "from for ever"])
def test_shorter_retention_is_refused_because_records_would_go(now: timedelta | None) -> None:
    plan = plan_topics(topics(), cluster(retention=now), NOTHING_ALLOWED)

    assert [change.kind for change in plan.refused] == ["shorten-retention", "shorten-retention"]
    assert "older than 30d" in str(plan.refused[0].refusal)
    assert "--allow-shorter-retention" in str(plan.refused[0].refusal)


def test_shorter_retention_is_made_when_allowed() -> None:
    plan = plan_topics(topics(), cluster(retention=40 * DAY), Allowances(shorter_retention=True))

    assert [(change.kind, change.refusal) for change in plan.changes] == [("shorten-retention", None)] * 2


def test_longer_retention_is_made_without_asking() -> None:
    plan = plan_topics(topics(), cluster(retention=7 * DAY), NOTHING_ALLOWED)

    assert [(change.kind, change.refusal) for change in plan.changes] == [("lengthen-retention", None)] * 2


@pytest.mark.parametrize(
    ("retention", "text"),
    [(365 * DAY, "365d"), (timedelta(hours=36), "1d 12:00:00"), (timedelta(minutes=5), "0:05:00"), (None, "for ever")],
)
def test_retention_is_told_as_a_reader_says_it(retention: timedelta | None, text: str) -> None:
    assert told(retention) == text

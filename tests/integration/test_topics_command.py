"""``hub topics plan|apply`` against a real Kafka: exit codes and rows that scripts rely on."""

import json
from collections.abc import Sequence
from datetime import timedelta

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from typer.testing import CliRunner, Result

from hub.adapters.kafka.provisioning import topic_cluster
from hub.adapters.localstack.running import RunningStack
from hub.adapters.topics_file import read_topics
from hub.domain.messaging.topic_plan import TopicSize
from hub.entrypoints.cli import topics
from hub.settings import Settings

pytestmark = pytest.mark.integration


@pytest.fixture
def environment(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    dsn, url = settings.postgres.dsn, settings.smtp.url
    assert dsn
    assert url
    monkeypatch.setenv("HUB_HOME", str(settings.home))
    monkeypatch.setenv("HUB_KAFKA__BOOTSTRAP", str(settings.kafka.bootstrap))
    monkeypatch.setenv("HUB_POSTGRES__DSN", dsn.get_secret_value())
    monkeypatch.setenv("HUB_SMTP__URL", url.get_secret_value())


def said(arguments: Sequence[str]) -> Result:
    return CliRunner().invoke(topics.app, arguments, catch_exceptions=False)


@pytest.fixture
async def no_topics(stack: RunningStack, topics_ready: None) -> None:  # noqa: ARG001 - as after the tests before
    admin = AIOKafkaAdminClient(bootstrap_servers=str(stack.addresses.kafka))
    await admin.start()
    await admin.delete_topics([name for name in await admin.list_topics() if not name.startswith("__")])
    await admin.close()


@pytest.fixture
async def one_partition_of_claims(stack: RunningStack, no_topics: None) -> None:  # noqa: ARG001 - an empty cluster
    async with topic_cluster(str(stack.addresses.kafka)) as cluster:
        await cluster.create("cia-claims", TopicSize(partitions=1, retention=timedelta(days=365)))


@pytest.mark.usefixtures("environment", "topics_ready")
def test_applied_topics_leave_nothing_to_do() -> None:
    planned = said(["plan", "--json"])

    assert planned.exit_code == 0
    assert json.loads(planned.stdout) == []
    assert said(["apply"]).exit_code == 0


@pytest.mark.usefixtures("environment", "no_topics")
def test_missing_topics_are_pending_until_applied() -> None:
    planned = said(["plan", "--json"])
    assert planned.exit_code == 2
    rows = json.loads(planned.stdout)
    assert {
        "topic": "cia-claims",
        "change": "create-topic",
        "now": "",
        "wanted": "4 partitions, 365d",
        "refused": "",
    } in rows
    assert len(rows) == 2 * len(read_topics().by_name)  # each with its dead letters

    applied = said(["apply", "--json"])

    assert applied.exit_code == 0
    assert json.loads(applied.stdout) == rows
    assert said(["plan"]).exit_code == 0


@pytest.mark.usefixtures("environment", "one_partition_of_claims")
def test_change_that_breaks_the_order_is_refused_until_it_is_accepted() -> None:
    refused = said(["apply", "--json"])
    assert refused.exit_code == 3
    row = next(row for row in json.loads(refused.stdout) if row["topic"] == "cia-claims")
    assert row["change"] == "add-partitions"
    assert "--accept-reordering" in row["refused"]
    assert said(["plan"]).exit_code == 3

    assert said(["apply", "--accept-reordering"]).exit_code == 0
    assert said(["plan"]).exit_code == 0

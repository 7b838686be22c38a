"""The local stack as this environment wants it: what has an address elsewhere is not started."""

from collections.abc import Callable

from hub.adapters.crypto.secrets import ensure_secrets
from hub.adapters.localstack.errors import LocalStackError
from hub.adapters.localstack.mail_archive import MailArchive
from hub.adapters.localstack.stack import LocalStack
from hub.adapters.localstack.supervisor import ProcessSpec, Supervisor
from hub.adapters.postgres.migrate import migrate
from hub.application.describe import provision
from hub.bootstrap.hub import Hub
from hub.domain.messaging.topic_plan import Allowances
from hub.settings import Settings

__all__ = [
    "LocalStackError",
    "ProcessSpec",
    "Supervisor",
    "ensure_secrets",
    "local_stack",
    "mails",
    "prepare",
    "stop_stack",
]


def local_stack(settings: Settings, *, progress: Callable[[str], None], fresh: bool = False) -> LocalStack:
    """Kafka, PostgreSQL and mail catcher, each unless a setting names an external one."""
    return LocalStack(
        home=settings.home,
        kafka=settings.kafka.bootstrap is None,
        postgres=settings.postgres.dsn is None,
        smtp=settings.smtp.url is None,
        progress=progress,
        fresh=fresh,
    )


async def stop_stack(settings: Settings) -> bool:
    """End the local stack of this home and the process that holds it; whether one ran."""
    return await LocalStack.stop(settings.home)


async def prepare(hub: Hub, progress: Callable[[str], None]) -> None:
    """Bring tables and topics to what this release wants; nothing that loses data.

    Raises:
        TopicsRefusedError: the topics of the cluster cannot be brought there without loss; see ``hub topics plan``.
    """
    progress("Bringing the tables to this release")
    await migrate(hub.database.engine)
    async with hub.topic_cluster() as cluster:
        planned = await provision.plan(hub.topics, cluster, Allowances())
        if planned.changes:
            progress(f"Changing {len(planned.changes)} topics to what topics.yaml says")
        await provision.apply(planned, cluster)


def mails(settings: Settings) -> MailArchive:
    """What the mail catcher of this home caught."""
    return MailArchive(settings.home / "mails")

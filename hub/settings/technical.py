"""Addresses, limits and habits of the machinery: Kafka, PostgreSQL, mail, HTTP, keys, processes."""

from datetime import timedelta
from pathlib import Path

from pydantic import Field, SecretStr

from hub.settings.group import Group


class KafkaSettings(Group):
    """Where the log is. ``bootstrap`` is ``host:port[,host:port]``; unset means the embedded Kafka."""

    bootstrap: str | None = None


class PostgresSettings(Group):
    """Where the database is. ``dsn`` is ``postgresql://user:password@host:port/name``; unset: embedded."""

    dsn: SecretStr | None = None
    pool: int = 16


class SmtpSettings(Group):
    """Where mails go. ``url`` is ``smtp://[user:password@]host:port`` or ``smtps://…``; unset: the catcher."""

    url: SecretStr | None = None
    sender: str = "Mediation Hub <no-reply@mediation-hub.invalid>"
    domain: str = "mediation-hub.invalid"


class MailsSettings(Group):
    """Mails of partners that come in, and whose are believed (ADR 0022). Nobody's until it is said.

    ``folder``: root of the mailboxes, a Maildir for each institution. ``domains``: that may stand in From, separated by
    commas. ``authority``: the authserv-id of the institution's own mail server, whose verdicts (RFC 8601) count;
    ``require``: the methods that must have passed for the domain in From.
    """

    folder: Path | None = None
    domains: str | None = None
    authority: str | None = None
    require: str = "dkim,spf"


class HttpSettings(Group):
    """Where the hub listens for partners. Port 0 takes a free one and prints it.

    ``soap_anchors``: PEM file of the authorities whose WS-Security signatures are verified where partners sign.
    """

    host: str = "127.0.0.1"
    port: int = 0
    public_url: str | None = None
    soap_anchors: Path | None = None


class SecretSettings(Group):
    """Keys of the hub, base64. Unset: made once by ``hub up`` in ``<home>/secrets.json`` (mode 0600)."""

    master: SecretStr | None = None
    pseudonym: SecretStr | None = None
    signing: SecretStr | None = None


class IntakeSettings(Group):
    """Limits of a document; sizes in bytes."""

    max_bytes: int = 64 * 1024 * 1024
    max_depth: int = 64
    max_attributes: int = 64
    max_gzip_ratio: int = 200
    workbook_bytes: int = 8 * 1024 * 1024
    workbook_unpacked: int = 64 * 1024 * 1024
    workbook_rows: int = Field(default=20_000, ge=1, le=60_000)
    retention: timedelta = timedelta(days=30)
    folder_poll: timedelta = timedelta(milliseconds=500)


class ConsumeSettings(Group):
    """How a consumer group reads: records per batch, lanes per process, and when it must stop."""

    batch: int = 2000
    lanes: int = 2
    ceiling_failures: int = 100
    ceiling_share: float = 0.5
    retry_first: timedelta = timedelta(milliseconds=200)
    retry_most: timedelta = timedelta(seconds=15)


class DeliverSettings(Group):
    """How outward effects are retried. A delivery gives up after ``attempts`` tries: 80 are about three days."""

    attempts: int = 80
    first_wait: timedelta = timedelta(seconds=2)
    most_wait: timedelta = timedelta(hours=1)
    lease: timedelta = timedelta(seconds=60)
    breaker_failures: int = 5
    breaker_pause: timedelta = timedelta(seconds=30)


class TelemetrySettings(Group):
    """Logs, metrics, traces. ``otlp`` is the base URL of an OTLP/HTTP collector; unset sends nothing.

    ``sample`` is the share of traces that are sent, of those that begin at the hub (0 to 1).
    """

    otlp: str | None = Field(default=None, pattern=r"^https?://")
    sample: float = Field(default=1.0, ge=0, le=1)
    level: str = "info"
    json_logs: bool = False
    metrics_port: int = 0

"""Everything the hub takes from its environment, read once, frozen.

A variable is ``HUB_<GROUP>__<NAME>``. Unset addresses mean "the local stack of ``hub up``"; one variable
each points at an external service instead: ``HUB_KAFKA__BOOTSTRAP``, ``HUB_POSTGRES__DSN``, ``HUB_SMTP__URL``.
"""

import os
from datetime import timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from hub.bcss_settings import BcssSettings


class UnknownSettingError(Exception):
    """An environment variable starts with HUB_ but names no setting; see docs/operator-guide.md."""


class _Group(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class KafkaSettings(_Group):
    """Where the log is. ``bootstrap`` is ``host:port[,host:port]``; unset means the embedded Kafka."""

    bootstrap: str | None = None


class PostgresSettings(_Group):
    """Where the database is. ``dsn`` is ``postgresql://user:password@host:port/name``; unset: embedded."""

    dsn: SecretStr | None = None
    pool: int = 16


class SmtpSettings(_Group):
    """Where mails go. ``url`` is ``smtp://[user:password@]host:port`` or ``smtps://…``; unset: the catcher."""

    url: SecretStr | None = None
    sender: str = "Mediation Hub <no-reply@mediation-hub.invalid>"
    domain: str = "mediation-hub.invalid"


class HttpSettings(_Group):
    """Where the hub listens for partners. Port 0 takes a free one and prints it."""

    host: str = "127.0.0.1"
    port: int = 0
    public_url: str | None = None


class SecretSettings(_Group):
    """Keys of the hub, base64. Unset: made once by ``hub up`` in ``<home>/secrets.json`` (mode 0600)."""

    master: SecretStr | None = None
    pseudonym: SecretStr | None = None
    signing: SecretStr | None = None


class IntakeSettings(_Group):
    """Limits of a document; sizes in bytes."""

    max_bytes: int = 64 * 1024 * 1024
    max_depth: int = 64
    max_attributes: int = 64
    max_gzip_ratio: int = 200
    retention: timedelta = timedelta(days=30)
    folder_poll: timedelta = timedelta(milliseconds=500)


class ConsumeSettings(_Group):
    """How a consumer group reads: records per batch, lanes per process, and when it must stop."""

    batch: int = 2000
    lanes: int = 2
    ceiling_failures: int = 100
    ceiling_share: float = 0.5
    retry_first: timedelta = timedelta(milliseconds=200)
    retry_most: timedelta = timedelta(seconds=15)


class DeliverSettings(_Group):
    """How outward effects are retried. A delivery gives up after ``attempts`` tries: 80 are about three days."""

    attempts: int = 80
    first_wait: timedelta = timedelta(seconds=2)
    most_wait: timedelta = timedelta(hours=1)
    lease: timedelta = timedelta(seconds=60)
    breaker_failures: int = 5
    breaker_pause: timedelta = timedelta(seconds=30)


class MediationSettings(_Group):
    """Deadlines of a CPC dossier that the manual leaves open (INF): see docs/deadlines.md."""

    answer: timedelta = timedelta(days=15)


class PersonsSettings(_Group):
    """The legal gate of the BCSS, decisions D1 to D8 (bcss-primaweb §3.1): see docs/legal-gate.md.

    ``longest`` and ``warn`` are terms of whole days, months or years (``P1M``). ``legal_contexts``:
    ``flow/code=value`` separated by ``;``; a flow without one refuses to start.
    """

    code: int = 31
    longest: str = Field(default="P1M", pattern=r"^P\d+[YMWD]")
    warn: str = Field(default="P5D", pattern=r"^P\d+[YMWD]")
    integrate_with_file: bool = True
    file_needed: bool = True
    end_with_file: bool = False
    tries: int = Field(default=3, ge=1)
    legal_contexts: str | None = None
    answer_retention: timedelta = timedelta(days=30)
    search_retention: timedelta = timedelta(hours=24)


class DebtsSettings(_Group):
    """What the manual leaves open about debt files (bcss-primaweb §4): see docs/decisions/0016-debt-files.md."""

    overpayment: bool = True
    counts_planned: bool = False
    retype_manual: bool = True
    edit_closed: bool = False
    close_before_opening: bool = False


class DeadLetterSettings(_Group):
    """How dead letters are looked at and dealt with (docs/dead-letters.md).

    A deadline of a waiting dossier is at risk when it falls within ``at_risk``. A plan may be used for ``plan_life``,
    over ``plan_most`` letters; more than ``four_eyes`` letters, and any edit or skip, want a second administrator
    within ``approval_life``. A job begins with ``canary`` steps, stops when more than ``stop_share`` of its letters
    fail or a consumer group is ``stop_lag`` records behind, does ``rate`` letters a second (0: no limit),
    ``together`` in one transaction; a runner that is silent for ``lease`` loses it. Archived letters are kept for
    ``archive``.
    """

    at_risk: timedelta = timedelta(days=7)
    plan_life: timedelta = timedelta(minutes=30)
    plan_most: int = Field(default=100_000, ge=1)
    four_eyes: int = Field(default=100, ge=0)
    approval_life: timedelta = timedelta(hours=24)
    canary: str = Field(default="1,2,5,20", pattern=r"^(\d+(,\d+)*)?$")
    stop_share: float = Field(default=0.2, ge=0, le=1)
    stop_lag: int = Field(default=100_000, ge=0)
    rate: int = Field(default=0, ge=0)
    together: int = Field(default=200, ge=1, le=1000)
    lease: timedelta = timedelta(seconds=15)
    archive: timedelta = timedelta(days=30)


class ConsoleSettings(_Group):
    """The administrators' console: where it listens, how long sessions last, how often one may try to sign in.

    ``public_url`` with ``https`` makes cookies that travel by TLS only. A session ends after ``idle`` without use and
    after ``lasts`` in any case. Within ``attempts_window``, ``account_attempts`` tries at one account and
    ``address_attempts`` from one address are allowed. Revealed fields stay open for ``reveal``.
    """

    port: int = 0
    public_url: str | None = Field(default=None, pattern=r"^https?://")
    idle: timedelta = timedelta(minutes=30)
    lasts: timedelta = timedelta(hours=12)
    account_attempts: int = Field(default=10, ge=1)
    address_attempts: int = Field(default=50, ge=1)
    attempts_window: timedelta = timedelta(minutes=15)
    reveal: timedelta = timedelta(minutes=5)


class RevealSettings(_Group):
    """Whether who runs commands in this environment may have personal data opened (always logged)."""

    allowed: bool = False


class TelemetrySettings(_Group):
    """Logs, metrics, traces. ``otlp`` is the base URL of an OTLP/HTTP collector; unset sends nothing.

    ``sample`` is the share of traces that are sent, of those that begin at the hub (0 to 1).
    """

    otlp: str | None = Field(default=None, pattern=r"^https?://")
    sample: float = Field(default=1.0, ge=0, le=1)
    level: str = "info"
    json_logs: bool = False
    metrics_port: int = 0


class Settings(BaseSettings):
    """The whole configuration."""

    model_config = SettingsConfigDict(
        env_prefix="HUB_",
        env_nested_delimiter="__",
        frozen=True,
        extra="forbid",
        nested_model_default_partial_update=True,
    )

    home: Path = Path(".hub")
    folders: Path | None = None
    kafka: KafkaSettings = Field(default_factory=KafkaSettings)
    postgres: PostgresSettings = Field(default_factory=PostgresSettings)
    smtp: SmtpSettings = Field(default_factory=SmtpSettings)
    http: HttpSettings = Field(default_factory=HttpSettings)
    secrets: SecretSettings = Field(default_factory=SecretSettings)
    intake: IntakeSettings = Field(default_factory=IntakeSettings)
    consume: ConsumeSettings = Field(default_factory=ConsumeSettings)
    deliver: DeliverSettings = Field(default_factory=DeliverSettings)
    mediation: MediationSettings = Field(default_factory=MediationSettings)
    persons: PersonsSettings = Field(default_factory=PersonsSettings)
    bcss: BcssSettings = Field(default_factory=BcssSettings)
    debts: DebtsSettings = Field(default_factory=DebtsSettings)
    dead_letters: DeadLetterSettings = Field(default_factory=DeadLetterSettings)
    console: ConsoleSettings = Field(default_factory=ConsoleSettings)
    reveal: RevealSettings = Field(default_factory=RevealSettings)
    telemetry: TelemetrySettings = Field(default_factory=TelemetrySettings)


def _known() -> set[str]:
    """Every variable name that means something, upper case."""
    names = set()
    for name, field in Settings.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names |= {f"HUB_{name}__{inner}".upper() for inner in kind.model_fields}
        else:
            names.add(f"HUB_{name}".upper())
    return names


def read_settings() -> Settings:
    """Read the environment.

    Raises:
        UnknownSettingError: a ``HUB_…`` variable that no setting answers to (a typo would be silent otherwise).
        pydantic.ValidationError: a value of the wrong form.
    """
    strangers = sorted(name for name in os.environ if name.startswith("HUB_") and name.upper() not in _known())
    if strangers:
        raise UnknownSettingError(
            f"{', '.join(strangers)}: no such setting. Unset it, or see docs/operator-guide.md for the list."
        )
    return Settings()

"""Everything the hub takes from its environment, read once, frozen.

A variable is ``HUB_<GROUP>__<NAME>``. Unset addresses mean "the local stack of ``hub up``"; one variable
each points at an external service instead: ``HUB_KAFKA__BOOTSTRAP``, ``HUB_POSTGRES__DSN``, ``HUB_SMTP__URL``.
"""

import os
from pathlib import Path

from pydantic import BaseModel, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from hub.settings.administration import ConsoleSettings, DeadLetterSettings, RevealSettings
from hub.settings.bcss import BcssSettings
from hub.settings.contexts import DebtsSettings, MediationSettings, PersonsSettings, RcdSettings
from hub.settings.technical import (
    ConsumeSettings,
    DeliverSettings,
    HttpSettings,
    IntakeSettings,
    KafkaSettings,
    MailsSettings,
    PostgresSettings,
    SecretSettings,
    SmtpSettings,
    TelemetrySettings,
)

__all__ = [
    "BcssSettings",
    "ConsoleSettings",
    "ConsumeSettings",
    "DeadLetterSettings",
    "DebtsSettings",
    "DeliverSettings",
    "HttpSettings",
    "IntakeSettings",
    "KafkaSettings",
    "MailsSettings",
    "MediationSettings",
    "PersonsSettings",
    "PostgresSettings",
    "RcdSettings",
    "RevealSettings",
    "SecretSettings",
    "Settings",
    "SmtpSettings",
    "TelemetrySettings",
    "UnknownSettingError",
    "read_settings",
]


class UnknownSettingError(Exception):
    """An environment variable starts with HUB_ but names no setting; see docs/operator-guide.md."""


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
    mails: MailsSettings = Field(default_factory=MailsSettings)
    http: HttpSettings = Field(default_factory=HttpSettings)
    secrets: SecretSettings = Field(default_factory=SecretSettings)
    intake: IntakeSettings = Field(default_factory=IntakeSettings)
    consume: ConsumeSettings = Field(default_factory=ConsumeSettings)
    deliver: DeliverSettings = Field(default_factory=DeliverSettings)
    mediation: MediationSettings = Field(default_factory=MediationSettings)
    persons: PersonsSettings = Field(default_factory=PersonsSettings)
    bcss: BcssSettings = Field(default_factory=BcssSettings)
    debts: DebtsSettings = Field(default_factory=DebtsSettings)
    rcd: RcdSettings = Field(default_factory=RcdSettings)
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

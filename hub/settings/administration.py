"""The administrators' part: dead letters, the console, who may have personal data opened."""

from datetime import timedelta

from pydantic import Field

from hub.settings.group import Group


class DeadLetterSettings(Group):
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


class ConsoleSettings(Group):
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


class RevealSettings(Group):
    """Whether who runs commands in this environment may have personal data opened (always logged)."""

    allowed: bool = False

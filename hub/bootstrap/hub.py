"""Every part of one process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from hub.adapters.crypto.secrets import read_secrets
from hub.adapters.postgres.database import Database
from hub.bootstrap.administration import AdministrationParts
from hub.bootstrap.doors import DoorParts
from hub.bootstrap.outward import OutwardParts
from hub.bootstrap.places import where
from hub.settings import Settings, read_settings


class Hub(AdministrationParts, OutwardParts, DoorParts):
    """Every part of one process, made when first asked for."""


@asynccontextmanager
async def opened(settings: Settings | None = None, *, process: str = "command") -> AsyncIterator[Hub]:
    """A hub over the addresses of this environment; closed at the end. ``process`` is its name in traces."""
    settings = settings or read_settings()
    place = where(settings)
    given = settings.secrets.model_dump()
    secrets = read_secrets(
        settings.home, {name: value.get_secret_value() if value else None for name, value in given.items()}
    )
    database = await Database.open(place.postgres, size=settings.postgres.pool)
    hub = Hub(settings, place, secrets, database, process=process)
    try:
        yield hub
    finally:
        await hub.close()

"""A room of the hub over the addresses of this environment."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

from hub.adapters.crypto.secrets import read_secrets
from hub.adapters.postgres.database import Database
from hub.bootstrap.parts import Parts
from hub.bootstrap.places import where
from hub.settings import Settings, read_settings

P = TypeVar("P", bound=Parts)
_WORKERS = frozenset({"intake", "relay", "consume", "deliver", "clock"})
"""Processes that look up and write, and list nothing for people."""


@asynccontextmanager
async def opened_as(kind: type[P], settings: Settings | None = None, *, process: str = "command") -> AsyncIterator[P]:
    """Open a room; closed at the end. ``process`` is its name in traces."""
    settings = settings or read_settings()
    place = where(settings)
    given = settings.secrets.model_dump()
    secrets = read_secrets(
        settings.home, {name: value.get_secret_value() if value else None for name, value in given.items()}
    )
    by_index = process in _WORKERS
    database = await Database.open(place.postgres, size=settings.postgres.pool, by_index=by_index)
    parts = kind(settings, place, secrets, database, process=process)
    try:
        yield parts
    finally:
        await parts.close()

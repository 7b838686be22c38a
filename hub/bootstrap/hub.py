"""Every part of one process."""

from contextlib import AbstractAsyncContextManager

from hub.bootstrap.administration import AdministrationParts
from hub.bootstrap.administrators import AdministratorParts
from hub.bootstrap.opening import opened_as
from hub.bootstrap.outward import OutwardParts
from hub.bootstrap.settlements import SettlementParts
from hub.settings import Settings


class Hub(AdministrationParts, AdministratorParts, OutwardParts, SettlementParts):
    """Every part of one process, made when first asked for."""


def opened(settings: Settings | None = None, *, process: str = "command") -> AbstractAsyncContextManager[Hub]:
    """A hub over the addresses of this environment; closed at the end. ``process`` is its name in traces."""
    return opened_as(Hub, settings, process=process)

"""The published language: every event type of the hub, found by its name."""

from inspect import isclass
from types import MappingProxyType

from schemas import (
    access,
    accounts,
    bis_numbers,
    claims,
    consultations,
    dead_letters,
    debt_commands,
    debts,
    deliveries,
    mediation,
    mutations,
    notices,
    persons,
    rcd,
    rcd_access,
    rcd_actions,
    rcd_claims,
    rcd_notices,
    searches,
)
from schemas.event import Event

CONTEXTS = (
    notices,
    mediation,
    claims,
    debt_commands,
    debts,
    persons,
    consultations,
    access,
    deliveries,
    dead_letters,
    rcd,
    rcd_access,
    rcd_actions,
    rcd_claims,
    rcd_notices,
    searches,
    bis_numbers,
    mutations,
    accounts,
)

EVENT_TYPES: MappingProxyType[str, type[Event]] = MappingProxyType(
    {
        kind.type: kind
        for module in CONTEXTS
        for kind in vars(module).values()
        if isclass(kind) and issubclass(kind, Event) and "type" in vars(kind)
    }
)
"""Event class by CloudEvents ``type``."""

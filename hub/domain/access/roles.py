"""What administrators may do, by role."""

from collections.abc import Iterable, Mapping
from typing import Literal, get_args

Role = Literal["viewer", "operator", "approver"]
Right = Literal["look", "act", "reveal", "approve"]
"""look: everything that is masked · act: on groups, letters, jobs · reveal: personal data, with a purpose ·
approve: what another administrator asked for.
"""
ROLES: tuple[Role, ...] = get_args(Role)

_RIGHTS: Mapping[Role, frozenset[Right]] = {
    "viewer": frozenset({"look"}),
    "operator": frozenset({"look", "act", "reveal"}),
    "approver": frozenset({"look", "reveal", "approve"}),
}


def rights_of(roles: Iterable[str]) -> frozenset[Right]:
    """What these roles may do together; a role that is unknown may do nothing."""
    return frozenset().union(*(_RIGHTS[role] for role in ROLES if role in roles))

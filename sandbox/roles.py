"""What an office does when it is invited for a person: the same for the same seed, so that ledgers can foresee it."""

from random import Random
from typing import Literal

from sandbox.bailiff import Option

Role = Literal["shares", "tells", "early", "silent", "O2", "O3", "O4", "O5"]

_ROLES: tuple[tuple[Role, int], ...] = (
    ("shares", 40),  # answers O1, then tells its claims
    ("tells", 20),  # answers by telling its claims
    ("early", 10),  # told its claims before it was invited
    ("silent", 14),  # does nothing: is reminded
    ("O2", 4),
    ("O3", 4),
    ("O4", 4),
    ("O5", 4),
)
TELLING = frozenset[Role]({"shares", "tells", "early"})
_OPTIONS: dict[Role, Option] = {"shares": "O1", "O2": "O2", "O3": "O3", "O4": "O4", "O5": "O5"}


def role_of(seed: int, niss: str, office: str) -> Role:
    """The role of an office towards a person."""
    random = Random(f"{seed}/{niss}/{office}")
    return random.choices([role for role, _ in _ROLES], [weight for _, weight in _ROLES])[0]


def option_of(role: Role) -> Option | None:
    """The answer it gives, if it answers."""
    return _OPTIONS.get(role)

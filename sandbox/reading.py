"""What a dossier says to its reader, brought to the sandbox's own terms."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbox.amounts import Totals


def participations(body: Mapping[str, Any]) -> dict[str, str]:
    """The state of each office in a dossier."""
    return {one["office"]: one["state"] for one in body["participations"]}


def totals(body: Mapping[str, Any]) -> dict[str, Totals]:
    """What each office's claims come to; offices without living claims are left out."""
    found = {one["office"]: sums(one) for one in body["totals"]["offices"]}
    return {office: total for office, total in found.items() if total.claims}


def sums(one: Mapping[str, Any]) -> Totals:
    """How many claims, and what they come to per head."""
    return Totals(
        claims=int(one["claims"]),
        principal=Decimal(one["principal"]),
        interest=Decimal(one["interest"]),
        client_costs=Decimal(one["clientCosts"]),
        bailiff_costs=Decimal(one["bailiffCosts"]),
        total=Decimal(one["total"]),
    )

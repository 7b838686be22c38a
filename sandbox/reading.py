"""What a dossier says to its reader, brought to the sandbox's own terms."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbox.amounts import Totals


def participations(body: Mapping[str, Any]) -> dict[str, str]:
    """The state of each office in a dossier."""
    return {one["office"]: one["state"] for one in body["offices"]}


def totals(body: Mapping[str, Any]) -> dict[str, Totals]:
    """What each office's claims come to; offices without living claims are left out."""
    found = {one["office"]: _totals(one) for one in body["offices"]}
    return {office: total for office, total in found.items() if total.claims}


def _totals(one: Mapping[str, Any]) -> Totals:
    heads = one["totals"]
    return Totals(
        claims=int(one["claims"]),
        principal=Decimal(heads["principal"]),
        interest=Decimal(heads["interest"]),
        client_costs=Decimal(heads["client_costs"]),
        bailiff_costs=Decimal(heads["bailiff_costs"]),
        total=Decimal(heads["total"]),
    )

"""How many there are of everything, by state: what a ledger is compared with."""

from collections.abc import Mapping

from sqlalchemy import CompoundSelect, Select, case, func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.sql.elements import ColumnElement

from hub.adapters.postgres.database import translated
from hub.adapters.postgres.dead_letter_tables import dead_letter, parked_key, parked_record
from hub.adapters.postgres.rcd_tables import projection_rcd_case, projection_rcd_claim
from hub.adapters.postgres.tables import (
    delivery,
    document,
    outbox,
    projection_claim,
    projection_claim_office,
    projection_dossier,
    projection_notice,
    projection_office,
    projection_participation,
    projection_synchronisation,
)

_Counted = Select[str, int]


class PostgresCounts:
    """Counts over the projections, documents, deliveries and letters."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def now(self) -> Mapping[str, int]:
        """Counts by name, such as ``documents.fca.accepted`` or ``mails.invitation.done``; what is absent is none.

        ``joined.cents`` is the sum of the living claims of each dossier, in cents.
        """
        async with translated(), self._engine.connect() as connection:
            rows = await connection.execute(_every())
            return {row[0]: int(row[1]) for row in rows if row[1]}


def _every() -> CompoundSelect[str, int]:
    mail = func.split_part(delivery.c.effect, "/", 1).op("||")(".").op("||")(delivery.c.state)
    claim_state = case((projection_claim.c.withdrawn, "withdrawn"), else_="living")
    return union_all(
        _by("documents", document.c.connector.op("||")(".").op("||")(document.c.state)),
        _by("notices", projection_notice.c.state),
        _by("claims", claim_state),
        _by("dossiers", projection_dossier.c.state),
        _by("participations", projection_participation.c.state),
        _by("mails", mail),
        _by("settlements", projection_rcd_case.c.state),
        _by("letters", dead_letter.c.state),
        _all("offices", projection_office.c.office),
        _all("synchronisations", projection_synchronisation.c.sequence),
        _all("parked.keys", parked_key.c.key),
        _all("parked.records", parked_record.c.seq),
        _all("outbox", outbox.c.seq),
        _all("settlement-claims", projection_rcd_claim.c.claim_ref),
        _settlement_claims(),
        _joined(),
    )


def _settlement_claims() -> _Counted:
    claim = projection_rcd_claim.c
    cents = func.coalesce(func.sum(claim.principal + claim.interest + claim.costs), 0)
    return select(literal("settlement-claims.cents"), cents)


def _by(name: str, state: ColumnElement[str]) -> _Counted:
    return select(literal(f"{name}.").op("||")(state), func.count()).group_by(state)


def _all(name: str, column: ColumnElement[object]) -> _Counted:
    return select(literal(name), func.count(column))


def _joined() -> _Counted:
    counts, claim = projection_claim_office, projection_claim
    together = counts.join(claim, (claim.c.subject == counts.c.subject) & (claim.c.office == counts.c.office))
    cents = func.coalesce(func.sum(claim.c.total), 0)
    return select(literal("joined.cents"), cents).select_from(together)

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from hub.domain.claims.fold import fold
from hub.domain.claims.state import ClaimOfficeRow, ClaimRow, PersonClaims, cents
from hub.domain.messaging.cloudevent import event_id_of
from hub.domain.messaging.decision import Decision
from schemas.claims import ClaimCorrected, ClaimJoined, ClaimLeft, ClaimsFound, ClaimSubmitted, ClaimWithdrawn, Heads
from schemas.event import Event
from schemas.mediation import DossierClosed, OfficeInvited
from tests.unit.domain.happenings import CPAS, DOSSIER, NOW, PERSON, Happenings

CLAIM = event_id_of("claim", "office-1", "R1")
HEADS = Heads(
    principal=Decimal("100.00"), interest=Decimal("5.01"), client_costs=Decimal("3.00"), bailiff_costs=Decimal("12.50")
)


def claim(version: int = 1, office: str = "office-1") -> ClaimSubmitted:
    kind = ClaimSubmitted if version == 1 else ClaimCorrected
    return kind(claim=CLAIM, office=office, version=version, phase="judicial", heads=HEADS, total=Decimal("120.51"))


def invited(dossier: str = DOSSIER, cpas: str = CPAS, office: str = "office-1") -> OfficeInvited:
    return OfficeInvited(dossier=dossier, cpas=cpas, office=office, invitation=f"{dossier}.{office}", answer_by=NOW)


WITHDRAWN = ClaimWithdrawn(claim=CLAIM, office="office-1", version=2, reason="paid")
CLOSED = DossierClosed(dossier=DOSSIER, cpas=CPAS, closed_at=NOW)


def after(*events: Event) -> Decision[PersonClaims]:
    happened = Happenings()
    decision: Decision[PersonClaims] | None = None
    for data in events:
        decision = fold(decision.state if decision else None, happened(data, key=PERSON))
    assert decision is not None
    return decision


def told(decision: Decision[PersonClaims]) -> list[tuple[type[Event], str, tuple[str, ...]]]:
    return [(type(one.data), one.key, one.feeds) for one in decision.events]


def test_claim_of_an_invited_office_joins_the_dossier_and_is_seen_by_its_cpas_and_its_office_only() -> None:
    seen = (DOSSIER, (CPAS, "office-1"))
    assert told(after(invited(), claim())) == [(ClaimJoined, *seen), (ClaimsFound, *seen)]


def test_claim_of_an_office_that_was_not_invited_joins_nothing_and_is_kept() -> None:
    decision = after(invited(office="office-2"), claim())
    assert decision.events == ()
    (row,) = decision.rows
    assert isinstance(row, ClaimRow)
    assert (row.principal, row.interest, row.client_costs, row.bailiff_costs, row.total) == (
        10000,
        501,
        300,
        1250,
        12051,
    )
    assert (row.penalty_clause, row.administrative) == (None, None)  # the split is unknown, not zero


def test_claims_told_before_the_invitation_count_once_it_is_sent() -> None:
    decision = after(claim(), invited())
    assert told(decision) == [(ClaimsFound, DOSSIER, (CPAS, "office-1"))]
    assert decision.rows == (ClaimOfficeRow(DOSSIER, "office-1", PERSON, CPAS),)


def test_second_dossier_of_the_same_person_gets_earlier_claims_too() -> None:
    other = "d" + "9" * 32
    decision = after(claim(), invited(), invited(dossier=other, cpas="cpas-2"))
    assert told(decision) == [(ClaimsFound, other, ("cpas-2", "office-1"))]


def test_correction_joins_again_and_withdrawal_leaves() -> None:
    assert told(after(invited(), claim(), claim(2))) == [(ClaimJoined, DOSSIER, (CPAS, "office-1"))]
    gone = after(invited(), claim(), WITHDRAWN)
    assert told(gone) == [(ClaimLeft, DOSSIER, (CPAS, "office-1"))]
    (row,) = gone.rows
    assert isinstance(row, ClaimRow)
    assert (row.withdrawn, row.total) == (True, 0)


def test_closed_dossier_hears_of_no_claim() -> None:
    assert after(invited(), CLOSED, claim()).events == ()


@given(st.permutations([claim(), invited(), claim(2)]))
def test_in_any_order_of_arrival_the_dossier_hears_of_the_claim(order: list[Event]) -> None:
    happened, state, heard = Happenings(), None, 0
    for data in order:
        decision = fold(state, happened(data, key=PERSON))
        state, heard = decision.state, heard + len(decision.events)
    assert heard >= 1


@given(st.decimals(min_value=0, max_value=10**10, places=2))
def test_cents_are_exact(amount: Decimal) -> None:
    assert Decimal(cents(amount)) / 100 == amount

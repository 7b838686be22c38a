from decimal import Decimal
from random import Random

from sandbox.amounts import Heads, Totals, some_heads


def heads(**changed: str) -> Heads:
    given = {"principal": "100.01", "interest": "2.03", "client_costs": "15.05", "bailiff_costs": "7.00", **changed}
    known = {name: Decimal(amount) for name, amount in given.items()}
    return Heads(**known, clause=Decimal("10.00"), administrative=Decimal("5.05"))


def test_total_is_the_sum_of_the_heads() -> None:
    assert heads().total == Decimal("124.09")


def test_two_lines_sum_to_the_heads_to_the_cent() -> None:
    random = Random(5)
    for _ in range(300):
        whole = some_heads(random)
        first, second = whole.halves()
        assert whole.less(first) == second
        assert first.total + second.total == whole.total
        assert min(second.principal, second.interest, second.client_costs, second.bailiff_costs) >= 0


def test_split_is_told_or_else_the_sum() -> None:
    unknown = Heads(
        principal=Decimal("1.00"),
        interest=Decimal("0.00"),
        clause=None,
        administrative=None,
        client_costs=Decimal("2.50"),
        bailiff_costs=Decimal("0.00"),
    )

    assert heads().attributes() == {
        "principal": "100.01",
        "interest": "2.03",
        "bailiffCosts": "7.00",
        "penaltyClause": "10.00",
        "administrative": "5.05",
    }
    assert unknown.attributes()["clientCosts"] == "2.50"
    assert "penaltyClause" not in unknown.attributes()


def test_totals_add_up_per_head() -> None:
    found = Totals.of([heads(), heads(principal="0.99")])

    assert found.claims == 2
    assert found.principal == Decimal("101.00")
    assert found.total == Decimal("149.16")
    assert Totals.of([]) == Totals()

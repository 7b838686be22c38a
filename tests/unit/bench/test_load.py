from pathlib import Path

import pytest
from lxml import etree

from bench.claims import single, synchronisation
from bench.ground import NotABenchHomeError, _own_home
from bench.people import CPAS, batched, population
from connectors import CONNECTORS
from hub.adapters.xml.contract import LxmlContract

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def contract() -> LxmlContract:
    return LxmlContract(CONNECTORS["cia"], item_bytes=262_144, depth=64, attributes=64)


@pytest.mark.parametrize("sequence", [1, 90_000])
def test_every_item_of_a_synchronisation_is_valid_and_mapped_to_the_claim_it_is_watched_by(
    contract: LxmlContract, sequence: int
) -> None:
    told = synchronisation(population(1200), office=1, sequence=sequence, count=20)
    root = etree.fromstring(told.content)
    envelope = contract.connector.envelope(root)
    kind = contract.connector.documents[str(root.tag)]

    assert [contract.findings(entry) for entry in root] == [()] * 20
    claims = [str(getattr(kind.mapping(entry, envelope)[0].data, "claim")) for entry in root]  # noqa: B009
    assert claims == [str(claim) for claim, _ in told.claims]


def test_claims_of_a_document_are_shared_out_to_the_cpas_of_their_people() -> None:
    everybody = population(1200)
    told = synchronisation(everybody, office=0, sequence=1, count=100)

    shares = [told.claims_of(one.id) for one in everybody.cpas]

    assert len(shares) == CPAS
    assert sum(map(len, shares)) == 100
    assert all(shares)


def test_single_document_is_valid(contract: LxmlContract) -> None:
    root = etree.fromstring(single(population(1200), office=3, n=7))

    assert contract.findings(root) == ()


def test_batches_hold_everything_once_in_order() -> None:
    assert list(batched(range(7), 3)) == [[0, 1, 2], [3, 4, 5], [6]]


def test_home_that_is_not_the_benchs_is_refused_before_its_topics_are_emptied(tmp_path: Path) -> None:
    (tmp_path / "stack.json").touch()

    with pytest.raises(NotABenchHomeError, match="Name a new folder"):
        _own_home(tmp_path)


def test_home_of_the_bench_is_taken_again(tmp_path: Path) -> None:
    assert _own_home(tmp_path / "new") == _own_home(tmp_path / "new")

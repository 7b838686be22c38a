"""Numbers of synthetic people hold by every check and stand in ranges that are never given out (fca-cpc §5)."""

from datetime import date

import pytest

from hub.domain.identifiers import enterprise_number_problem, iban_problem, niss_problem, ogm_problem
from sandbox.numbers import damaged, enterprise_number, iban, niss, ogm

TODAY = date(2026, 7, 1)


@pytest.mark.parametrize(
    ("born", "order", "bis", "expected"),
    [
        (date(1961, 2, 13), 991, False, "61021399111"),
        (date(1974, 8, 19), 994, False, "74081999446"),
        (date(2001, 5, 23), 993, False, "01052399351"),
        (date(2007, 9, 12), 996, False, "07091299647"),
        (date(1969, 3, 8), 991, True, "69430899134"),
        (date(2003, 1, 17), 993, True, "03411799340"),
    ],
)
def test_niss_is_the_one_of_the_domain_page(born: date, order: int, *, bis: bool, expected: str) -> None:
    assert niss(born, order, bis=bis) == expected


def test_numbers_are_those_of_the_domain_page() -> None:
    assert enterprise_number(1) == "0100000169"
    assert iban(138, 17) == "BE26138000001729"
    assert iban(138, 1234567) == "BE73138123456760"
    assert ogm(17) == "099000001772"
    assert ogm(42) == "099000004297"  # remainder 0 gives 97


def test_every_number_holds() -> None:
    for n in range(0, 900_000, 4_999):
        assert enterprise_number_problem(enterprise_number(n)) is None
        assert iban_problem(iban(152, n)) is None
        assert ogm_problem(ogm(n)) is None


def test_damaged_number_breaks_the_check_digits_alone() -> None:
    assert niss_problem(damaged("61021399111"), TODAY) == "niss-checksum"
    assert ogm_problem(damaged(ogm(17))) == "ogm-checksum"

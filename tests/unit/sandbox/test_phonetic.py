from datetime import date

import pytest

from sandbox.bcss.phonetic import accepted, sound

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("born", "tolerance", "first", "last"),
    [
        ("1975-00-00", 5, date(1970, 1, 1), date(1980, 12, 31)),
        ("1975-11-00", 1, date(1975, 10, 1), date(1975, 12, 31)),
        ("1975-10-10", 5, date(1975, 10, 5), date(1975, 10, 15)),
        ("1968-00-00", 0, date(1968, 1, 1), date(1968, 12, 31)),
        ("1968-00-00", 1, date(1967, 1, 1), date(1969, 12, 31)),
        ("1968-00-00", 10, date(1958, 1, 1), date(1978, 12, 31)),
        ("1968-06-00", 1, date(1968, 5, 1), date(1968, 7, 31)),
        ("1968-06-00", 10, date(1967, 8, 1), date(1969, 4, 30)),
        ("2000-03-01", 1, date(2000, 2, 29), date(2000, 3, 2)),
    ],
)
def test_tolerance_counts_in_the_first_unknown_part(born: str, tolerance: int, first: date, last: date) -> None:
    assert accepted(born, tolerance) == (first, last)


def test_names_that_sound_alike_have_one_key() -> None:
    assert sound("DE WACHTER") == sound("Dewachter")
    assert sound("STEPHANIE") == sound("Stéfanie")
    assert sound("Janssens") != sound("Peeters")

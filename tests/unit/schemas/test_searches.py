"""What a CPAS may type into a search, as the door takes it (bcss-primaweb §2.2)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from hub.application.intake.callers import Caller
from hub.application.intake.read_event import PostedEvent, fact_of
from hub.application.intake.refusals import DocumentRefusedError
from schemas.searches import SearchPerson

pytestmark = pytest.mark.unit

SEARCH = "6b7e1d1e-6c43-4a9e-9f57-0d6b8a3f1c11"
CPAS = Caller(
    institution="cpas-1", kind="cpas", language="fr", connectors=frozenset(), types=frozenset({SearchPerson.type})
)


def posted(**typed: Any) -> SearchPerson:
    data = {"cpas": "cpas-1", "search": SEARCH, **typed}
    event = PostedEvent(attributes={"time": "2026-03-02T09:00:00Z"}, data=data)
    found = fact_of(event, SearchPerson, CPAS, datetime(2026, 3, 2, 9, tzinfo=UTC)).data
    assert isinstance(found, SearchPerson)
    return found


@pytest.mark.parametrize("born", ["1975-00-00", "1975-11-00", "1975-11-10"])
def test_day_or_day_and_month_may_be_unknown(born: str) -> None:
    assert posted(name="Dewachter", born=born, tolerance=5).born == born


@pytest.mark.parametrize(
    "typed",
    [
        {"born": "1975-00-15"},
        {"born": "15/11/1975"},
        {"tolerance": -1},
        {"most": 81},
        {"most": 0},
        {"niss": "75111090"},
        {"gender": "3"},
        {"search": "the client of this morning"},
        {"verify_born": "1975-11-00T00:00"},
    ],
)
def test_what_the_bank_could_not_be_asked_is_refused_with_its_place_and_without_its_value(
    typed: dict[str, Any],
) -> None:
    with pytest.raises(DocumentRefusedError) as refused:
        posted(**{"name": "Dewachter", "born": "1975-11-10", **typed})

    (finding,) = refused.value.findings
    assert (finding.code, finding.pointer) == ("event-field", f"/data/{next(iter(typed))}")
    assert str(next(iter(typed.values()))) not in str(finding.pointer)


def test_search_without_a_name_of_its_own_is_refused() -> None:
    with pytest.raises(DocumentRefusedError) as refused:
        posted(search=None)

    assert [one.code for one in refused.value.findings] == ["identifier-required"]


def test_search_of_another_cpas_is_not_taken() -> None:
    with pytest.raises(DocumentRefusedError) as refused:
        posted(cpas="cpas-2")

    assert [one.code for one in refused.value.findings] == ["event-not-yours"]

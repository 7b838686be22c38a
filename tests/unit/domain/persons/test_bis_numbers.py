"""A BIS number is asked for once, and only after a search by sound that found nobody (bcss-primaweb §2.3)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from hub.application.consult.send_bis import declaration_of
from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.errors import PartnerRefusedError
from hub.domain.persons.fold import persons
from hub.domain.persons.gate import GateRules
from hub.domain.persons.state import Access
from schemas.bis_numbers import BisCallEnded, BisDuplicateFound, BisNumberAssigned, BisNumberFailed, RequestBisNumber
from schemas.event import Event
from schemas.searches import SearchCallEnded, SearchPerson

pytestmark = pytest.mark.unit

DOSSIER, NOW = "d" + "6" * 32, datetime(2026, 3, 2, 9, tzinfo=UTC)
FOLD = persons(GateRules())
REQUEST = RequestBisNumber(cpas="cpas-1")


def event(data: Event, *, box: str | None = "sealed", later: timedelta = timedelta()) -> CloudEvent:
    return CloudEvent(
        id=uuid4(),
        source="/test",
        type=data.type,
        time=NOW,
        recordedtime=NOW + later,
        partitionkey=DOSSIER,
        subject="p" + "6" * 32,
        correlationid=DOSSIER,
        data=data,
        box=box,
    )


def searched(**said: Any) -> Access:
    """After a search."""
    command = event(SearchPerson(cpas="cpas-1"))
    state = FOLD(None, command).state
    given: dict[str, Any] = {"outcome": "answered", "ticket": str(uuid4()), "found": 0, **said}
    ended = SearchCallEnded(dossier=DOSSIER, cpas="cpas-1", consultation=str(command.id), **given)
    return FOLD(state, event(ended, box=None)).state


def rules(state: Access | None, command: CloudEvent) -> list[str]:
    """Which rule refused it; nothing left."""
    decision = FOLD(state, command)
    assert decision.deliveries == ()
    return [str(getattr(one.data, "rule", "")) for one in decision.events]


def ended(name: str, **said: Any) -> CloudEvent:
    given: dict[str, Any] = {"outcome": "answered", "ticket": str(uuid4()), **said}
    return event(BisCallEnded(dossier=DOSSIER, cpas="cpas-1", consultation=name, **given), box=None)


def test_after_a_search_that_found_nobody_it_is_asked_for_once() -> None:
    command = event(REQUEST, later=timedelta(minutes=15))
    asked = FOLD(searched(), command)

    (delivery,) = asked.deliveries
    assert (delivery.kind, delivery.partner) == ("bcss-bis", "bcss/bis")
    assert delivery.personal
    assert rules(asked.state, event(REQUEST)) == ["bis-number-pending"]
    over = FOLD(asked.state, ended(str(command.id), outcome="failed"))
    assert rules(over.state, event(REQUEST)) == ["bis-search-missing"]


@pytest.mark.parametrize(
    ("said", "later", "rule"),
    [
        ({"found": 1}, 0, "bis-search-missing"),
        ({"mode": "number"}, 0, "bis-search-missing"),
        ({"outcome": "failed"}, 0, "bis-search-missing"),
        ({}, 16, "bis-search-too-old"),
    ],
)
def test_without_such_a_search_or_with_an_old_one_it_is_refused(said: dict[str, Any], later: int, rule: str) -> None:
    assert rules(searched(**said), event(REQUEST, later=timedelta(minutes=later))) == [rule]


def test_nobody_searched_or_nothing_typed_is_refused() -> None:
    assert rules(None, event(REQUEST)) == ["bis-search-missing"]
    assert rules(searched(), event(REQUEST, box=None)) == ["criteria-missing"]


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"assigned": True}, BisNumberAssigned),
        ({"found": 2}, BisDuplicateFound),
        ({"outcome": "failed", "reasons": ("MSG00015",)}, BisNumberFailed),
        ({"outcome": "unknown", "reasons": ("no-answer",)}, BisNumberFailed),
    ],
)
def test_end_is_told_once(said: dict[str, Any], kind: type[Event]) -> None:
    command = event(REQUEST)
    asked = FOLD(searched(), command)
    outcome = ended(str(command.id), **said)

    told = FOLD(asked.state, outcome)

    (one,) = told.events
    assert isinstance(one.data, kind)
    assert FOLD(told.state, outcome).events == ()
    if isinstance(one.data, BisNumberFailed):
        assert one.data.uncertain is (said["outcome"] == "unknown")


def test_declaration_wants_a_name_and_a_birth_date_and_keeps_the_address_in_the_order_of_the_contract() -> None:
    typed = {"name": "Zebulon", "born": "1990-00-00", "locality": "Namur", "street": "rue Sans Nom", "gender": "female"}

    declared = declaration_of(typed)

    assert declared.address == (("street", "rue Sans Nom"), ("locality", "Namur"))
    assert (declared.gender, declared.birth_country) == ("2", None)
    with pytest.raises(PartnerRefusedError) as refused:
        declaration_of({"name": "Zebulon"})
    assert refused.value.rule == "declaration-incomplete"

"""A search for somebody: told once, and no person's dossier is touched (bcss-primaweb §2.2)."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from hub.application.consult.send_search import search_of
from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Decision
from hub.domain.persons.fold import persons
from hub.domain.persons.gate import GateRules
from hub.domain.persons.state import Access
from schemas.event import Event
from schemas.searches import PersonSearched, PersonSearchFailed, SearchCallEnded, SearchPerson

pytestmark = pytest.mark.unit

DOSSIER, NOW = "d" + "5" * 32, datetime(2026, 3, 2, 9, tzinfo=UTC)
FOLD = persons(GateRules())


def event(data: Event, box: str | None = "sealed") -> CloudEvent:
    return CloudEvent(
        id=uuid4(),
        source="/test",
        type=data.type,
        time=NOW,
        recordedtime=NOW,
        partitionkey=DOSSIER,
        subject="p" + "5" * 32,
        correlationid=DOSSIER,
        data=data,
        box=box,
    )


def ended(name: str, **said: Any) -> CloudEvent:
    given: dict[str, Any] = {"outcome": "answered", "ticket": str(uuid4()), **said}
    return event(SearchCallEnded(dossier=DOSSIER, cpas="cpas-1", consultation=name, **given), None)


def asked() -> tuple[str, Decision[Access]]:
    command = event(SearchPerson(cpas="cpas-1", tolerance=5))
    return str(command.id), FOLD(None, command)


def test_search_leaves_with_what_was_typed_sealed_and_needs_no_gate() -> None:
    name, decision = asked()

    (delivery,) = decision.deliveries
    assert (delivery.kind, delivery.partner) == ("bcss-search", "bcss/search")
    assert delivery.content == {
        "dossier": DOSSIER,
        "cpas": "cpas-1",
        "consultation": name,
        "tolerance": "5",
        "most": "80",
    }
    assert delivery.personal
    assert delivery.personal.box == "sealed"
    assert decision.state.person is None, "who is looked for is nobody's file"


def test_answer_is_told_once_with_how_many_and_never_who() -> None:
    name, decision = asked()
    outcome = ended(name, found=2, answer=str(uuid4()))

    told = FOLD(decision.state, outcome)
    again = FOLD(told.state, outcome)

    (one,) = told.events
    assert isinstance(one.data, PersonSearched)
    assert (one.data.found, one.feeds, one.personal) == (2, ("cpas-1",), None)
    assert (again.events, again.rows) == ((), ())


def test_nobody_is_an_answer_and_a_refusal_is_a_failure() -> None:
    name, decision = asked()

    (nobody,) = FOLD(decision.state, ended(name, found=0)).events
    (failed,) = FOLD(decision.state, ended(name, outcome="failed", reasons=("tolerance-needed",))).events

    assert isinstance(nobody.data, PersonSearched)
    assert nobody.data.found == 0
    assert isinstance(failed.data, PersonSearchFailed)
    assert failed.data.reasons == ("tolerance-needed",)


def test_search_without_anything_typed_is_refused() -> None:
    decision = FOLD(None, event(SearchPerson(cpas="cpas-1"), None))

    assert decision.deliveries == ()
    assert [getattr(one.data, "rule", "") for one in decision.events] == ["criteria-missing"]


def test_number_goes_before_sound_and_verification_needs_name_and_date() -> None:
    typed = {"niss": "61021399111", "name": "Zebulon", "born": "1961-02-00", "verify_name": "Zebulon"}

    by_number = search_of({**typed, "verify_born": "1961-02-13"}, {})
    by_sound = search_of({"name": "Zebulon", "born": "1961-02-00", "gender": "female"}, {"tolerance": "0", "most": "5"})

    assert by_number.niss == "61021399111"
    assert by_number.verify
    assert search_of(typed, {}).verify is None
    assert by_sound.phonetic
    assert (by_sound.phonetic.tolerance, by_sound.phonetic.gender, by_sound.phonetic.most) == (0, "2", 5)

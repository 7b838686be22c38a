"""Mutations are told in order, each once; what is missing is waited for and then said (bcss-primaweb §3.2)."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from hub.bootstrap.gate import GateSettingError, stale
from hub.domain.messaging.decision import Decision
from hub.domain.persons.fold import persons
from hub.domain.persons.gate import STALE, GateRules
from hub.domain.persons.state import Access, FlowMutationRow
from schemas.event import Event
from schemas.mutations import (
    KINDS,
    Change,
    MutationAwaited,
    MutationKind,
    PersonMutated,
    PersonMutationNotified,
    PersonNumberMerged,
    PersonRenumbered,
)
from schemas.persons import FLOWS
from tests.unit.domain.happenings import CPAS, DOSSIER, NOW, Happenings

import pytest  # isort: skip


class Person:
    def __init__(self) -> None:
        self.fold, self.happened, self.state = persons(GateRules()), Happenings(), None
        self.told: list[PersonMutated] = []

    state: Access | None

    def __call__(self, data: Event, box: str = "1.closed") -> Decision[Access]:
        decision = self.fold(self.state, self.happened(data, box=box))
        self.state = decision.state
        self.told += [one.data for one in decision.events if isinstance(one.data, PersonMutated)]
        return decision


def mutation(order: int, kind: MutationKind = "IDENTITY", *, deleted: bool = False) -> PersonMutationNotified:
    change = Change(kind=kind, effective="2026-03-01", deleted=deleted)
    return PersonMutationNotified(cpas=CPAS, notification=UUID(int=order), order=order, source="RN", changes=(change,))


def orders(person: Person) -> list[int]:
    return [one.order for one in person.told]


def test_mutation_is_told_to_the_cpas_and_makes_answers_of_its_flows_stale() -> None:
    person = Person()
    decision = person(mutation(1, "LEGAL_ADDRESS"))

    assert orders(person) == [1]
    assert person.told[0].flows == ("identification", "addresses")
    assert decision.events[0].feeds == (CPAS,)
    assert decision.events[0].personal is not None
    assert decision.rows == tuple(FlowMutationRow(DOSSIER, flow, NOW) for flow in ("identification", "addresses"))


def test_one_that_came_too_early_waits_for_what_precedes_it() -> None:
    person = Person()
    person(mutation(1))
    early = person(mutation(3))

    assert orders(person) == [1]
    (timer,) = early.timers
    assert timer.due == NOW + timedelta(hours=1)
    assert isinstance(timer.event, MutationAwaited)
    assert timer.event.order == 2

    done = person(mutation(2))
    assert orders(person) == [1, 2, 3]
    assert [one.due for one in done.timers] == [None]


def test_after_the_wait_the_next_goes_on_and_says_how_many_are_missing() -> None:
    person = Person()
    for order in (1, 4, 5, 9):
        person(mutation(order))
    first = person(MutationAwaited(dossier=DOSSIER, cpas=CPAS, order=2))

    assert orders(person) == [1, 4, 5]
    assert [one.missing for one in person.told] == [0, 2, 0]
    (again,) = first.timers
    assert again.event == MutationAwaited(dossier=DOSSIER, cpas=CPAS, order=6)
    person(MutationAwaited(dossier=DOSSIER, cpas=CPAS, order=2))  # an old timer
    assert orders(person) == [1, 4, 5]
    person(mutation(2))
    assert (orders(person)[-1], person.told[-1].late) == (2, True)


def test_death_is_a_task_and_closes_nothing() -> None:
    person = Person()
    person(mutation(1, "DECEASE"))
    person(mutation(2, "DECEASE", deleted=True))

    assert [one.task for one in person.told] == ["deceased", None]
    assert person.told[0].flows == FLOWS


def test_erased_persons_mutation_is_told_to_nobody() -> None:
    person = Person()
    decision = person.fold(None, person.happened(mutation(1), box=None))

    assert decision.events == ()


def test_bank_is_asked_under_the_newest_number() -> None:
    person = Person()
    for order in (2, 1):
        decision = person(
            PersonRenumbered(cpas=CPAS, notification=UUID(int=order), order=order), box=f"1.number-{order}"
        )
        (told,) = decision.events
        assert isinstance(told.data, PersonNumberMerged)
    assert person.state is not None
    assert person.state.person is not None
    assert person.state.person.box == "1.number-2"


@given(st.permutations(range(1, 8)), st.lists(st.integers(0, 6), max_size=3))
def test_any_order_of_arrival_tells_each_once_and_in_order(came: Sequence[int], waits: list[int]) -> None:
    person = Person()
    for place, order in enumerate(came):
        person(mutation(order))
        if place in waits and person.state and person.state.mutations:
            person(MutationAwaited(dossier=DOSSIER, cpas=CPAS, order=person.state.mutation + 1))
    if person.state and person.state.mutations:
        person(MutationAwaited(dossier=DOSSIER, cpas=CPAS, order=person.state.mutation + 1))

    assert sorted(orders(person)) == list(range(1, 8))
    in_time = [one.order for one in person.told if not one.late]
    assert in_time == sorted(in_time)


def test_every_kind_says_what_it_makes_stale_and_settings_may_say_otherwise() -> None:
    assert set(STALE) == set(KINDS)
    assert stale("")["HOUSEHOLD"] == ("identification", "addresses")
    assert stale(" HOUSEHOLD = addresses ; PENSION= ") == {**STALE, "HOUSEHOLD": ("addresses",), "PENSION": ()}
    for wrong in ("NONSENSE=addresses", "PENSION=nonsense"):
        with pytest.raises(GateSettingError, match="kinds are"):
            stale(wrong)

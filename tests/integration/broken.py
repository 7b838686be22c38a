"""A bad release and the one that mends it: the fold of a group, replaced in a running hub."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from hub.application.ports import Record
from hub.bootstrap.hub import Hub
from hub.domain.messaging.cloudevent import CloudEvent
from hub.domain.messaging.decision import Decision, ProcessManager
from hub.domain.messaging.errors import RuleError
from tests.integration.test_consume import notice

GROUP = "hub.notices"
Broken = Callable[[CloudEvent], bool]


def person(n: int) -> str:
    """The pseudonym of one of many persons."""
    return f"p{n:032x}"


@contextmanager
def release(hub: Hub, broken: Broken, rule: str = "bad-release", *, group: str = GROUP) -> Iterator[None]:
    """While it lasts, the fold of a group refuses what ``broken`` says; the same process, another code."""
    good = hub.managers[group]

    def fold(state: Any, event: CloudEvent) -> Decision[Any]:
        if broken(event):
            raise RuleError(rule, f"this release cannot handle this ({rule})")
        return good.fold(state, event)

    managers: dict[str, ProcessManager[Any]] = dict(hub.managers)
    with _managers(hub, {**managers, group: replace(good, fold=fold)}):
        yield


@contextmanager
def _managers(hub: Hub, managers: Mapping[str, ProcessManager[Any]]) -> Iterator[None]:
    before = hub.managers
    _swap(hub, managers)
    try:
        yield
    finally:
        _swap(hub, before)


_MADE_WITH_FOLDS = (
    "replay", "replay_letter", "plans", "jobs", "run_jobs", "correct", "edits", "_rehearse", "_record_hand"
)  # fmt: skip


def _swap(hub: Hub, managers: Mapping[str, ProcessManager[Any]]) -> None:
    """A process of another release has other parts: what was made with the old folds is made anew."""
    for name in _MADE_WITH_FOLDS:
        hub.__dict__.pop(name, None)
    hub.__dict__["managers"] = managers


def of(person: str, *numbers: str) -> list[Record]:
    """Notices of a person."""
    return [notice(person, number) for number in numbers]


def number_of(event: CloudEvent) -> str:
    """The number of a notice."""
    return str(getattr(event.data, "notice", ""))

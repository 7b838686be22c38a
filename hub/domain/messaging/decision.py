"""What one event makes of one dossier: data, decided by pure functions, written by an adapter."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Literal, NamedTuple, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

from hub.domain.messaging.cloudevent import CloudEvent, Sealed
from schemas.event import Event


class State(BaseModel):
    """What a process manager must know to decide next: small, frozen, free of readable personal data."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Row(Protocol):
    """A row of a projection: a NamedTuple whose fields are the table's columns.

    ``table`` names it, ``identity`` its key columns. ``guard`` names the column that must not go back: an older
    version arriving late leaves the row alone. ``kept`` names columns in which None means "as it was".
    """

    @property
    def table(self) -> str: ...
    @property
    def identity(self) -> tuple[str, ...]: ...
    @property
    def guard(self) -> str | None: ...
    @property
    def kept(self) -> tuple[str, ...]: ...
    @property
    def _fields(self) -> tuple[str, ...]: ...
    def __iter__(self) -> Iterator[object]: ...


class Emission(NamedTuple):
    """An event that follows: its data, its key, whom it is about, and whose feeds show it.

    ``personal`` is carried over from another event: the fields the new event marks personal are resealed
    under the new event's id, the others are left behind. ``time`` is when it happened: unless said otherwise,
    when its cause happened.
    """

    data: Event
    key: str
    subject: str | None = None
    feeds: tuple[str, ...] = ()
    personal: Sealed | None = None
    time: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """An outward effect: once per (event, effect). ``partner`` carries the breaker, ``key`` the order."""

    effect: str
    kind: str
    partner: str
    key: str
    content: Mapping[str, str]
    personal: Sealed | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Timer:
    """A deadline of one dossier, by name. ``due`` None cancels it. When due, ``event`` is published."""

    name: str
    due: datetime | None
    event: Event | None = None
    key: str = ""
    subject: str | None = None


S = TypeVar("S", bound=State)


class Decision(NamedTuple, Generic[S]):
    """What one event makes of one dossier: its new state and everything that must follow."""

    state: S
    rows: tuple[Row, ...] = ()
    events: tuple[Emission, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    timers: tuple[Timer, ...] = ()


Fold = Callable[[S | None, CloudEvent], Decision[S]]
"""What is, what happened → what follows. Pure."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProcessManager(Generic[S]):
    """One consumer group: which events it folds, into which state.

    ``aggregate`` is the CloudEvents attribute that names the dossier of an event: what keeps its order, or
    the person it is about. It is also what is parked when a fold fails.

    ``opens`` names event types whose personal part is opened before the fold (None when erased). ``closed`` says
    of a state that its dossier is closed, where dossiers can be.
    """

    group: str
    state: type[S]
    fold: Fold[S]
    handles: frozenset[str]
    aggregate: Literal["partitionkey", "subject"] = "partitionkey"
    opens: frozenset[str] = field(default_factory=frozenset)
    closed: Callable[[S], bool] | None = None

"""Traces: the way of a document step by step, told to whoever collects them (off unless somebody does).

A span says which step it was, how long it took and how it ended. What it may say is closed (``Told``): never
content, never an identifier of a person, an institution or a message.
"""

from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import Literal, Protocol, Self, TypedDict, Unpack

Step = Literal["document", "fold", "relay", "deliver", "timer"]
"""What a span is a span of; its name is the step and what was handled: ``fold be.mediationhub.…``."""


class Told(TypedDict, total=False):
    """All that a span may say: words of closed lists, and counts."""

    connector: str
    kind: str
    state: str
    events: int
    group: str
    outcome: str
    stage: str
    fingerprint: str
    rule: str
    attempt: int


class Span(Protocol):
    """One step, under way."""

    @property
    def traceparent(self) -> str | None:
        """The step, for what follows from it (W3C Trace Context); None: it belongs to no trace."""

    def tell(self, *, failed: bool = False, **told: Unpack[Told]) -> None: ...


class SpanBatch(Protocol):
    """Steps that one transaction takes together: all begin with it and end when it has committed."""

    on: bool
    """False: nobody collects; do not spend time on single events."""

    def add(
        self, step: Step, what: str, parent: str | None, *, failed: bool = False, **told: Unpack[Told]
    ) -> str | None:
        """Begin a step under ``parent``; its ``traceparent``."""


class Spans(Protocol):
    """Makes spans. ``parent`` is the ``traceparent`` of what caused the step; None, or one that is none: a root."""

    def one(self, step: Step, what: str, parent: str | None, **told: Unpack[Told]) -> AbstractContextManager[Span]:
        """A step from here to the end of the block; an error that leaves it is told by its class."""

    def batch(self) -> AbstractAsyncContextManager[SpanBatch]:
        """Steps of the block; of one that ends with an error nothing is told, for nothing was committed."""

    async def close(self) -> None:
        """Send what was not sent yet, within seconds."""


class _Silence:
    """Tells nobody; the parent stays what it was."""

    on = False

    def __init__(self, parent: str | None = None) -> None:
        self.traceparent = parent

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing ends."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing ends."""

    def tell(self, *, failed: bool = False, **_: Unpack[Told]) -> None:
        """Nobody listens."""

    def add(self, _: Step, __: str, parent: str | None, *, failed: bool = False, **___: Unpack[Told]) -> str | None:  # noqa: ARG002 - nobody listens
        """What follows belongs where its cause belonged."""
        return parent


class NoSpans:
    """Nobody collects traces."""

    def one(self, _: Step, __: str, parent: str | None, **___: Unpack[Told]) -> _Silence:
        """The step is not told."""
        return _Silence(parent)

    def batch(self) -> _Silence:
        """The steps are not told."""
        return _SILENCE

    async def close(self) -> None:
        """There is nothing to send."""


_SILENCE = _Silence()
OFF = NoSpans()

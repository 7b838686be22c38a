"""From an exception to a failure: classified where it happens, free of values, stable across releases."""

import hashlib
import traceback
from dataclasses import replace
from types import TracebackType
from uuid import UUID

from hub.application.consume.arrivals import Arrival
from hub.application.ports import Failure, Letter
from hub.domain.messaging.cloudevent import event_id_of
from hub.domain.messaging.errors import RefusalError, RuleError, UnreadableEventError

_OF_A_DOCUMENT = 4
"""Parts of ``/connectors/<connector>/<institution>``, split."""


def failure_of(error: Exception, stage: str) -> Failure:
    """What is recorded of a failure.

    The fingerprint is made of stage, exception class and the broken rule, else the functions it passed: no
    line numbers, ids or values. The reason of an unforeseen error is its class and place only, for its text may
    hold personal data.
    """
    kind = type(error).__name__
    location = error.rule if isinstance(error, RefusalError) else _path(error.__traceback__)
    reason = str(error) if isinstance(error, RefusalError) else f"{kind} in {location or stage}"
    found = failure_named(stage, kind, location, reason=reason, classification=_classification(error))
    return replace(found, trace=_trace(error))


def failure_named(stage: str, kind: str, location: str, *, reason: str, classification: str) -> Failure:
    """A failure by its names: the fingerprint is a digest of stage, kind and location."""
    digest = hashlib.sha256(f"{stage}\x1f{kind}\x1f{location}".encode()).hexdigest()
    return Failure(
        fingerprint=digest[:16],
        stage=stage,
        classification=classification,
        exception=kind,
        location=location,
        reason=reason.replace("\x00", ""),
        trace="",
    )


def _classification(error: Exception) -> str:
    """partner: the record is not what was agreed; permanent: a rule forbids it; ours: our code broke."""
    if isinstance(error, UnreadableEventError):
        return "partner"
    if isinstance(error, RuleError):
        return "permanent"
    return "unknown" if isinstance(error, RefusalError) else "ours"


def _path(tb: TracebackType | None) -> str:
    """The last function of ours that an error passed."""
    names = [f"{frame.f_globals.get('__name__', '?')}.{frame.f_code.co_name}" for frame, _ in traceback.walk_tb(tb)]
    ours = [name for name in names if name.startswith(("hub.", "schemas."))]
    return (ours or names or [""])[-1]


def _trace(error: Exception) -> str:
    """Where it passed, function by function with lines; no values, no message."""
    lines = (
        f"{frame.f_globals.get('__name__', '?')}.{frame.f_code.co_name}:{line}"
        for frame, line in traceback.walk_tb(error.__traceback__)
    )
    return "\n".join([*lines, type(error).__name__])


def letter_of(arrival: Arrival, group: str, failure: Failure) -> Letter:
    """The dead letter of an arrival: its id is the same whenever the same record fails for the same group."""
    return Letter(
        id=letter_id(group, arrival.id),
        key=arrival.key,
        event_id=arrival.id,
        type=arrival.event.type if arrival.event else None,
        source=arrival.event.source if arrival.event else None,
        record=arrival.record,
        failure=failure,
        institution=sender_of(arrival.event.source) if arrival.event else None,
    )


def sender_of(source: str) -> str | None:
    """The institution whose document an event came from, by its source; None: from the hub itself."""
    parts = source.split("/")
    return parts[3] if len(parts) == _OF_A_DOCUMENT and parts[1] == "connectors" else None


def letter_id(group: str, event_id: UUID) -> UUID:
    """One letter per (group, event)."""
    return event_id_of("letter", group, str(event_id))

"""Whether what the hub did is what partners hold receipts for: one effect per event, in the order of each dossier.

Pure: a ledger (what was told, by its receipts) and a picture of the hub go in, sentences on what is wrong come out.
The same checks hold while dossiers are parked: what is parked is the whole rest, in order, and had no effect.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

CLAIMS, MEDIATION = "hub.claims", "hub.mediation"
_JOINED, _LEFT = "be.mediationhub.claim.joined.v1", "be.mediationhub.claim.left.v1"
_FOUND = "be.mediationhub.claims.found.v1"


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One event of an accepted document: a claim at a version, or its withdrawal. ``total`` in cents."""

    event: UUID
    claim: UUID
    version: int
    total: int
    withdrawn: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """A person with an open dossier: what was told of her, in order, and who follows it."""

    subject: str
    dossier: str
    viewers: tuple[str, ...]
    told: Sequence[Told]


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """An event in an institution's feed, with the event that caused it."""

    event: UUID
    type: str
    cause: UUID
    dossier: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """The hub at rest.

    ``timeline``: events (id, type) by group and key. ``parked``: event ids by group and key, the letter first.
    ``claims``: version, total in cents, withdrawn. ``feeds`` by institution, in order. ``log``: ids of claims'
    events in Kafka by key, in the order in which each came first.
    """

    timeline: Mapping[tuple[str, str], Sequence[tuple[UUID, str]]]
    parked: Mapping[tuple[str, str], Sequence[UUID]] = field(default_factory=dict)
    claims: Mapping[UUID, tuple[int, int, bool]] = field(default_factory=dict)
    feeds: Mapping[str, Sequence[Shown]] = field(default_factory=dict)
    log: Mapping[str, Sequence[UUID]] = field(default_factory=dict)


def problems(people: Iterable[Person], seen: Seen) -> list[str]:
    """What is wrong, in sentences; empty when every promise held."""
    found = list(_doubled(seen))
    for person in people:
        found += _timeline(person, seen)
        found += _projection(person, seen)
        found += _feeds(person, seen)
        found += _log(person, seen)
        found += _second_step(person, seen)
    return found


def _doubled(seen: Seen) -> Iterable[str]:
    """No group handles an event twice, no feed shows one twice."""
    for (group, key), events in seen.timeline.items():
        yield from _twice(f"{group} handled {key}", [event for event, _ in events])
    for institution, shown in seen.feeds.items():
        yield from _twice(f"the feed of {institution} shows", [one.event for one in shown])


def _twice(what: str, ids: Sequence[UUID]) -> Iterable[str]:
    return (f"{what}: {one} {count} times" for one, count in Counter(ids).items() if count > 1)


def _timeline(person: Person, seen: Seen) -> Iterable[str]:
    """What was handled, then what is parked, is what was told: nothing lost, nothing invented, in order."""
    events = seen.timeline.get((CLAIMS, person.subject), ())
    handled = [event for event, kind in events if kind.startswith("be.mediationhub.claim.")]
    parked = list(seen.parked.get((CLAIMS, person.subject), ()))
    return _compared(f"{CLAIMS} of {person.subject}", [one.event for one in person.told], handled + parked)


def _compared(what: str, wanted: Sequence[UUID], found: Sequence[UUID]) -> Iterable[str]:
    if list(wanted) == list(found):
        return
    lost, strange = set(wanted) - set(found), set(found) - set(wanted)
    if lost:
        yield f"{what}: {len(lost)} lost, e.g. {min(lost)}"
    if strange:
        yield f"{what}: {len(strange)} that nobody told, e.g. {min(strange)}"
    if not lost and not strange:
        at = next((at for at, pair in enumerate(zip(wanted, found, strict=False)) if pair[0] != pair[1]), len(wanted))
        yield f"{what}: another order (or doubled) from place {at} of {len(wanted)}"


def _handled(person: Person, seen: Seen) -> list[Told]:
    """What was told and handled, in the order it was told."""
    done = {event for event, _ in seen.timeline.get((CLAIMS, person.subject), ())}
    return [one for one in person.told if one.event in done]


def _projection(person: Person, seen: Seen) -> Iterable[str]:
    """Each claim stands as its last handled event says; a claim of which nothing was handled stands nowhere."""
    last = {one.claim: (one.version, one.total, one.withdrawn) for one in _handled(person, seen)}
    for claim in {one.claim for one in person.told}:
        if seen.claims.get(claim) != last.get(claim):
            yield f"claim {claim} is {seen.claims.get(claim)}, its last event says {last.get(claim)}"


def _feeds(person: Person, seen: Seen) -> Iterable[str]:
    """Each viewer is shown each handled event's consequence once, in order."""
    wanted = [(one.event, _LEFT if one.withdrawn else _JOINED) for one in _handled(person, seen)]
    for viewer in person.viewers:
        shown = [
            (one.cause, one.type)
            for one in seen.feeds.get(viewer, ())
            if one.dossier == person.dossier and one.type in {_JOINED, _LEFT}
        ]
        what = f"feed of {viewer} on {person.dossier}"
        yield from _compared(what, [cause for cause, _ in wanted], [cause for cause, _ in shown])
        if sorted(map(str, wanted)) != sorted(map(str, shown)):
            yield f"{what}: not the types that were told"


def _log(person: Person, seen: Seen) -> Iterable[str]:
    """What was told, and what followed from it, came to Kafka: all of it, each key's in its order."""
    yield from _compared(
        f"log of {person.subject}", [one.event for one in person.told], seen.log.get(person.subject, ())
    )
    shown = seen.feeds.get(person.viewers[0], ())
    wanted = [one.event for one in shown if one.dossier == person.dossier and one.type in {_JOINED, _LEFT}]
    yield from _compared(f"log of {person.dossier}", wanted, seen.log.get(person.dossier, ()))


def _second_step(person: Person, seen: Seen) -> Iterable[str]:
    """The dossier's own group learned once that the office has claims, as soon as one was handled."""
    if (MEDIATION, person.dossier) in seen.parked:
        return
    learned = sum(kind == _FOUND for _, kind in seen.timeline.get((MEDIATION, person.dossier), ()))
    if learned != bool(_handled(person, seen)):
        yield f"{MEDIATION} of {person.dossier}: told {learned} times that there are claims"

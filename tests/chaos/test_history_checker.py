"""The history checker sees what it is there to see: a checker that never complains would prove nothing."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest

from tests.support.history import CLAIMS, MEDIATION, Person, Seen, Shown, Told, problems

pytestmark = pytest.mark.unit

SUBJECT, DOSSIER, CPAS, OFFICE = "p1", "d1", "cpas-1", "office-1"
SUBMITTED, CORRECTED = "be.mediationhub.claim.submitted.v1", "be.mediationhub.claim.corrected.v1"
JOINED, INVITED = "be.mediationhub.claim.joined.v1", "be.mediationhub.office.invited.v1"
FOUND = "be.mediationhub.claims.found.v1"
EVENTS = [UUID(int=n) for n in (11, 12, 13)]
FOLLOWING = [UUID(int=n) for n in (21, 22, 23)]
CLAIM = UUID(int=1)

PERSON = Person(
    subject=SUBJECT,
    dossier=DOSSIER,
    viewers=(CPAS, OFFICE),
    told=[Told(event=one, claim=CLAIM, version=n, total=100 * n) for n, one in enumerate(EVENTS, 1)],
)


def shown(order: Sequence[int]) -> list[Shown]:
    return [Shown(event=FOLLOWING[n], type=JOINED, cause=EVENTS[n], dossier=DOSSIER) for n in order]


def timeline(order: Sequence[int]) -> list[tuple[UUID, str]]:
    return [(UUID(int=99), INVITED), *((EVENTS[n], SUBMITTED if n == 0 else CORRECTED) for n in order)]


RIGHT = Seen(
    timeline={
        (CLAIMS, SUBJECT): timeline([0, 1, 2]),
        (MEDIATION, DOSSIER): [(UUID(int=98), FOUND)],
    },
    claims={CLAIM: (3, 300, False)},
    feeds={CPAS: shown([0, 1, 2]), OFFICE: shown([0, 1, 2])},
    log={SUBJECT: EVENTS, DOSSIER: FOLLOWING},
)


def claims_handled(order: Sequence[int]) -> Seen:
    return replace(RIGHT, timeline={**RIGHT.timeline, (CLAIMS, SUBJECT): timeline(order)})


def test_what_is_right_has_no_problems() -> None:
    assert problems([PERSON], RIGHT) == []


def test_lost_event_is_seen() -> None:
    assert f"{CLAIMS} of {SUBJECT}: 1 lost, e.g. {EVENTS[1]}" in problems([PERSON], claims_handled([0, 2]))


def test_event_handled_twice_is_seen() -> None:
    assert f"{CLAIMS} handled {SUBJECT}: {EVENTS[1]} 2 times" in problems([PERSON], claims_handled([0, 1, 1, 2]))


def test_other_order_is_seen() -> None:
    wanted = f"{CLAIMS} of {SUBJECT}: another order (or doubled) from place 1 of 3"
    assert problems([PERSON], claims_handled([0, 2, 1])) == [wanted]


def test_event_that_nobody_told_is_seen() -> None:
    assert problems([replace(PERSON, told=PERSON.told[:2])], RIGHT)[0].startswith(
        f"{CLAIMS} of {SUBJECT}: 1 that nobody told"
    )


def test_projection_that_is_not_the_last_event_is_seen() -> None:
    stale = replace(RIGHT, claims={CLAIM: (2, 200, False)})
    assert problems([PERSON], stale) == [
        f"claim {CLAIM} is (2, 200, False), its last event says (3, 300, False)",
    ]


def test_feed_that_lacks_doubles_or_disorders_an_event_is_seen() -> None:
    for order in ([0, 1], [0, 1, 1, 2], [0, 2, 1]):
        assert problems([PERSON], replace(RIGHT, feeds={**RIGHT.feeds, OFFICE: shown(order)})), order


def test_following_event_that_never_reached_kafka_or_overtook_another_is_seen() -> None:
    lost = replace(RIGHT, log={**RIGHT.log, DOSSIER: FOLLOWING[:1]})
    assert problems([PERSON], lost) == [f"log of {DOSSIER}: 2 lost, e.g. {FOLLOWING[1]}"]
    overtaken = replace(RIGHT, log={**RIGHT.log, SUBJECT: EVENTS[::-1]})
    assert problems([PERSON], overtaken) == [f"log of {SUBJECT}: another order (or doubled) from place 0 of 3"]


def test_dossier_that_never_learned_of_claims_or_learned_twice_is_seen() -> None:
    for learned in ([], [(UUID(int=98), FOUND), (UUID(int=97), FOUND)]):
        wrong = replace(RIGHT, timeline={**RIGHT.timeline, (MEDIATION, DOSSIER): learned})
        assert problems([PERSON], wrong) == [
            f"{MEDIATION} of {DOSSIER}: told {len(learned)} times that there are claims"
        ]


def test_parked_rest_in_its_order_without_effect_is_right_and_anything_else_is_not() -> None:
    first = replace(
        claims_handled([0]),
        claims={CLAIM: (1, 100, False)},
        feeds={CPAS: shown([0]), OFFICE: shown([0])},
        log={SUBJECT: EVENTS, DOSSIER: FOLLOWING[:1]},
    )

    assert problems([PERSON], replace(first, parked={(CLAIMS, SUBJECT): EVENTS[1:]})) == []
    assert problems([PERSON], replace(first, parked={(CLAIMS, SUBJECT): EVENTS[:0:-1]})) != []
    assert problems([PERSON], replace(first, parked={(CLAIMS, SUBJECT): EVENTS[2:]})) != []
    assert problems([PERSON], replace(first, parked={(CLAIMS, SUBJECT): EVENTS[1:]}, claims=RIGHT.claims)) != []

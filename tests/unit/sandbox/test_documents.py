"""What simulators send keeps the exchange contracts; what must be refused breaks exactly its rule."""

from datetime import date
from random import Random

import pytest
from lxml import etree

from connectors import CONNECTORS
from hub.sdk import Fact, MappingRefusedError, root_envelope
from sandbox import claims, notices
from sandbox.fca import bad_registration
from sandbox.people import Population
from sandbox.xml import Element, document, envelope
from schemas.claims import ClaimSubmitted

POPULATION = Population.of(seed=3, people=60, offices=5, cpas=2)
TODAY = date(2026, 7, 1)


def mapped(connector: str, root: Element) -> tuple[Fact, ...]:
    """What a connector makes of a document, after its schema."""
    read = etree.fromstring(document(root))
    of = CONNECTORS[connector]
    etree.XMLSchema(etree.parse(str(of.schema))).assertValid(read)
    kind = of.documents[str(read.tag)]
    items = read.iterchildren(kind.item) if kind.item else [read]
    return tuple(fact for item in items for fact in kind.mapping(item, root_envelope(read)))


def test_notices_of_every_kind_are_accepted() -> None:
    random, kinds = Random(1), set()
    for n, person in enumerate(POPULATION.people):
        office = POPULATION.offices[n % 5] if n % 6 else None
        notice = notices.new_notice(random, f"A{n}", person, office, TODAY)
        (fact,) = mapped("fca", notices.registration(notice, **envelope(f"m{n}", "fca")))
        assert fact.data.identifier() == person.niss
        kinds.add(notice.kind)
    assert kinds == {"N1", "N2", "N3", "N5", "N9", "N10"}


def test_everything_that_happens_to_a_notice_is_accepted() -> None:
    notice = notices.new_notice(Random(1), "A1", POPULATION.people[0], POPULATION.offices[0], TODAY)
    entries = [
        notices.strike(notice, TODAY),
        notices.suspension(notice, TODAY),
        notices.reactivation(notice, TODAY),
        notices.renewal(notices.changed(notice, expires_on=date(2029, 7, 1)), TODAY),
        notices.holder_change(notices.changed(notice, office="etude-002"), TODAY),
        notices.registration(notices.changed(notice, version=2)),
    ]
    drop = notices.x("Notices", envelope("m", "fca"), *(notices.x("Entry", None, entry) for entry in entries))

    facts = mapped("fca", drop)

    assert [type(fact.data).__name__ for fact in facts] == [
        "NoticeStruck",
        "NoticeSuspended",
        "NoticeReactivated",
        "NoticeRenewed",
        "NoticeHolderChanged",
        "NoticeVersioned",
    ]


def test_claims_are_accepted_with_the_amounts_of_the_ledger() -> None:
    random, office = Random(2), POPULATION.offices[0]
    for n, person in enumerate(POPULATION.people, 1):
        claim = claims.new_claim(random, office, n, person)
        (fact,) = mapped("cia", claims.claim_element(claim, "a@b.invalid", **envelope(f"m{n}", office.id)))
        assert isinstance(fact.data, ClaimSubmitted)
        assert fact.data.total == claim.heads.total
        assert fact.data.heads.principal == claim.heads.principal
        assert fact.data.heads.client_costs == claim.heads.client_costs


def test_bad_items_break_the_rule_they_are_named_after() -> None:
    office = POPULATION.offices[0]
    claim = claims.new_claim(Random(2), office, 1, POPULATION.people[0])
    for rule, element in claims.bad_claims(claim, "a@b.invalid").items():
        root = claims.x("Synchronisation", envelope("m", office.id, sequence=1), claims.x("Entry", None, element))
        with pytest.raises(MappingRefusedError) as refusal:
            mapped("cia", root)
        assert [problem.code for problem in refusal.value.problems] == [rule]


def test_bad_notice_breaks_the_check_digits_alone() -> None:
    notice = notices.new_notice(Random(1), "A1", POPULATION.people[0], POPULATION.offices[0], TODAY)
    root = notices.x("Notices", envelope("m", "fca"), notices.x("Entry", None, bad_registration(notice)))
    with pytest.raises(MappingRefusedError) as refusal:
        mapped("fca", root)
    assert [problem.code for problem in refusal.value.problems] == ["niss-checksum"]

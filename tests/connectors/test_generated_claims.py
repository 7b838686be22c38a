"""Any claim that the contract's grammar allows is mapped whole, or refused by a rule with a name; nothing else."""

import json
from dataclasses import dataclass
from decimal import Decimal
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.domain.messaging.messages import MESSAGES
from schemas.claims import ClaimCorrected, ClaimSubmitted
from tests.connectors.documents import read

pytestmark = pytest.mark.unit

Amounts = dict[str, int]

_text = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co", "Zl", "Zp")), min_size=1, max_size=30).filter(
    lambda text: text.strip() and not text[0].isspace()
)
_cents = st.integers(0, 10**9)
_split = st.fixed_dictionaries(
    dict.fromkeys(("principal", "interest", "penaltyClause", "administrative", "bailiffCosts"), _cents)
)
_whole = st.fixed_dictionaries(dict.fromkeys(("principal", "interest", "clientCosts", "bailiffCosts"), _cents))
_lines = st.lists(_split, min_size=1, max_size=4) | st.lists(_whole, min_size=1, max_size=4)


def _niss(fields: str) -> str:
    century = 2_000_000_000 if int(fields[:2]) < 26 else 0
    return f"{fields}{97 - (century + int(fields)) % 97:02d}"


def _ogm(base: int) -> str:
    return f"{base:010d}{base % 97 or 97:02d}"


def _iban(base: int) -> str:
    account = _ogm(base)
    return f"BE{98 - int(account + '111400') % 97:02d}{account}"


_numbers = st.integers(0, 10**10 - 1)
_niss_numbers = st.builds(
    "{:02d}{:02d}{:02d}{:03d}".format, st.integers(0, 99), st.integers(0, 12), st.integers(0, 28), st.integers(1, 998)
).map(_niss)


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim whose sums hold."""

    version: int
    niss: str
    iban: str
    ogm: str
    creditor: str
    reference: str
    lines: list[Amounts]

    @property
    def heads(self) -> Amounts:
        return {name: sum(line[name] for line in self.lines) for name in self.lines[0]}

    @property
    def total(self) -> int:
        return sum(self.heads.values())

    def xml(self) -> bytes:
        lines = "".join(f'<Line performedOn="2025-03-01" invoice="F" {_attributes(line)}/>' for line in self.lines)
        return f"""<Claim xmlns="urn:be:mediationhub:cia:1" messageId="m-1" sender="e-1" sentAt="2026-01-15T09:30:00Z"
            office="e-1" reference={quoteattr(self.reference)} version="{self.version}" phase="judicial"
            total="{_euro(self.total)}"><Debtor niss="{self.niss}"/><Creditor name={quoteattr(self.creditor)}/>
            <Client reference="C"/><Payment iban="{self.iban}" kind="ogm" reference="{self.ogm}"/>
            <Contact name="N" email="a@b.example"/><Heads {_attributes(self.heads)}/>{lines}</Claim>""".encode()


def _euro(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _attributes(amounts: Amounts) -> str:
    return " ".join(f'{name}="{_euro(cents)}"' for name, cents in amounts.items())


_claims = st.builds(
    Claim, st.integers(1, 10**9), _niss_numbers, _numbers.map(_iban), _numbers.map(_ogm), _text, _text, _lines
)


@settings(deadline=None)  # other work may share the cores
@given(_claims)
def test_any_valid_claim_is_mapped_whole(claim: Claim) -> None:
    reading = read("cia", claim.xml())

    assert reading.findings == []
    (fact,) = reading.facts
    data = fact.data
    assert isinstance(data, ClaimSubmitted)
    assert isinstance(data, ClaimCorrected) == (claim.version > 1)
    assert data.total == Decimal(claim.total) / 100
    assert data.niss == claim.niss
    assert data.creditor == claim.creditor
    assert data.reference == claim.reference
    assert data.lines is not None
    assert sum(line.heads.principal for line in data.lines) == data.heads.principal
    assert (data.heads.penalty_clause is None) == ("clientCosts" in claim.heads)


@settings(deadline=None)  # other work may share the cores
@given(_claims)
def test_what_is_readable_says_nothing_of_the_person(claim: Claim) -> None:
    (fact,) = read("cia", claim.xml()).facts

    readable = json.dumps(fact.data.clear_json())

    assert claim.niss not in readable
    assert claim.iban not in readable
    assert claim.ogm not in readable


@settings(deadline=None)  # other work may share the cores
@given(_claims, st.data())
def test_one_changed_digit_is_refused_by_a_rule_or_changes_no_sum(claim: Claim, data: st.DataObject) -> None:
    text = claim.xml().decode()
    start = text.index("messageId")
    places = [place for place, sign in enumerate(text) if place > start and sign.isascii() and sign.isdigit()]
    place = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from("0123456789"))

    reading = read("cia", f"{text[:place]}{digit}{text[place + 1 :]}".encode())

    assert all(finding.code in MESSAGES for finding in reading.findings)
    assert bool(reading.facts) != bool(reading.findings)
    for fact in reading.facts:
        assert isinstance(fact.data, ClaimSubmitted)
        heads = fact.data.heads
        assert fact.data.total == heads.principal + heads.interest + heads.client_costs + heads.bailiff_costs

"""Claims as bailiff software keeps and sends them (manual §4.4; fca-cpc §4.5)."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from sandbox.amounts import CENT, Heads, some_heads
from sandbox.names import NAMES
from sandbox.numbers import damaged, enterprise_number, iban, ogm
from sandbox.people import Office, Person
from sandbox.xml import CIA, Element, Vocabulary

x = Vocabulary(CIA)

_PHASES = ("amicable", "judicial")


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """A claim as its office knows it now. ``n`` counts the office's claims and makes its numbers."""

    office: str
    reference: str
    n: int
    person: Person
    heads: Heads
    version: int = 1
    withdrawn: bool = False


def new_claim(random: Random, office: Office, n: int, person: Person) -> Claim:
    """The ``n``-th claim of an office."""
    reference = f"{office.id[-3:]}/2026/{n:05d}"
    return Claim(office=office.id, reference=reference, n=n, person=person, heads=some_heads(random))


def corrected(claim: Claim, random: Random) -> Claim:
    """The claim in its next version, with other amounts."""
    return replace(claim, version=claim.version + 1, heads=some_heads(random))


def withdrawn(claim: Claim) -> Claim:
    """The claim taken back."""
    return replace(claim, version=claim.version + 1, withdrawn=True)


def claim_element(claim: Claim, email: str, **envelope: object) -> Element:
    """A claim, or its withdrawal."""
    name = {**envelope, "office": claim.office, "reference": claim.reference, "version": claim.version}
    if claim.withdrawn:
        return x("Withdrawal", {**name, "niss": claim.person.niss}, x("Reason", None, "Payé au créancier"))
    names = NAMES[claim.person.language]
    creditor = f"{names.surnames[claim.n % len(names.surnames)]} Énergie"
    return x(
        "Claim",
        {**name, "phase": _PHASES[claim.n % 2], "total": f"{claim.heads.total:.2f}"},
        x("Debtor", {"niss": claim.person.niss, "name": claim.person.name, "firstName": claim.person.first_name}),
        x("Creditor", {"name": creditor, "enterpriseNumber": enterprise_number(claim.n % 100_000)}),
        x("Client", {"name": creditor, "reference": f"C{claim.n:06d}"}),
        x("Payment", {"iban": iban(138, claim.n), "kind": "ogm", "reference": ogm(claim.n)}),
        x("Contact", {"name": "Service des dossiers", "email": email}),
        x("Heads", claim.heads.attributes()),
        *_lines(claim),
    )


def bad_claims(claim: Claim, email: str) -> dict[str, Element]:
    """The same claim with one rule broken each, by the rule; each under a reference of its own."""

    def copy(rule: str) -> Element:
        return claim_element(replace(claim, reference=f"{claim.reference}-{rule[:12]}"), email)

    total, account, person = copy("total-not-sum"), copy("iban-checksum"), copy("niss-checksum")
    total.set("total", f"{claim.heads.total + CENT:.2f}")
    payment, debtor = account.find("{*}Payment"), person.find("{*}Debtor")
    assert payment is not None  # noqa: S101 - every claim has them
    assert debtor is not None  # noqa: S101 - every claim has them
    number = iban(138, claim.n)
    payment.set("iban", f"{number[:2]}{(int(number[2:4]) + 1) % 100:02d}{number[4:]}")
    debtor.set("niss", damaged(claim.person.niss))
    return {"total-not-sum": total, "iban-checksum": account, "niss-checksum": person}


def _lines(claim: Claim) -> list[Element]:
    """One line of account, or two that sum to the heads."""
    heads = (claim.heads,) if claim.n % 3 else claim.heads.halves()
    day = date(2025, 1, 6)
    return [
        x(
            "Line",
            {
                "performedOn": day + timedelta(days=30 * n),
                "invoice": f"F{claim.n:06d}-{n + 1}",
                **one.attributes(),
            },
        )
        for n, one in enumerate(heads)
    ]

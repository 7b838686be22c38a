"""The claims that are measured with: as events waiting for Kafka, and as documents of bailiff software."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from uuid import UUID

from bench.people import OFFICES, SEED, Client, batched, clients_of, cloudevent, cpas_by_niss
from hub.application.envelope import outbox_row
from hub.application.intake.seal_events import sealed
from hub.application.ports import OutboxRow
from hub.bootstrap.hub import Hub
from hub.domain.messaging.cloudevent import CloudEvent, event_id_of
from sandbox.claims import claim_element, new_claim, x
from sandbox.people import Population
from sandbox.xml import document, envelope
from schemas.claims import ClaimSubmitted, Heads

_BATCH = 2000
_CONTACT = "dossiers@etude.sandbox.invalid"


async def claim_events(hub: Hub, everybody: Population, count: int) -> list[OutboxRow]:
    """So many claims, sealed and encoded as the intake leaves them in the outbox; values of about 430 bytes."""
    random = Random(SEED)  # noqa: S311 - the same claims every time, nothing secret
    clients, offices = clients_of(hub, everybody), [office.id for office in everybody.offices]
    rows: list[OutboxRow] = []
    for numbers in batched(range(count), _BATCH):
        events = [_claim(random, random.choice(clients), offices[n % OFFICES], n) for n in numbers]
        rows += [outbox_row(event, hub.topics) for event in await sealed(events, hub.vault)]
    return rows


@dataclass(frozen=True, slots=True)
class Told:
    """A document and the claims in it, by the ids the hub gives them, with the CPAS of each one's dossier."""

    content: bytes
    claims: tuple[tuple[UUID, str], ...]

    def claims_of(self, cpas: str) -> list[UUID]:
        """The claims that one CPAS will see."""
        return [claim for claim, owner in self.claims if owner == cpas]


def synchronisation(everybody: Population, office: int, sequence: int, count: int) -> Told:
    """A bulk document of an office, in the form of cia.xsd."""
    random = Random(f"{SEED}/{office}/{sequence}")  # noqa: S311 - the same claims every time
    mine = everybody.offices[office]
    first = sequence * count
    told = [new_claim(random, mine, first + n, random.choice(everybody.people)) for n in range(count)]
    root = envelope(f"bench-{sequence}", mine.id, sequence=sequence)
    entries = (x("Entry", None, claim_element(one, _CONTACT)) for one in told)
    owners = cpas_by_niss(everybody)
    ids = tuple((event_id_of("claim", one.office, one.reference), owners[one.person.niss]) for one in told)
    return Told(document(x("Synchronisation", root, *entries)), ids)


def single(everybody: Population, office: int, n: int) -> bytes:
    """A document of one claim."""
    random = Random(f"{SEED}/{n}")  # noqa: S311 - the same claims every time
    mine = everybody.offices[office]
    claim = new_claim(random, mine, n, random.choice(everybody.people))
    return document(claim_element(claim, _CONTACT, **envelope(f"bench-single-{n}", mine.id)))


def mean_value(rows: Sequence[OutboxRow]) -> float:
    """Bytes of a value, on average."""
    return sum(len(row.value or b"") for row in rows) / len(rows)


def _claim(random: Random, client: Client, office: str, n: int) -> CloudEvent:
    principal, interest, bailiff = (Decimal(random.randint(100, most)) / 100 for most in (480_000, 40_000, 35_000))
    heads = Heads(principal=principal, interest=interest, client_costs=Decimal("75.00"), bailiff_costs=bailiff)
    reference = f"2026/{n:06d}"
    data = ClaimSubmitted(
        claim=event_id_of("claim", office, reference),
        office=office,
        version=1,
        niss=client.person.niss,
        reference=reference,
        name=f"{client.person.name} {client.person.first_name}",
        creditor="Énergie du Bocage",
        phase="judicial",
        heads=heads,
        total=principal + interest + bailiff + Decimal("75.00"),
    )
    source = f"/connectors/cia/{office}"
    return cloudevent(data, subject=client.subject, key=client.subject, name=f"claim/{n}", source=source)

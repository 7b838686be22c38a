"""Who the measured claims are about: people with an open dossier, to which every office was invited.

Synthetic, the same every time. They stand in a template database that each round copies.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import TypeVar

from hub.adapters.postgres.institutions import PostgresInstitutions
from hub.application.envelope import encode, kafka_headers
from hub.application.intake.callers import Institution
from hub.application.intake.institutions import InstitutionAdministration
from hub.application.intake.seal_events import sealed
from hub.application.ports import Record
from hub.bootstrap.connectors import connectors
from hub.bootstrap.hub import Hub
from hub.domain.messaging.cloudevent import CloudEvent, dossier_of, event_id_of
from sandbox.people import Person, Population
from schemas.event import Event
from schemas.mediation import Consent, OfficeInvited, RegisterClient
from schemas.notices import KnownBailiffsFound, KnownOffice

SEED = 20260302
OFFICES = 4
CPAS = 4
CLAIMS_PER_PERSON = 24
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_BATCH = 2000
_TOLD_OF_IT = "inbox, outbox, timeline, feed, delivery, delivery_attempt, timer"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Client:
    """A person with her dossier."""

    person: Person
    subject: str
    cpas: str

    @property
    def dossier(self) -> str:
        """The dossier's pseudonym."""
        return dossier_of(self.subject, self.cpas)


def population(claims: int) -> Population:
    """As many people as so many claims are about."""
    return Population.of(seed=SEED, people=max(50, claims // CLAIMS_PER_PERSON), offices=OFFICES, cpas=CPAS)


def cpas_by_niss(everybody: Population) -> Mapping[str, str]:
    """The CPAS of each person."""
    return {person.niss: everybody.cpas[n % CPAS].id for n, person in enumerate(everybody.people)}


def clients_of(hub: Hub, everybody: Population) -> list[Client]:
    """Every person as the client of a CPAS."""
    return [
        Client(person, hub.vault.subject_of(person.niss), everybody.cpas[n % CPAS].id)
        for n, person in enumerate(everybody.people)
    ]


async def open_dossiers(hub: Hub, everybody: Population) -> None:
    """Open every dossier and invite every office to it; then forget the events that told of it."""
    mediation, claims = hub.consume("hub.mediation"), hub.consume("hub.claims")
    offices = [office.id for office in everybody.offices]
    for clients in batched(clients_of(hub, everybody), _BATCH // OFFICES):
        registered = await sealed([_registration(one) for one in clients], hub.vault)
        await mediation.handle([record(event) for event in registered])
        await mediation.handle([record(_bailiffs(one, offices)) for one in clients])
        await claims.handle([record(_invitation(one, office)) for one in clients for office in offices])
    await hub.database.pool.execute(f"TRUNCATE {_TOLD_OF_IT}")
    await hub.database.pool.execute("VACUUM ANALYZE")


async def register_institutions(hub: Hub, everybody: Population) -> Mapping[str, str]:
    """Every office and CPAS as a caller; its API key by its id."""
    kinds = {name: one.institutions for name, one in connectors().items()}
    directory = PostgresInstitutions(hub.database)
    administration = InstitutionAdministration(directory, connectors=kinds, topics=hub.topics)
    wanted = [*(("office", one.id, ("cia",)) for one in everybody.offices)]
    keys: dict[str, str] = {}
    for kind, name, granted in (*wanted, *(("cpas", one.id, ()) for one in everybody.cpas)):
        await administration.add(Institution(id=name, kind=kind, name=name, email=None, language="fr"))
        keys[name] = (await administration.key(name, granted, ()))[1]
    return keys


def record(event: CloudEvent) -> Record:
    """An event as a consumer gets it."""
    headers, value = encode(event)
    return Record(
        topic="bench",
        partition=0,
        offset=0,
        timestamp=0,
        key=event.partitionkey.encode(),
        value=value,
        headers=tuple(kafka_headers(headers)),
    )


def cloudevent(data: Event, *, subject: str, key: str, name: str, source: str = "/bench") -> CloudEvent:
    """An event whose id derives from its name."""
    return CloudEvent(
        id=event_id_of("bench", name),
        source=source,
        type=data.type,
        time=NOW,
        recordedtime=NOW,
        partitionkey=key,
        subject=subject,
        correlationid=key,
        data=data,
    )


def batched(items: Sequence[T], size: int) -> Iterator[list[T]]:
    """The items in lists of at most ``size``."""
    rest = iter(items)
    while found := list(islice(rest, size)):
        yield found


def _registration(client: Client) -> CloudEvent:
    person = client.person
    data = RegisterClient(
        cpas=client.cpas,
        stage="Dans la recherche",
        consent=Consent(registration=True, sharing=True, text_version="2021-09", given_at=NOW),
        language=person.language,
        niss=person.niss,
        name=person.name,
        first_name=person.first_name,
    )
    return _of(client, data, "registered")


def _bailiffs(client: Client, offices: Sequence[str]) -> CloudEvent:
    known = tuple(KnownOffice(office=office, notices=("N-1",)) for office in offices)
    return _of(client, KnownBailiffsFound(dossier=client.dossier, cpas=client.cpas, offices=known), "found")


def _invitation(client: Client, office: str) -> CloudEvent:
    data = OfficeInvited(
        dossier=client.dossier,
        cpas=client.cpas,
        office=office,
        invitation=f"{client.dossier}.{office}",
        answer_by=NOW,
    )
    return _of(client, data, f"invited/{office}")


def _of(client: Client, data: Event, what: str) -> CloudEvent:
    name = f"{what}/{client.dossier}"
    return cloudevent(data, subject=client.subject, key=client.dossier, name=name)

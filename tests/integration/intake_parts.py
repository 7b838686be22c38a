"""The intake of a test: every part over one database, as ``hub.bootstrap`` puts them together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import httpx
from fastapi import FastAPI

from connectors import CONNECTORS
from hub.adapters.crypto.cipher import MasterKey, Pseudonyms
from hub.adapters.crypto.document import MasterDocumentKeys
from hub.adapters.crypto.receipts import Ed25519Signer
from hub.adapters.postgres.database import Database
from hub.adapters.postgres.documents import PostgresDocuments
from hub.adapters.postgres.feeds import PostgresFeeds
from hub.adapters.postgres.institutions import PostgresInstitutions
from hub.adapters.postgres.person_keys import PostgresPersonKeys
from hub.adapters.postgres.reading import PostgresDossiers
from hub.adapters.topics_file import read_topics
from hub.adapters.xml.contract import LxmlContract
from hub.application.documents import ReadDocuments
from hub.application.identify import ApiKeys
from hub.application.institutions import InstitutionAdministration
from hub.application.intake import Intake
from hub.application.intake_ports import Institution
from hub.application.publish_events import PublishEvents
from hub.application.read_dossiers import ReadDossiers
from hub.application.receipts import ReceiptWriter
from hub.application.submission import Limits
from hub.application.subscribe import Subscribe
from hub.application.take_bulk import BulkTaker
from hub.application.take_single import SingleTaker
from hub.application.vault import Vault
from hub.entrypoints.http.app import create_app
from hub.entrypoints.http.doors import Doors
from hub.entrypoints.http.server import serving

MASTER, PSEUDONYM, SIGNING = b"m" * 32, b"p" * 32, b"s" * 32
ISSUER = "https://hub.example"


def now() -> datetime:
    return datetime.now(UTC)


class Parts:
    """Use cases over one database; ``limits`` may be narrowed by a test."""

    def __init__(self, database: Database, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.database = database
        self.topics = read_topics()
        self.master = MasterKey(MASTER)
        self.keys = MasterDocumentKeys(self.master)
        self.signer = Ed25519Signer(SIGNING)
        self.documents = PostgresDocuments(database)
        self.institutions = PostgresInstitutions(database)
        self.vault = Vault(PostgresPersonKeys(database, self.master), Pseudonyms(PSEUDONYM))
        kinds = {name: one.institutions for name, one in CONNECTORS.items()}
        self.administration = InstitutionAdministration(self.institutions, connectors=kinds, topics=self.topics)
        shared = {
            "documents": self.documents,
            "vault": self.vault,
            "topics": self.topics,
            "receipts": ReceiptWriter(self.signer, ISSUER),
            "clock": now,
        }
        single = SingleTaker(**shared)  # type: ignore[arg-type]  # one dict for both
        bulk = BulkTaker(**shared, limits=self.limits)  # type: ignore[arg-type]  # one dict for both
        self.intake = self._intake(single, bulk)
        self.publish = PublishEvents(
            documents=self.documents,
            keys=self.keys,
            single=single,
            vault=self.vault,
            topics=self.topics,
            clock=now,
            limits=self.limits,
        )

        self.feed = Subscribe(PostgresFeeds(self.database), self.vault)

    def _intake(self, single: SingleTaker, bulk: BulkTaker) -> Intake:
        contracts = {
            name: LxmlContract(one, item_bytes=262_144, depth=64, attributes=64) for name, one in CONNECTORS.items()
        }
        return Intake(
            contracts=contracts,
            documents=self.documents,
            keys=self.keys,
            single=single,
            bulk=bulk,
            vault=self.vault,
            clock=now,
            limits=self.limits,
        )

    def app(self) -> FastAPI:
        return create_app(
            Doors(
                callers=ApiKeys(self.institutions, age=0.2),
                intake=self.intake,
                publish=self.publish,
                documents=ReadDocuments(self.documents, self.keys, page=self.limits.page),
                dossiers=ReadDossiers(PostgresDossiers(self.database), self.vault),
                feed=self.feed,
                signer=self.signer,
                clock=now,
                most_bytes=self.limits.most,
                ready=self._ready,
                metrics=lambda: b"",
            )
        )

    async def _ready(self) -> bool:
        return bool(await self.database.pool.fetchval("SELECT 1"))

    async def key(self, institution: str, kind: str, connectors: tuple[str, ...], types: tuple[str, ...] = ()) -> str:
        """An institution with a key; gives the ``Authorization`` header."""
        await self.institutions.add(
            Institution(id=institution, kind=kind, name=f"Test {institution}", email=None, language="en")
        )
        _, text = await self.administration.key(institution, connectors, types)
        return f"Bearer {text}"


@asynccontextmanager
async def door(parts: Parts) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the app on a real port."""
    async with (
        serving(parts.app(), host="127.0.0.1", port=0) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client,
    ):
        yield client

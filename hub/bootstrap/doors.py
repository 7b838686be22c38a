"""The doors of the hub: who may come in, what becomes of documents and events."""

from functools import cached_property

from connectors import CONNECTORS
from hub.adapters.crypto.document import MasterDocumentKeys
from hub.adapters.crypto.receipts import Ed25519Signer
from hub.adapters.mails.reading import PartnerMails
from hub.adapters.mails.verdicts import MailPolicy
from hub.adapters.postgres.answers import PostgresAnswers
from hub.adapters.postgres.bank_calls import PostgresGates
from hub.adapters.postgres.database import listen
from hub.adapters.postgres.debts import PostgresDebts
from hub.adapters.postgres.documents import PostgresDocuments
from hub.adapters.postgres.feeds import PostgresFeeds
from hub.adapters.postgres.institutions import PostgresInstitutions
from hub.adapters.postgres.rcd import PostgresSettlements
from hub.adapters.postgres.reading import PostgresDossiers
from hub.adapters.postgres.returned import PostgresReturned
from hub.adapters.xlsx.archive import SheetLimits
from hub.adapters.xlsx.late import LateWorkbooks
from hub.adapters.xml.contract import LxmlContract
from hub.application.consult.read_answers import ReadAnswers
from hub.application.intake.admit import acts_of_living_cases, mutations_of_integrated
from hub.application.intake.documents import ReadDocuments
from hub.application.intake.identify import ApiKeys
from hub.application.intake.institutions import InstitutionAdministration
from hub.application.intake.mark_workbook import MarkWorkbook
from hub.application.intake.notations import Notations
from hub.application.intake.publish_events import PublishEvents
from hub.application.intake.receipts import ReceiptWriter
from hub.application.intake.soap_call import OpenSoap
from hub.application.intake.submission import Limits
from hub.application.intake.take_bulk import BulkTaker
from hub.application.intake.take_document import Intake
from hub.application.intake.take_file import TakeFile
from hub.application.intake.take_single import SingleTaker
from hub.application.read.read_debts import ReadDebts
from hub.application.read.read_dossiers import ReadDossiers
from hub.application.read.subscribe import Subscribe
from hub.bootstrap.parts import Parts
from hub.bootstrap.places import ISSUER
from hub.bootstrap.signatures import file_signature, soap_opener

_LARGEST_ITEM = 256 * 1024


class DoorParts(Parts):
    """Intake of documents and events."""

    @cached_property
    def limits(self) -> Limits:
        """What a document may be."""
        intake = self.settings.intake
        return Limits(most=intake.max_bytes, ratio=intake.max_gzip_ratio, retention=intake.retention)

    @cached_property
    def signer(self) -> Ed25519Signer:
        """Signs receipts."""
        return Ed25519Signer(self.secrets.signing)

    @cached_property
    def document_keys(self) -> MasterDocumentKeys:
        """Keys of documents."""
        return MasterDocumentKeys(self.master)

    @cached_property
    def documents(self) -> PostgresDocuments:
        """Documents as they came."""
        return PostgresDocuments(self.database, self.case_accesses)

    @cached_property
    def institutions(self) -> InstitutionAdministration:
        """Institutions and their keys, for administrators."""
        kinds = {name: one.institutions for name, one in CONNECTORS.items()}
        return InstitutionAdministration(self._institutions, connectors=kinds, topics=self.topics)

    @cached_property
    def callers(self) -> ApiKeys:
        """Who is calling."""
        return ApiKeys(self._institutions)

    @cached_property
    def _institutions(self) -> PostgresInstitutions:
        return PostgresInstitutions(self.database)

    @cached_property
    def _receipts(self) -> ReceiptWriter:
        return ReceiptWriter(self.signer, self.settings.http.public_url or ISSUER)

    @cached_property
    def settlements(self) -> PostgresSettlements:
        """What is known of collective settlements; whether the register is away."""
        return PostgresSettlements(self.database)

    @cached_property
    def _single(self) -> SingleTaker:
        return SingleTaker(
            documents=self.documents,
            vault=self.vault,
            topics=self.topics,
            receipts=self._receipts,
            clock=self.clock,
        )

    @cached_property
    def intake(self) -> Intake:
        """The one door for documents."""
        bulk = BulkTaker(
            documents=self.documents,
            vault=self.vault,
            topics=self.topics,
            receipts=self._receipts,
            clock=self.clock,
            limits=self.limits,
        )
        settings = self.settings.intake
        bounds = {"item_bytes": _LARGEST_ITEM, "depth": settings.max_depth, "attributes": settings.max_attributes}
        return Intake(
            contracts={name: LxmlContract(one, **bounds) for name, one in CONNECTORS.items()},
            documents=self.documents,
            keys=self.document_keys,
            single=self._single,
            bulk=bulk,
            vault=self.vault,
            numbers=self.aliases,
            clock=self.clock,
            limits=self.limits,
            notations=Notations(self._workbooks, PartnerMails(self._mail_policy)),
            settlements=self.settlements,
            admissions={
                "mutations": mutations_of_integrated(PostgresAnswers(self.database), self.clock),
                "justrestart": acts_of_living_cases(self.settlements),
            },
            spans=self.spans,
        )

    @property
    def _mail_policy(self) -> MailPolicy:
        """Whose mails are believed."""
        mails = self.settings.mails
        domains, require = (
            tuple(one.strip().casefold() for one in (text or "").split(",") if one.strip())
            for text in (mails.domains, mails.require)
        )
        return MailPolicy(domains=domains, authority=mails.authority or "", require=require)

    @cached_property
    def _workbooks(self) -> LateWorkbooks:
        """Reads workbooks."""
        intake = self.settings.intake
        return LateWorkbooks(
            SheetLimits(
                most=intake.workbook_bytes,
                unpacked=intake.workbook_unpacked,
                ratio=intake.max_gzip_ratio,
                rows=intake.workbook_rows,
            )
        )

    @cached_property
    def open_soap(self) -> OpenSoap:
        """Opens SOAP envelopes, and looks at their signatures."""
        return soap_opener(self.settings, CONNECTORS, self.clock)

    @cached_property
    def take_file(self) -> TakeFile:
        """The door for files of watched folders."""
        return TakeFile(
            self.intake,
            self._institutions,
            self.clock,
            believe=file_signature(self.settings.bcss, self.clock),
            batches=self.settings.bcss.mutation_files,
            workbooks=self.mark_workbook,
        )

    @cached_property
    def publish(self) -> PublishEvents:
        """The one door for events of institutional systems."""
        return PublishEvents(
            documents=self.documents,
            keys=self.document_keys,
            single=self._single,
            vault=self.vault,
            topics=self.topics,
            clock=self.clock,
            limits=self.limits,
            spans=self.spans,
        )

    @cached_property
    def read_dossiers(self) -> ReadDossiers:
        """Dossiers for those they concern."""
        return ReadDossiers(PostgresDossiers(self.database), self.vault)

    @cached_property
    def read_answers(self) -> ReadAnswers:
        """Answers of the Crossroads Bank for the CPAS that asked."""
        answers, gates = PostgresAnswers(self.database), PostgresGates(self.database)
        return ReadAnswers(answers, gates=gates, vault=self.vault, clock=self.clock, rules=self.gate_rules)

    @cached_property
    def read_debts(self) -> ReadDebts:
        """Debt files for the CPAS they belong to."""
        return ReadDebts(PostgresDebts(self.database), self.vault)

    @cached_property
    def read_returns(self) -> PostgresReturned:
        """Documents returned to their sender."""
        return PostgresReturned(self.database)

    @cached_property
    def feeds(self) -> PostgresFeeds:
        """What institutions may see."""
        return PostgresFeeds(self.database)

    @cached_property
    def subscribe(self) -> Subscribe:
        """Feeds; rung by NOTIFY on ``hub_feed``."""
        return Subscribe(self.feeds, self.vault)

    async def ring_feeds(self) -> None:
        """Wake readers of feeds whenever one grew, until cancelled."""
        await listen(self.database.dsn, "hub_feed", lambda _said: self.subscribe.ring(), ready=self.subscribe.ring)

    @cached_property
    def read_documents(self) -> ReadDocuments:
        """A sender's own documents."""
        return ReadDocuments(self.documents, self.document_keys, page=self.limits.page)

    @cached_property
    def mark_workbook(self) -> MarkWorkbook:
        """Workbooks with what is wrong with them."""
        return MarkWorkbook(self.documents, self.document_keys, self._workbooks, self.read_documents)

"""Collective settlements as they are read; every reading is logged."""

import re
from functools import cached_property
from pathlib import Path

from connectors import CONNECTORS
from connectors.justrestart.cases import case_of
from hub.adapters.postgres.audit import PostgresAudit
from hub.adapters.postgres.transfer_transactions import PostgresTransferTransactions
from hub.adapters.postgres.transfers import PostgresTransfers
from hub.adapters.zip_file import ZipPackage
from hub.application.read.case_channels import ReadChannels
from hub.application.read.case_notices import ReadNotices
from hub.application.read.case_readers import ReadAccesses
from hub.application.read.export_claims import ExportClaims, ReadSuggestions
from hub.application.transfer.erase_case import EraseCase
from hub.application.transfer.list_transfers import ListTransfers
from hub.application.transfer.pack import Opening, Pack
from hub.application.transfer.receive import Receive
from hub.bootstrap.doors import DoorParts
from hub.bootstrap.places import ISSUER
from hub.domain.messaging.calendar import Term
from hub.domain.messaging.errors import RefusalError
from hub.domain.rcd.terms import rules


class SettlementParts(DoorParts):
    """Readings of cases."""

    def case_of(self, named: str) -> str:
        """The id of a case, from itself or from the register's reference."""
        return named if re.fullmatch(r"c[0-9a-f]{32}", named) else case_of(named)

    @cached_property
    def suggestions(self) -> ReadSuggestions:
        """What mails suggest."""
        return ReadSuggestions(self.settlements, self.case_accesses)

    @cached_property
    def channels(self) -> ReadChannels:
        """How parties of a case are reached."""
        return ReadChannels(self.settlements, self.case_accesses)

    @cached_property
    def accesses(self) -> ReadAccesses:
        """Who looked at a case."""
        return ReadAccesses(self.case_accesses)

    @cached_property
    def debtor_notices(self) -> ReadNotices:
        """What a debtor can read of accesses."""
        return ReadNotices(self.settlements, self.case_accesses)

    @cached_property
    def _transfers(self) -> PostgresTransfers:
        return PostgresTransfers(self.database)

    @cached_property
    def pack(self) -> Pack:
        """Makes packages for the State Archives."""
        issuer = self.settings.http.public_url or ISSUER
        opening = Opening(vault=self.vault, keys=self.document_keys, signer=self.signer, issuer=issuer)
        counted = rules(Term.parse(self.settings.rcd.retention))
        return Pack(self._transfers, self.case_accesses, opening, rules=counted, clock=self.clock)

    @cached_property
    def list_transfers(self) -> ListTransfers:
        """Cases that were kept long enough."""
        return ListTransfers(self._transfers, self.case_accesses, clock=self.clock)

    def package_file(self, path: Path) -> ZipPackage:
        """A package as a ZIP."""
        return ZipPackage(path)

    @cached_property
    def _leaving(self) -> PostgresTransferTransactions:
        return PostgresTransferTransactions(self.database, self.case_accesses)

    @cached_property
    def receive(self) -> Receive:
        """Records the State Archives' receipts."""
        return Receive(self._leaving, audit=PostgresAudit(self.database), clock=self.clock)

    @cached_property
    def erase_case(self) -> EraseCase:
        """Erases cases that the State Archives have."""
        return EraseCase(
            self._leaving,
            audit=PostgresAudit(self.database),
            topics=self.topics,
            clock=self.clock,
            life=self.settings.dead_letters.approval_life,
            forget=self.vault.invalidate,
        )

    @cached_property
    def export_claims(self) -> ExportClaims:
        """Claims of collective settlements as workbooks."""
        sheet = CONNECTORS["justrestart"].sheet
        if sheet is None:
            raise RefusalError("sheet-missing", "the connector justrestart says no columns")
        return ExportClaims(self.settlements, self._workbooks, sheet, self.case_accesses)

"""Collective settlements as they are read; every reading is logged."""

import re
from functools import cached_property

from connectors import CONNECTORS
from connectors.justrestart.cases import case_of
from hub.adapters.postgres.rcd import PostgresSettlements
from hub.application.read.case_channels import ReadChannels
from hub.application.read.export_claims import ExportClaims, ReadSuggestions
from hub.bootstrap.doors import DoorParts
from hub.domain.messaging.errors import RefusalError


class SettlementParts(DoorParts):
    """Readings of cases."""

    def case_of(self, named: str) -> str:
        """The id of a case, from itself or from the register's reference."""
        return named if re.fullmatch(r"c[0-9a-f]{32}", named) else case_of(named)

    @cached_property
    def outages(self) -> PostgresSettlements:
        """Whether the register is away."""
        return PostgresSettlements(self.database)

    @cached_property
    def suggestions(self) -> ReadSuggestions:
        """What mails suggest; looks at it are logged."""
        return ReadSuggestions(PostgresSettlements(self.database), self.case_accesses)

    @cached_property
    def channels(self) -> ReadChannels:
        """How parties of a case are reached."""
        return ReadChannels(PostgresSettlements(self.database), self.case_accesses)

    @cached_property
    def export_claims(self) -> ExportClaims:
        """Claims of collective settlements as workbooks."""
        sheet = CONNECTORS["justrestart"].sheet
        if sheet is None:
            raise RefusalError("sheet-missing", "the connector justrestart says no columns")
        return ExportClaims(PostgresSettlements(self.database), self._workbooks, sheet, self.case_accesses)

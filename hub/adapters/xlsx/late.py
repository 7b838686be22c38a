"""Workbooks, read by a library that is loaded with the first one: an intake that gets none keeps that memory free."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib import import_module

from hub.adapters.xlsx.archive import SheetLimits
from hub.application.intake.notation_ports import Mark, Sending, Workbooks
from hub.application.intake.ports import Contract
from hub.sdk import Sheet


class LateWorkbooks:
    """The port ``Workbooks``."""

    def __init__(self, limits: SheetLimits) -> None:
        self._limits = limits
        self.most = limits.most

    def document(self, contract: Contract, data: bytes, sending: Sending) -> tuple[Contract, bytes]:
        """As ``XlsxWorkbooks``."""
        return self._loaded.document(contract, data, sending)

    def marked(self, data: bytes, marks: Mapping[int, Sequence[Mark]], title: str) -> bytes:
        """As ``XlsxWorkbooks``."""
        return self._loaded.marked(data, marks, title)

    def written(self, sheet: Sheet, rows: Sequence[Mapping[str, object]], language: str) -> bytes:
        """As ``XlsxWorkbooks``."""
        return self._loaded.written(sheet, rows, language)

    @cached_property
    def _loaded(self) -> Workbooks:
        found: Workbooks = import_module("hub.adapters.xlsx.document").XlsxWorkbooks(self._limits)
        return found

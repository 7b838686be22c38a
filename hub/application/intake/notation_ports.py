"""What the intake asks of other notations of documents: workbooks and mails; see ``ports`` for the rest."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from hub.application.intake.ports import Contract
from hub.sdk import Sheet


class Sending(NamedTuple):
    """What a workbook or a mail does not say itself: the envelope of the document that it becomes."""

    message_id: str
    sender: str
    sent_at: datetime


class Mark(NamedTuple):
    """What is wrong with a row: under which heading of the file ('' of all of it), and what to do."""

    heading: str
    text: str


class Workbooks(Protocol):
    """Workbooks as documents of a contract. ``most``: bytes of a workbook."""

    @property
    def most(self) -> int: ...
    def document(self, contract: Contract, data: bytes, sending: Sending) -> tuple[Contract, bytes]:
        """The document, and the contract whose findings speak of rows and headings."""

    def marked(self, data: bytes, marks: Mapping[int, Sequence[Mark]], title: str) -> bytes:
        """A workbook with what is wrong beside its rows; of row 0: with all of it."""

    def written(self, sheet: Sheet, rows: Sequence[Mapping[str, object]], language: str) -> bytes:
        """A workbook of rows of attributes."""


class Settlements(Protocol):
    """Which collective settlements there are, and who mediates one."""

    async def mediator(self, case: str) -> str | None: ...
    async def told_by(self, register: str, *, after: str) -> Sequence[str]:
        """Cases whose acts a register has told, in order, a page after one ('': from the first)."""

    async def erased(self, cases: Sequence[str]) -> bool:
        """Whether one of these cases was erased."""


class Mails(Protocol):
    """A partner's mails as documents of a contract."""

    def identity(self, data: bytes) -> str:
        """A mail's own name, whatever way it came: of its Message-ID, its sender and its text."""

    def document(self, contract: Contract, data: bytes, sending: Sending) -> bytes:
        """The document; refused when the sender is not believed or the layout is not known."""

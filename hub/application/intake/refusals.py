"""Why the intake refuses; every code has its text in the message catalogue.

RefusalError
├── NotAuthenticatedError   nobody we know is calling
├── NotPermittedError       the caller may not do this
├── NotFoundError           there is no such thing for this caller
├── MessageIdReusedError    the message id was used for other bytes
└── DocumentRefusedError    a document broke a rule; carries its findings
"""

from collections.abc import Sequence
from uuid import UUID

from hub.application.intake.ports import Finding
from hub.domain.messaging.errors import RefusalError
from hub.domain.messaging.messages import MESSAGES, message


class IntakeRefusalError(RefusalError):
    """``fill`` are the values of the text's placeholders; never personal data."""

    def __init__(self, rule: str, **fill: str) -> None:
        super().__init__(rule, message(rule, "en", **fill) if rule in MESSAGES else rule)
        self.fill = fill


class NotAuthenticatedError(IntakeRefusalError):
    """Nobody we know is calling."""


class NotPermittedError(IntakeRefusalError):
    """The caller may not do this."""


class NotFoundError(IntakeRefusalError):
    """There is no such thing for this caller."""


class MessageIdReusedError(IntakeRefusalError):
    """The message id was used before, for other bytes."""


class DocumentRefusedError(IntakeRefusalError):
    """A document broke a rule.

    ``kept`` is the id under which it is kept as rejected, ``refused`` how many of its items are refused (the
    findings may be those of the first page only).
    """

    def __init__(self, rule: str, findings: Sequence[Finding] = (), **fill: str) -> None:
        super().__init__(rule, **fill)
        self.findings = tuple(findings)
        self.kept: UUID | None = None
        self.refused = len({finding.item for finding in self.findings if finding.item})

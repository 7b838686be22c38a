"""Errors of the hub, one tree.

HubError
├── RefusalError              somebody asked for what a rule forbids; carries code and place
│   ├── UnreadableEventError  a record is no CloudEvent of the published language
│   ├── RuleError             a fold met an event that a rule of its context forbids
│   └── PartnerRefusedError   a partner will never take this delivery
└── TransientError            infrastructure is away; the same work succeeds later (retriable)
    ├── ConcurrentUpdateError another transaction changed the same state first
    └── PartnerAwayError      a partner did not take a delivery now

``retriable`` says whether the same call may succeed later without anybody mending anything.
"""

from typing import ClassVar


class HubError(Exception):
    """Something the hub expected might happen did."""

    retriable: ClassVar[bool] = False


class RefusalError(HubError):
    """A rule forbids this. ``rule`` is its stable name; the text never holds personal data."""

    def __init__(self, rule: str, text: str = "") -> None:
        super().__init__(text or rule)
        self.rule = rule


class UnreadableEventError(RefusalError):
    """A record's bytes or headers are not an event of the published language."""


class RuleError(RefusalError):
    """An event arrived that its context's rules forbid for this dossier."""


class TransientError(HubError):
    """A database, broker or partner is away; wait and try again."""

    retriable: ClassVar[bool] = True


class ConcurrentUpdateError(TransientError):
    """Another transaction changed the same state first; the batch is decided again."""


class PartnerRefusedError(RefusalError):
    """A partner will never take this delivery as it is; trying again is useless."""


class PartnerAwayError(TransientError):
    """A partner did not take a delivery now.

    ``rule`` is a stable name. ``uncertain``: it may have taken it without saying so. ``wholly``: it takes
    nothing from anybody now (a connection refused), not only this delivery (a mailbox that is full).
    """

    def __init__(self, rule: str, text: str = "", *, uncertain: bool = False, wholly: bool = True) -> None:
        super().__init__(text or rule)
        self.rule = rule
        self.uncertain = uncertain
        self.wholly = wholly

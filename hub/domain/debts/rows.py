"""The rows that debt files are read from; amounts in cents."""

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

_CENTS = 100


def cents(amount: Decimal) -> int:
    """An amount in cents."""
    return int(amount * _CENTS)


class _GeneralFileColumns(NamedTuple):
    dossier: str
    cpas: str
    subject: str
    opened_on: date
    event_id: UUID | None
    box: str | None
    changed_at: datetime


class GeneralFileRow(_GeneralFileColumns):
    """``projection_general_file``; ``event_id`` and ``box``: the person as last told, sealed."""

    __slots__ = ()
    table = "projection_general_file"
    identity = ("dossier",)
    guard = None
    kept = ("event_id", "box")


class _DebtFileColumns(NamedTuple):
    dossier: str
    file: str
    cpas: str
    subject: str
    number: int
    opened_on: date
    due: int
    repaid: int
    remaining: int
    mode: str
    closed_on: date | None
    event_id: UUID | None
    box: str | None
    changed_at: datetime


class DebtFileRow(_DebtFileColumns):
    """``projection_debt_file``: how a debt file stands."""

    __slots__ = ()
    table = "projection_debt_file"
    identity = ("dossier", "file")
    guard = None
    kept = ("event_id", "box")


class _StepColumns(NamedTuple):
    dossier: str
    file: str
    event_id: UUID
    what: str
    due: int
    repaid: int
    remaining: int
    mode: str
    at: datetime


class DebtStepRow(_StepColumns):
    """``projection_debt_step``: the statement of a debt file; a row per step, never changed."""

    __slots__ = ()
    table = "projection_debt_step"
    identity = ("dossier", "file", "event_id")
    guard = None
    kept = ()


class _RefundColumns(NamedTuple):
    dossier: str
    file: str
    refund: str
    on_day: date
    amount: int
    made: bool
    deleted: bool
    event_id: UUID | None
    box: str | None
    changed_at: datetime


class RefundRow(_RefundColumns):
    """``projection_refund``: a refund, planned or made; deleted ones stay for the statement."""

    __slots__ = ()
    table = "projection_refund"
    identity = ("dossier", "file", "refund")
    guard = None
    kept = ("event_id", "box")


class _MemberColumns(NamedTuple):
    dossier: str
    composition: str
    member: str
    relation: str
    present: bool
    event_id: UUID | None
    box: str | None
    changed_at: datetime


class HouseholdRow(_MemberColumns):
    """``projection_household``: a member of the ``official`` or ``de-facto`` household; who left is not ``present``."""

    __slots__ = ()
    table = "projection_household"
    identity = ("dossier", "composition", "member")
    guard = None
    kept = ("event_id", "box")

"""Rows a case is read from."""

from datetime import date, datetime
from typing import NamedTuple


class _CaseColumns(NamedTuple):
    case_id: str
    state: str
    article: str
    register_ref: str
    regions: str
    institutions: str
    mediator: str | None
    outage_open: bool
    unplaced: int
    changed_at: datetime


class CaseRow(_CaseColumns):
    """``projection_rcd_case``; ``regions`` and ``institutions`` are JSON."""

    __slots__ = ()
    table = "projection_rcd_case"
    identity = ("case_id",)
    guard = None
    kept = ()


class _TermColumns(NamedTuple):
    case_id: str
    term: str
    article: str
    early: date
    late: date
    state: str


class TermRow(_TermColumns):
    """``projection_rcd_term``; ``state``: running or met."""

    __slots__ = ()
    table = "projection_rcd_term"
    identity = ("case_id", "term")
    guard = None
    kept = ()


class _OutageColumns(NamedTuple):
    case_id: str
    outage: str
    started_at: datetime
    ended_at: datetime | None


class OutageRow(_OutageColumns):
    """``projection_rcd_outage``; ``ended_at`` None: the register is away."""

    __slots__ = ()
    table = "projection_rcd_outage"
    identity = ("case_id", "outage")
    guard = None
    kept = ()


class _ClaimColumns(NamedTuple):
    case_id: str
    claim_ref: str
    case_ref: str
    party: str
    nature: str
    principal: int
    interest: int
    costs: int
    preferred: bool
    title: bool
    proceedings: bool
    channel: str
    status: str
    submitted_on: date
    told_by: str
    changed_at: datetime


class ClaimRow(_ClaimColumns):
    """``projection_rcd_claim``; amounts in cents."""

    __slots__ = ()
    table = "projection_rcd_claim"
    identity = ("case_id", "claim_ref")
    guard = None
    kept = ()


class _ActionColumns(NamedTuple):
    institution: str
    on_day: date
    case_id: str
    kind: str
    case_ref: str
    times: int
    layout: str
    suggested_at: datetime


class ActionRow(_ActionColumns):
    """``projection_rcd_action``."""

    __slots__ = ()
    table = "projection_rcd_action"
    identity = ("institution", "on_day", "case_id", "kind")
    guard = None
    kept = ()

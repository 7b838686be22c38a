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

"""Answers about debt files as the OpenAPI document describes them. Amounts are euros with two decimals."""

from datetime import date, datetime
from typing import Any, Literal, Self

from pydantic import BaseModel

from hub.application.read.read_debts import Row, Shown

_CENTS = 100


def euro(cents: int) -> str:
    """EUR with two decimals, of either sign."""
    sign, whole = ("-" if cents < 0 else ""), abs(cents)
    return f"{sign}{whole // _CENTS}.{whole % _CENTS:02d}"


class GeneralFileSummary(BaseModel):
    """A general file."""

    dossier: str
    opened_on: date
    changed_at: datetime


class GeneralFileList(BaseModel):
    """A page of general files; ``next`` is the cursor of the next page."""

    general_files: list[GeneralFileSummary]
    next: str | None


class DebtFileSummary(BaseModel):
    """How a debt file stands. ``overpaid``: more came than was due, and ``remaining`` is negative."""

    file: str
    dossier: str
    number: int
    opened_on: date
    due: str
    repaid: str
    remaining: str
    overpaid: bool
    mode: Literal["manual", "automatic"]
    state: Literal["active", "closed"]
    closed_on: date | None
    changed_at: datetime

    @classmethod
    def of(cls, row: Row, **more: object) -> Self:
        """From its row."""
        said = {
            **row,
            **{name: euro(row[name]) for name in ("due", "repaid", "remaining")},
            "overpaid": row["remaining"] < 0,
            "state": "active" if row["closed_on"] is None else "closed",
            **more,
        }
        return cls.model_validate(said)


class DebtFileList(BaseModel):
    """A page of debt files; ``next`` is the cursor of the next page."""

    debt_files: list[DebtFileSummary]
    next: str | None


class Refund(BaseModel):
    """A refund, planned or made. ``comment`` absent: none, or the person was erased."""

    refund: str
    on: date
    amount: str
    made: bool
    comment: str | None

    @classmethod
    def of(cls, shown: Shown) -> Self:
        """From its row and what it says."""
        row = shown.row
        return cls(
            refund=row["refund"],
            on=row["on_day"],
            amount=euro(row["amount"]),
            made=row["made"],
            comment=(shown.personal or {}).get("comment"),
        )


class DebtFile(DebtFileSummary):
    """A debt file with its refunds, by date. ``details`` absent: the person was erased."""

    details: dict[str, Any] | None
    refunds: list[Refund]


class Step(BaseModel):
    """A step of a debt file and the amounts after it."""

    what: str
    due: str
    repaid: str
    remaining: str
    mode: Literal["manual", "automatic"]
    at: datetime

    @classmethod
    def of(cls, row: Row) -> Self:
        """From its row."""
        return cls.model_validate({**row, **{name: euro(row[name]) for name in ("due", "repaid", "remaining")}})


class Statement(BaseModel):
    """How a debt file stands, its refunds as sums, and every step that led there, the oldest first."""

    file: str
    due: str
    repaid: str
    remaining: str
    refunds_made: str
    refunds_planned: str
    steps: list[Step]


class Member(BaseModel):
    """A member of a household, with the register's role or the CPAS's. ``person`` absent: erased."""

    relation: str
    dossier: str
    person: dict[str, Any] | None


class GeneralFile(GeneralFileSummary):
    """A general file with its debt files, the newest first, and both households. ``person`` absent: erased."""

    person: dict[str, Any] | None
    debt_files: list[DebtFileSummary]
    official_household: list[Member]
    household: list[Member]

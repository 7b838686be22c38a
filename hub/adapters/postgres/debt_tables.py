"""Tables of general files, debt files, refunds and households; part of ``tables.METADATA``. Amounts in cents."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Date, Index, Integer, Table, Text, Uuid

from hub.adapters.postgres.metadata import METADATA, moment

projection_general_file = Table(
    "projection_general_file",
    METADATA,
    Column("dossier", Text, primary_key=True),
    Column("cpas", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("event_id", Uuid),  # with box: the person as last told, under her key
    Column("box", Text),
    moment("changed_at"),
    Index("projection_general_file_owner", "cpas", "dossier"),
)
projection_debt_file = Table(
    "projection_debt_file",
    METADATA,
    Column("dossier", Text, primary_key=True),
    Column("file", Text, primary_key=True),
    Column("cpas", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("repaid", BigInteger, nullable=False),
    Column("remaining", BigInteger, nullable=False),  # below zero: more came than was due
    Column("mode", Text, nullable=False),  # manual · automatic
    Column("closed_on", Date),  # NULL: active
    Column("event_id", Uuid),  # with box: description, account, reference
    Column("box", Text),
    moment("changed_at"),
    CheckConstraint("remaining = due - repaid", name="projection_debt_file_balance"),
    Index("projection_debt_file_owner", "cpas", "file"),
    Index("projection_debt_file_number", "dossier", "number", unique=True),
)
projection_debt_step = Table(  # append-only: the statement of a file
    "projection_debt_step",
    METADATA,
    Column("dossier", Text, primary_key=True),
    Column("file", Text, primary_key=True),
    Column("event_id", Uuid, primary_key=True),
    Column("what", Text, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("repaid", BigInteger, nullable=False),
    Column("remaining", BigInteger, nullable=False),
    Column("mode", Text, nullable=False),
    moment("at"),
    CheckConstraint("remaining = due - repaid", name="projection_debt_step_balance"),
)
projection_refund = Table(
    "projection_refund",
    METADATA,
    Column("dossier", Text, primary_key=True),
    Column("file", Text, primary_key=True),
    Column("refund", Text, primary_key=True),
    Column("on_day", Date, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("made", Boolean, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("event_id", Uuid),  # with box: the comment
    Column("box", Text),
    moment("changed_at"),
)
projection_household = Table(
    "projection_household",
    METADATA,
    Column("dossier", Text, primary_key=True),
    Column("composition", Text, primary_key=True),  # official · de-facto
    Column("member", Text, primary_key=True),  # pseudonym, under whose key the box is
    Column("relation", Text, nullable=False),
    Column("present", Boolean, nullable=False),
    Column("event_id", Uuid),
    Column("box", Text),
    moment("changed_at"),
)
TABLES = (
    projection_general_file,
    projection_debt_file,
    projection_debt_step,
    projection_refund,
    projection_household,
)

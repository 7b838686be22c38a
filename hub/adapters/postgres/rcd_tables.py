"""Collective settlement cases and their terms, as they are read."""

from sqlalchemy import Boolean, Column, Date, Index, Integer, Table, Text

from hub.adapters.postgres.metadata import METADATA, moment

projection_rcd_case = Table(
    "projection_rcd_case",
    METADATA,
    Column("case_id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("article", Text, nullable=False),
    Column("register_ref", Text, nullable=False),
    Column("regions", Text, nullable=False),  # JSON
    Column("institutions", Text, nullable=False),  # JSON
    Column("outage_open", Boolean, nullable=False),
    Column("unplaced", Integer, nullable=False),  # acts that have no place yet
    moment("changed_at"),
)
projection_rcd_term = Table(
    "projection_rcd_term",
    METADATA,
    Column("case_id", Text, primary_key=True),
    Column("term", Text, primary_key=True),
    Column("article", Text, nullable=False),
    Column("early", Date, nullable=False),
    Column("late", Date, nullable=False),
    Column("state", Text, nullable=False),  # running · met
    Index("projection_rcd_term_due", "state", "late"),
)

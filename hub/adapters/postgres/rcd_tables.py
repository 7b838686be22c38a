"""Collective settlement cases and their terms, as they are read."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, LargeBinary, Table, Text, Uuid

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
    Column("mediator", Text),  # who may send and read its claims
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
projection_rcd_outage = Table(  # when the register was away, as each case knows it
    "projection_rcd_outage",
    METADATA,
    Column("case_id", Text, primary_key=True),
    Column("outage", Text, primary_key=True),
    moment("started_at"),
    moment("ended_at", empty=True),
)
projection_rcd_claim = Table(  # as exports of the register tell them; amounts in cents
    "projection_rcd_claim",
    METADATA,
    Column("case_id", Text, primary_key=True),
    Column("claim_ref", Text, primary_key=True),
    Column("case_ref", Text, nullable=False),
    Column("party", Text, nullable=False),
    Column("nature", Text, nullable=False),
    Column("principal", BigInteger, nullable=False),
    Column("interest", BigInteger, nullable=False),
    Column("costs", BigInteger, nullable=False),
    Column("preferred", Boolean, nullable=False),
    Column("title", Boolean, nullable=False),
    Column("proceedings", Boolean, nullable=False),
    Column("channel", Text, nullable=False),  # register · paper
    Column("status", Text, nullable=False),  # introduced · contested
    Column("submitted_on", Date, nullable=False),
    Column("told_by", Text, nullable=False),
    moment("changed_at"),
)
projection_rcd_action = Table(  # what mails of the register suggest
    "projection_rcd_action",
    METADATA,
    Column("institution", Text, primary_key=True),
    Column("on_day", Date, primary_key=True),
    Column("case_id", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("case_ref", Text, nullable=False),
    Column("times", Integer, nullable=False),
    Column("layout", Text, nullable=False),
    moment("suggested_at"),
)
projection_account_user = Table(  # whom overviews are sent to; name and address sealed
    "projection_account_user",
    METADATA,
    Column("institution", Text, primary_key=True),
    Column("user_id", Text, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("box", Text),
    Column("language", Text, nullable=False),
    Column("overview", Boolean, nullable=False),
    Column("administrator", Boolean, nullable=False),
    Column("removed", Boolean, nullable=False),
    moment("changed_at"),
)
projection_account_group = Table(
    "projection_account_group",
    METADATA,
    Column("institution", Text, primary_key=True),
    Column("group_id", Text, primary_key=True),
    Column("members", Text, nullable=False),  # JSON
    Column("administrators", Text, nullable=False),  # JSON
    Column("contact", Text, nullable=False),
    Column("default_group", Boolean, nullable=False),
    moment("changed_at"),
)
projection_account_case = Table(
    "projection_account_case",
    METADATA,
    Column("institution", Text, primary_key=True),
    Column("case_id", Text, primary_key=True),
    Column("group_id", Text, nullable=False),
    Column("linked", Boolean, nullable=False),
    moment("changed_at"),
)
case_access = Table(  # append-only chain: who looked at which case (AR 11-10-2023, art. 4)
    "case_access",
    METADATA,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    moment("at"),
    Column("case_id", Text, nullable=False),
    Column("role_number", Text, nullable=False),
    Column("court", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("quality", Text, nullable=False),
    Column("mandate_of", Text, nullable=False),
    Column("modality", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("authenticated", Text, nullable=False),
    Column("assurance", Text, nullable=False),
    Column("before", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Index("case_access_case", "case_id", "seq"),
)
rcd_transfer = Table(  # a case on its way to the State Archives; its tombstone once it is erased (ADR 0028)
    "rcd_transfer",
    METADATA,
    Column("case_id", Text, primary_key=True),
    Column("since", Date, nullable=False),  # its closing operations ended
    Column("until", Date, nullable=False),
    Column("sha256", LargeBinary, nullable=False),  # of the package that was made last
    Column("size", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),  # event in it, by the number of its timeline
    Column("documents", Integer, nullable=False),
    moment("made_at"),
    Column("made_by", Text, nullable=False),
    Column("reference", Text),  # the Archives' receipt
    Column("received_on", Date),
    moment("received_at", empty=True),
    Column("received_by", Text),
    Column("asked_by", Text),  # who asked for its erasure
    Column("reason", Text),
    moment("asked_at", empty=True),
    Column("erased_by", Text),  # who confirmed it
    moment("erased_at", empty=True),
)

"""Tables of integrations, consultations and answers of the Crossroads Bank; part of ``tables.METADATA``."""

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Identity, Index, Integer, LargeBinary, Table, Text, Uuid

from hub.adapters.postgres.metadata import METADATA, moment

projection_integration = Table(
    "projection_integration",
    METADATA,
    Column("dossier", Text, primary_key=True),
    Column("integration", Text, primary_key=True),
    Column("cpas", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("code", Integer, nullable=False),
    Column("begins_on", Date, nullable=False),
    Column("ends_on", Date),
    Column("state", Text, nullable=False),  # requested · unknown · registered · rejected · ended · unregistered
    Column("reason", Text),
    moment("changed_at"),
    Index("projection_integration_owner", "cpas", "dossier", "integration"),
)
projection_integration_history = Table(  # append-only: a row per step
    "projection_integration_history",
    METADATA,
    Column("dossier", Text, primary_key=True),
    Column("integration", Text, primary_key=True),
    Column("event_id", Uuid, primary_key=True),
    Column("state", Text, nullable=False),
    Column("begins_on", Date, nullable=False),
    Column("ends_on", Date),
    Column("reason", Text),
    moment("at"),
)
projection_consultation = Table(
    "projection_consultation",
    METADATA,
    Column("consultation", Text, primary_key=True),
    Column("dossier", Text, nullable=False),
    Column("cpas", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("flow", Text, nullable=False),
    Column("state", Text, nullable=False),  # authorised · denied · answered · failed
    Column("status", Text),  # the bank's: DATA_FOUND …
    Column("reason", Text),
    Column("answer", Uuid),
    moment("asked_at", empty=True),
    moment("changed_at"),
    Index("projection_consultation_owner", "cpas", "dossier", "consultation"),
)
bank_call = Table(  # the audit of every call, with both tickets
    "bank_call",
    METADATA,
    Column("ticket", Uuid, primary_key=True),  # ours; never sent twice
    Column("delivery", Uuid, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("dossier", Text, nullable=False),
    Column("cpas", Text, nullable=False),
    Column("adapter", Text, nullable=False),
    Column("operation", Text, nullable=False),
    Column("consultation", Text, nullable=False),
    Column("outcome", Text, nullable=False),  # sent · not-taken · refused · unknown · unusable · ended
    Column("reason", Text),
    Column("ticket_bcss", Text),
    Column("told_type", Text),
    Column("told", Text),  # JSON of the event that tells its end; nothing personal
    moment("sent_at"),
    moment("ended_at", empty=True),
    Index("bank_call_delivery", "delivery", "sent_at"),
    Index("bank_call_dossier", "dossier", "sent_at"),
)
answer = Table(  # sealed under the person's key
    "answer",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("consultation", Text, nullable=False),
    Column("dossier", Text, nullable=False),
    Column("cpas", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("flow", Text, nullable=False),  # one of the seven, or integrations for a list
    Column("status", Text, nullable=False),
    Column("ticket", Uuid, nullable=False),
    Column("ticket_bcss", Text),
    Column("sha256", LargeBinary, nullable=False),  # of the bytes as they came
    Column("box", Text, nullable=False),
    Column("raw_box", Text),  # NULL: the bytes tell of others too, whose keys are not the subject's
    moment("received_at"),
    moment("expires_at"),
    Index("answer_owner", "cpas", "dossier", "received_at"),
    Index("answer_expiry", "expires_at"),
)
answer_other = Table(  # what an answer tells of somebody else, under her key
    "answer_other",
    METADATA,
    Column("answer", ForeignKey("answer.id", ondelete="CASCADE"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("dossier", Text, nullable=False),  # hers at the same CPAS: her gate decides
    Column("role", Text, nullable=False),
    Column("box", Text, nullable=False),
)
answer_read = Table(  # who read what, why; outlives the answer
    "answer_read",
    METADATA,
    Column("seq", BigInteger, Identity(always=True), primary_key=True),
    Column("answer", Uuid, nullable=False, index=True),
    Column("cpas", Text, nullable=False),
    Column("reader", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("others", Integer, nullable=False),  # how many other people's parts were shown
    moment("at"),
)
projection_flow_mutation = Table(  # since when answers of a flow are stale
    "projection_flow_mutation",
    METADATA,
    Column("dossier", Text, primary_key=True),
    Column("flow", Text, primary_key=True),
    moment("mutated_at"),
)
person_alias = Table(  # a number that replaced another: whose dossiers it leads to; never removed
    "person_alias",
    METADATA,
    Column("subject", Text, primary_key=True),
    Column("stands_for", Text, nullable=False),
    Column("document", Uuid, nullable=False),  # what said so
    moment("since"),
)
suspended_adapter = Table(  # partners that are not asked now
    "suspended_adapter",
    METADATA,
    Column("adapter", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("by", Text, nullable=False),
    moment("since"),
)
TABLES = (
    projection_integration,
    projection_integration_history,
    projection_consultation,
    bank_call,
    answer,
    answer_other,
    answer_read,
    projection_flow_mutation,
    person_alias,
    suspended_adapter,
)

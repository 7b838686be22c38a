"""Every table of the hub, as data; those of one room stand in a module of their own beside it.

Migrations are made from them, and a test compares the two.

Personal data stands only in columns named ``box`` or ``body`` or inside ``value`` (an event's JSON with its
sealed part): always ciphertext under a person's or a document's key.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from hub.adapters.postgres import administration_tables, dead_letter_tables, debt_tables, person_tables, rcd_tables
from hub.adapters.postgres.metadata import METADATA, moment

__all__ = ["METADATA", "administration_tables", "dead_letter_tables", "debt_tables", "person_tables", "rcd_tables"]

AFTER = text(
    "greatest((pg_current_xact_id()::text)::bigint, (pg_snapshot_xmax(pg_current_snapshot())::text)::bigint - 1)"
)
"""The newest transaction that had ended when a row was written, or the row's own if that is later (ADR 0030)."""

# ── who may speak ──────────────────────────────────────────────────────────────────────────────────────────
institution = Table(
    "institution",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),  # fca · office · cpas · hub
    Column("name", Text, nullable=False),
    Column("email", Text),
    Column("language", Text, nullable=False, server_default="fr"),
    moment("created_at", now=True),
    moment("revoked_at", empty=True),
)
institution_key = Table(
    "institution_key",
    METADATA,
    Column("id", Text, primary_key=True),  # public part of the key, its look-up handle
    Column("institution", ForeignKey("institution.id"), nullable=False, index=True),
    Column("hash", LargeBinary, nullable=False),  # SHA-256 of the secret part (256 random bits)
    Column("connectors", ARRAY(Text), nullable=False),
    Column("types", ARRAY(Text), nullable=False),
    moment("created_at", now=True),
    moment("revoked_at", empty=True),
)

# ── persons' keys ──────────────────────────────────────────────────────────────────────────────────────────
person_key = Table(
    "person_key",
    METADATA,
    Column("subject", Text, primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("wrapped", LargeBinary),  # AES-256-GCM under the hub's master key; NULL once erased
    moment("created_at", now=True),
    moment("erased_at", empty=True),
)
reveal = Table(  # who had personal data decrypted, why
    "reveal",
    METADATA,
    Column("seq", BigInteger, Identity(always=True), primary_key=True),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    moment("at", now=True),
)

# ── documents ──────────────────────────────────────────────────────────────────────────────────────────────
document = Table(
    "document",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("connector", Text, nullable=False),
    Column("institution", Text, nullable=False),
    Column("message_id", Text, nullable=False),  # the partner's
    Column("sha256", LargeBinary, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("state", Text, nullable=False),  # accepted · partial · rejected
    Column("events", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("sequence", BigInteger),  # of a bulk synchronisation; gaps are told to the sender
    Column("receipt", Text),  # compact JWS
    Column("answer", JSONB, nullable=False),  # how often each rule was broken, gap; nothing personal
    Column("wrapped_key", LargeBinary),  # NULL once expired or erased
    Column("traceparent", Text),
    moment("received_at"),
    moment("expires_at"),
    Index("document_message_unique", "connector", "institution", "message_id", unique=True,
          postgresql_where=text("state <> 'rejected'")),
    Index("document_sender", "institution", "received_at", "id"),
    Index("document_expiry", "expires_at", postgresql_where=text("wrapped_key IS NOT NULL")),
    Index("document_rejected", "institution", "received_at", "id", postgresql_where=text("state = 'rejected'")),
    Index("document_sequence", "connector", "institution", "sequence",
          postgresql_where=text("sequence IS NOT NULL AND state <> 'rejected'")),
)  # fmt: skip
document_chunk = Table(
    "document_chunk",
    METADATA,
    Column("document", ForeignKey("document.id", ondelete="CASCADE"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("body", LargeBinary, nullable=False),  # sealed under the document's key
)
document_refusal = Table(  # pages of findings on refused items
    "document_refusal",
    METADATA,
    Column("document", ForeignKey("document.id", ondelete="CASCADE"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("body", LargeBinary, nullable=False),  # sealed under the document's key
)
document_slice = Table(  # a person's part of a document, under her key; also: which documents mention her
    "document_slice",
    METADATA,
    Column("document", Uuid, primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("subject", Text, nullable=False, index=True),
    Column("box", Text, nullable=False),
)

# ── messages ───────────────────────────────────────────────────────────────────────────────────────────────
outbox = Table(
    "outbox",
    METADATA,
    Column("seq", BigInteger, Identity(always=True)),
    Column("shard", SmallInteger, nullable=False),  # of the key: one relay at a time sends a shard
    Column("topic", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("headers", Text, nullable=False),  # JSON object of Kafka headers
    Column("value", LargeBinary, nullable=False),
    moment("created_at", now=True),
    Index("outbox_pkey", "shard", "seq", unique=True),
)
inbox = Table(
    "inbox",
    METADATA,
    Column("consumer_group", Text, primary_key=True),
    Column("event_id", Uuid, primary_key=True),
    moment("recorded_at", now=True),
)
state = Table(
    "state",
    METADATA,
    Column("consumer_group", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("data", Text),  # JSON; NULL: locked by a first event that did not succeed yet
)
timeline = Table(  # what happened to a dossier, as each context saw it
    "timeline",
    METADATA,
    Column("consumer_group", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("seq", BigInteger, Identity(always=True), primary_key=True),
    Column("event_id", Uuid, nullable=False),
    Column("attributes", Text, nullable=False),  # JSON of the record's headers
    Column("value", LargeBinary, nullable=False),
)
feed = Table(
    "feed",
    METADATA,
    Column("institution", Text, primary_key=True),
    Column("transaction", BigInteger, primary_key=True, server_default=AFTER),
    Column("seq", BigInteger, Identity(always=True), primary_key=True),
    Column("event_id", Uuid, nullable=False),
    Column("type", Text, nullable=False),
    Column("attributes", Text, nullable=False),
    Column("value", LargeBinary, nullable=False),
)

# ── outward effects and deadlines ──────────────────────────────────────────────────────────────────────────
delivery = Table(
    "delivery",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("seq", BigInteger, Identity(always=True), nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("effect", Text, nullable=False),
    Column("kind", Text, nullable=False),  # mail
    Column("partner", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("content", Text, nullable=False),  # JSON, readable
    Column("subject", Text),
    Column("box_event", Uuid),
    Column("box", Text),
    Column("correlationid", Text, nullable=False),
    Column("traceparent", Text),
    Column("state", Text, nullable=False, server_default="waiting"),  # waiting · sending · done · failed
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("possibly_doubled", Boolean, nullable=False, server_default="false"),
    Column("reason", Text),
    moment("created_at", now=True),
    moment("due_at", now=True),
    moment("done_at", empty=True),
    Index("delivery_effect_unique", "event_id", "effect", unique=True),
    Index("delivery_head", "key", "seq", postgresql_where=text("state IN ('waiting','sending')")),
    Index("delivery_due", "due_at", postgresql_where=text("state IN ('waiting','sending')")),
)
effect = Table(  # the effect ledger: that it happened, once
    "effect",
    METADATA,
    Column("event_id", Uuid, primary_key=True),
    Column("effect", Text, primary_key=True),
    Column("reference", Text, nullable=False),  # Message-ID, ticket
    moment("happened_at", now=True),
)
delivery_attempt = Table(
    "delivery_attempt",
    METADATA,
    Column("delivery", ForeignKey("delivery.id"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("outcome", Text, nullable=False),  # started · sent · refused · unreachable
    Column("reason", Text),
    moment("at", now=True),
)
timer = Table(
    "timer",
    METADATA,
    Column("consumer_group", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("due", DateTime(timezone=True), nullable=False, index=True),
    Column("type", Text, nullable=False),
    Column("data", Text, nullable=False),
    Column("event_key", Text, nullable=False),
    Column("subject", Text),
    Column("correlationid", Text, nullable=False),
    Column("causationid", Text),
    Column("traceparent", Text),
)
clock = Table(  # how far tests and the demo moved time; one row at most
    "clock",
    METADATA,
    Column("one", Boolean, primary_key=True),
    Column("ahead_seconds", BigInteger, nullable=False),
)

# ── projections ────────────────────────────────────────────────────────────────────────────────────────────
projection_notice = Table(
    "projection_notice",
    METADATA,
    Column("subject", Text, primary_key=True),
    Column("notice", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("office", Text),
    Column("state", Text, nullable=False),  # active · suspended · struck · expired
    Column("version", Integer, nullable=False),
    Column("expires_on", Date, nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("box", Text),
)
projection_dossier = Table(
    "projection_dossier",
    METADATA,
    Column("dossier", Text, primary_key=True),
    Column("cpas", Text, nullable=False),
    Column("subject", Text, nullable=False, index=True),
    Column("stage", Text, nullable=False),
    Column("state", Text, nullable=False),  # open · closed
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("closed_at", DateTime(timezone=True)),
    Column("event_id", Uuid),  # of the registration, whose box is kept here
    Column("box", Text),
    Index("projection_dossier_owner", "cpas", "opened_at", "dossier"),
)
projection_participation = Table(
    "projection_participation",
    METADATA,
    Column("dossier", Text, primary_key=True),
    Column("office", Text, primary_key=True, index=True),
    Column("cpas", Text, nullable=False),
    Column("state", Text, nullable=False),  # P1 … P9 of fca-cpc §4.3
    Column("invitation", Text, nullable=False),
    Column("invited_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
)
projection_claim = Table(
    "projection_claim",
    METADATA,
    Column("claim", Uuid, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("office", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("phase", Text),
    Column("withdrawn", Boolean, nullable=False),
    Column("principal", BigInteger, nullable=False),  # cents
    Column("interest", BigInteger, nullable=False),
    Column("client_costs", BigInteger, nullable=False),
    Column("penalty_clause", BigInteger),  # NULL: the split of client_costs is unknown, not zero
    Column("administrative", BigInteger),
    Column("bailiff_costs", BigInteger, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("box", Text),
    Index("projection_claim_person", "subject", "office"),
)
projection_claim_office = Table(  # whose claims count in which dossier
    "projection_claim_office",
    METADATA,
    Column("dossier", Text, primary_key=True),
    Column("office", Text, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("cpas", Text, nullable=False),
)
projection_office = Table(
    "projection_office",
    METADATA,
    Column("office", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("street", Text),
    Column("number", Text),
    Column("postcode", Text),
    Column("city", Text),
    Column("email", Text),
    Column("phone", Text),
    Column("web", Text),
    Column("language", Text, nullable=False),
    Column("registered", Boolean, nullable=False),
)
projection_synchronisation = Table(
    "projection_synchronisation",
    METADATA,
    Column("office", Text, primary_key=True),
    Column("sequence", BigInteger, primary_key=True),
    Column("claims", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
)

"""Dead letters, what waits behind them, and what administrators do with them (ADR 0011)."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from hub.adapters.postgres.metadata import METADATA, moment

parked_key = Table(  # read and changed only under the lock of the key's state row
    "parked_key",
    METADATA,
    Column("consumer_group", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("letter", Uuid, nullable=False),
    moment("parked_at", now=True),
    Index("parked_key_letter", "letter"),
)
parked_record = Table(
    "parked_record",
    METADATA,
    Column("consumer_group", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("seq", BigInteger, Identity(always=True), primary_key=True),
    Column("event_id", Uuid, nullable=False),
    Column("topic", Text, nullable=False),
    Column("partition", Integer, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("timestamp", BigInteger, nullable=False),  # Kafka's, ms
    Column("record_key", LargeBinary),
    Column("headers", JSONB, nullable=False),  # [[name, base64 value]]
    Column("value", LargeBinary),
    moment("parked_at", now=True),
)
dead_letter = Table(
    "dead_letter",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("consumer_group", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("type", Text),
    Column("source", Text),
    Column("topic", Text, nullable=False),
    Column("partition", Integer, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("timestamp", BigInteger, nullable=False),
    Column("record_key", LargeBinary),
    Column("headers", JSONB, nullable=False),
    Column("value", LargeBinary),
    Column("fingerprint", Text, nullable=False),
    Column("classification", Text, nullable=False),  # permanent · partner · ours · unknown
    Column("reason", Text, nullable=False),  # free of personal data
    Column("state", Text, nullable=False),  # waiting · replayed · edited · skipped · returned · redirected · archived
    Column("attempts", Integer, nullable=False),
    Column("origin", Text, nullable=False, server_default="record"),  # record · delivery · document · timer
    Column("reference", Uuid),  # of what failed on the way out or at the door: the delivery, the document
    Column("institution", Text),  # whose it is: who sent it, or to whom it was going
    Column("replaced_by", Uuid),  # the event or document that stands in its place
    moment("recorded_at", now=True),
    moment("closed_at", empty=True),
    moment("expires_at", empty=True),  # of an archived letter: when its body goes
    Index("dead_letter_group", "state", "fingerprint", "recorded_at", "id"),
    Index("dead_letter_key", "consumer_group", "key", "recorded_at"),
    Index("dead_letter_page", "state", "recorded_at", "id"),
    Index("dead_letter_outward", "origin", "state", postgresql_where=text("origin <> 'record' AND closed_at IS NULL")),
    Index("dead_letter_archive", "expires_at", postgresql_where=text("expires_at IS NOT NULL")),
    Index("dead_letter_reference", "reference", postgresql_where=text("reference IS NOT NULL")),
    Index("dead_letter_institution", "institution", "state", "recorded_at", "id",
          postgresql_where=text("institution IS NOT NULL")),
)  # fmt: skip
stopped_group = Table(  # reached its ceiling; waits for an administrator
    "stopped_group",
    METADATA,
    Column("consumer_group", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    moment("stopped_at", now=True),
)
fingerprint = Table(
    "fingerprint",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("stage", Text, nullable=False),
    Column("exception", Text, nullable=False),
    Column("location", Text, nullable=False),
    Column("trace", Text, nullable=False),  # of its first failure; no values
    moment("first_seen", now=True),
)
letter_attempt = Table(  # each time a letter was tried or changed hands
    "letter_attempt",
    METADATA,
    Column("letter", Uuid, primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("who", Text, nullable=False),
    Column("job", Uuid),
    Column("outcome", Text, nullable=False),  # replayed · failed · edited · skipped · returned · redirected …
    Column("fingerprint", Text),  # of what failed this time
    Column("reason", Text),
    moment("at", now=True),
)
letter_group = Table(  # what administrators say of a fingerprint; it outlives a replay
    "letter_group",
    METADATA,
    Column("fingerprint", Text, primary_key=True),
    Column("owner", Text),
    Column("state", Text, nullable=False, server_default="new"),
    Column("release", Text),  # that should mend it
    moment("changed_at", now=True),
)
letter_note = Table(
    "letter_note",
    METADATA,
    Column("fingerprint", Text, primary_key=True),
    Column("seq", BigInteger, Identity(always=True), primary_key=True),
    Column("who", Text, nullable=False),
    Column("text", Text, nullable=False),
    moment("at", now=True),
)
letter_return = Table(  # told to a sender, until the correction is handled
    "letter_return",
    METADATA,
    Column("letter", Uuid, primary_key=True),
    Column("institution", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("where", Text),  # XPath or JSON pointer
    Column("event_id", Uuid, nullable=False),  # of what was returned
    Column("type", Text),
    Column("rejection", Text, nullable=False),  # signed, a compact JWS
    Column("who", Text, nullable=False),
    moment("returned_at", now=True),
    Column("document", Uuid),  # the correction
    moment("corrected_at", empty=True),
    Index("letter_return_of", "institution", "returned_at", "letter"),
    Index("letter_return_answered", "corrected_at", postgresql_where=text("document IS NOT NULL")),
)
letter_edit = Table(  # the one edit of a letter; the original stays as it is
    "letter_edit",
    METADATA,
    Column("letter", Uuid, primary_key=True),
    Column("event_id", Uuid, nullable=False),  # of the new event
    Column("headers", JSONB, nullable=False),
    Column("value", LargeBinary, nullable=False),
    Column("who", Text, nullable=False),
    Column("job", Uuid),
    moment("at", now=True),
)
fingerprint_rule = Table(  # park everything like this until a release, then replay it carefully; it expires
    "fingerprint_rule",
    METADATA,
    Column("fingerprint", Text, primary_key=True),
    Column("release", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("reason", Text, nullable=False),
    moment("made_at", now=True),
    moment("expires_at"),
)
replay_plan = Table(  # what would happen; dated, and refused when stale
    "replay_plan",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("who", Text, nullable=False),
    Column("verb", Text, nullable=False),  # replay · skip · archive · restore · return · redirect · edit
    Column("selection", JSONB, nullable=False),  # what was asked: filters, or {"letters": n}
    Column("release", Text, nullable=False),  # of the code that was asked
    Column("letters", Integer, nullable=False),
    Column("options", JSONB, nullable=False),  # of an edit or redirection: what becomes of the letter, sealed
    moment("made_at"),
    moment("expires_at"),  # not after made_at: the plan was never finished
)
replay_plan_letter = Table(
    "replay_plan_letter",
    METADATA,
    Column("plan", ForeignKey("replay_plan.id", ondelete="CASCADE"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("letter", Uuid, nullable=False),
    Column("consumer_group", Text, nullable=False),
    Column("was", Text, nullable=False),  # its fingerprint,
    Column("state", Text, nullable=False),  # its state
    Column("attempts", Integer, nullable=False),  # and its attempts as the plan saw them
    Column("verdict", Text),
    Column("reason", Text),
    Column("fingerprint", Text),  # of what would fail again
    Column("behind", BigInteger, nullable=False, server_default="0"),
    Column("releases", BigInteger, nullable=False, server_default="0"),
    Column("next_fingerprint", Text),  # of what would fail behind it
)
replay_job = Table(  # one verb over a frozen list
    "replay_job",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("seq", BigInteger, Identity(always=True), nullable=False, unique=True),
    Column("plan", Uuid, nullable=False),
    Column("verb", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", Text, nullable=False),  # asked · running · paused · stopped · done · cancelled · denied · expired
    Column("needs_approval", Boolean, nullable=False),
    Column("approver", Text),
    Column("why_stopped", Text),
    Column("release", Text, nullable=False),
    Column("options", JSONB, nullable=False),  # rate, canary steps, stop conditions
    Column("letters", Integer, nullable=False),
    Column("lease", Text),  # who runs it now
    moment("lease_until", empty=True),
    moment("asked_at", now=True),
    moment("approved_at", empty=True),
    moment("expires_at"),  # until when it may be approved
    moment("ended_at", empty=True),
    Index("replay_job_open", "state", "seq", postgresql_where=text("state IN ('asked','running','paused','stopped')")),
)
replay_job_letter = Table(
    "replay_job_letter",
    METADATA,
    Column("job", ForeignKey("replay_job.id", ondelete="CASCADE"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("letter", Uuid, nullable=False),
    Column("consumer_group", Text, nullable=False),
    Column("outcome", Text, nullable=False, server_default="waiting"),  # waiting · done · failed · passed over
    Column("released", BigInteger, nullable=False, server_default="0"),
    Column("fingerprint", Text),
    Column("reason", Text),
    moment("at", empty=True),
    Index("replay_job_letter_once", "letter", unique=True, postgresql_where=text("outcome = 'waiting'")),
    Index("replay_job_letter_next", "job", "outcome", "n"),
    Index("replay_job_letter_of", "letter"),
)

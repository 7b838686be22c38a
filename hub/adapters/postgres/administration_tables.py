"""Administrators, their sessions, and the audit of what they did."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY

from hub.adapters.postgres.metadata import METADATA, moment

administrator = Table(
    "administrator",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("roles", ARRAY(Text), nullable=False),  # viewer · operator · approver
    Column("password", Text, nullable=False),  # Argon2id, PHC string
    Column("language", Text, nullable=False, server_default="en"),
    moment("created_at", now=True),
    moment("disabled_at", empty=True),
)
administrator_session = Table(  # of the console, or a token for the REST API
    "administrator_session",
    METADATA,
    Column("hash", LargeBinary, primary_key=True),  # SHA-256 of 256 random bits
    Column("administrator", ForeignKey("administrator.name"), nullable=False, index=True),
    Column("kind", Text, nullable=False),  # browser · token
    moment("made_at", now=True),
    moment("used_at", now=True),
    moment("expires_at"),
)
sign_in_attempt = Table(
    "sign_in_attempt",
    METADATA,
    Column("subject", LargeBinary, primary_key=True),  # SHA-256 of an account's name or an address
    Column("tries", Integer, nullable=False),
    moment("since"),
)
reveal_grant = Table(  # what a session may see of a letter, for some minutes
    "reveal_grant",
    METADATA,
    Column("session", ForeignKey("administrator_session.hash", ondelete="CASCADE"), primary_key=True),
    Column("letter", Uuid, primary_key=True),
    Column("fields", ARRAY(Text), nullable=False),
    Column("purpose", Text, nullable=False),
    moment("expires_at"),
)
audit = Table(  # append-only; each entry carries the hash of the one before
    "audit",
    METADATA,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("who", Text, nullable=False),
    Column("verb", Text, nullable=False),
    Column("what", Text, nullable=False),  # kind and id: letter …, job …, group …
    Column("outcome", Text, nullable=False),  # done · denied · refused
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False),  # JSON; nothing personal
    Column("before", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    moment("at"),
    Index("audit_what", "what", "seq"),
    Index("audit_who", "who", "seq"),
)

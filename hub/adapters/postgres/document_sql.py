"""The statements of documents; columns in the order of ``DocumentRow``."""

from operator import attrgetter

COLUMNS = (
    ("id", "uuid"),
    ("connector", "text"),
    ("institution", "text"),
    ("message_id", "text"),
    ("sha256", "bytea"),
    ("size", "bigint"),
    ("state", "text"),
    ("events", "int"),
    ("refused", "int"),
    ("sequence", "bigint"),
    ("receipt", "text"),
    ("answer", "text"),
    ("wrapped_key", "bytea"),
    ("traceparent", "text"),
    ("received_at", "timestamptz"),
    ("expires_at", "timestamptz"),
)
fields = attrgetter(*(name for name, _ in COLUMNS))
"""The values of a row in the order of its columns."""
_NAMES = ", ".join(name for name, _ in COLUMNS)
_ARRAYS = ", ".join(f"${n}::{kind}[]" for n, (_, kind) in enumerate(COLUMNS, 1))
_GIVEN = ", ".join(f"{name}::jsonb" if name == "answer" else name for name, _ in COLUMNS)
_READ = ", ".join(f"{name}::text" if name == "answer" else name for name, _ in COLUMNS)

INSERT = f"""
    INSERT INTO document ({_NAMES})
    SELECT {_GIVEN} FROM unnest({_ARRAYS}) WITH ORDINALITY AS given ({_NAMES}, place) ORDER BY place
    ON CONFLICT (connector, institution, message_id) WHERE state <> 'rejected' DO NOTHING RETURNING id
"""
FIND = f"""
    SELECT {_READ} FROM document
    WHERE connector = $1 AND institution = $2 AND message_id = $3 AND state <> 'rejected'
"""
ACCEPTED = f"""
    SELECT {_READ} FROM document
    WHERE connector = $1 AND institution = $2 AND state <> 'rejected' ORDER BY received_at, id
"""
OF_SENDER = f"SELECT {_READ} FROM document WHERE id = $1 AND institution = $2"
LISTED = f"""
    SELECT {_READ} FROM document AS one
    WHERE institution = $1 AND ($2::text IS NULL OR state = $2) AND (received_at, id) > ($3, $4)
      AND NOT (state = 'rejected' AND message_id <> '' AND EXISTS (
            SELECT FROM document AS later
            WHERE later.connector = one.connector AND later.institution = one.institution
              AND later.message_id = one.message_id AND later.state <> 'rejected'))
    ORDER BY received_at, id LIMIT $5
"""
"""A refused document leaves the list when one was accepted under its message id."""
REJECTED_BEFORE = """
    SELECT id FROM document
    WHERE institution = $1 AND connector = $2 AND message_id = $3 AND sha256 = $4 AND state = 'rejected'
    LIMIT 1
"""
CHUNKS = "INSERT INTO document_chunk (document, n, body) SELECT * FROM unnest($1::uuid[], $2::int[], $3::bytea[])"
SLICES = """
    INSERT INTO document_slice (document, n, subject, box)
    SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[])
"""
WAKE_RELAY = "NOTIFY hub_outbox"
READ_CHUNKS = "SELECT body FROM document_chunk WHERE document = $1 ORDER BY n"
PAGE = "SELECT body FROM document_refusal WHERE document = $1 AND n = $2"
LAST_SEQUENCE = """
    SELECT max(sequence) FROM document
    WHERE connector = $1 AND institution = $2 AND sequence IS NOT NULL AND state <> 'rejected'
"""
MISSING = """
    WITH known AS (
        SELECT sequence FROM document
        WHERE connector = $1 AND institution = $2 AND sequence IS NOT NULL AND state <> 'rejected'
        UNION SELECT $3::bigint
    ), steps AS (SELECT sequence, lag(sequence, 1, 0) OVER (ORDER BY sequence) AS before FROM known)
    SELECT before + 1 AS first, sequence - 1 AS last FROM steps
    WHERE sequence > before + 1 ORDER BY sequence LIMIT $4
"""
AWAITS_CORRECTION = "SELECT true FROM letter_return WHERE letter = $1 AND institution = $2 AND document IS NULL"
CORRECTED = """
    WITH corrected AS (
        UPDATE letter_return SET document = $3, corrected_at = now()
        WHERE letter = $1 AND institution = $2 AND document IS NULL RETURNING letter)
    SELECT pg_notify('hub_replay', '') FROM corrected
"""

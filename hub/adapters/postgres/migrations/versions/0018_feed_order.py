"""a feed's row names the newest transaction that had ended when it was written, if that is later than its own."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        ALTER TABLE feed ALTER COLUMN transaction SET DEFAULT
        (greatest((pg_current_xact_id()::text)::bigint, (pg_snapshot_xmax(pg_current_snapshot())::text)::bigint - 1))
    """)


def downgrade() -> None:
    op.execute("ALTER TABLE feed ALTER COLUMN transaction SET DEFAULT (pg_current_xact_id()::text)::bigint")

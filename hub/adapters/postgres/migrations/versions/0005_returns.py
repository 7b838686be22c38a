"""documents returned to their senders; archived letters by the end of their time."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "letter_return",
        sa.Column("letter", sa.Uuid(), nullable=False),
        sa.Column("institution", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("where", sa.Text(), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=True),
        sa.Column("rejection", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("document", sa.Uuid(), nullable=True),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("letter", name=op.f("letter_return_pkey")),
    )
    op.create_index("letter_return_of", "letter_return", ["institution", "returned_at", "letter"], unique=False)
    op.create_index(
        "letter_return_answered",
        "letter_return",
        ["corrected_at"],
        unique=False,
        postgresql_where=sa.text("document IS NOT NULL"),
    )
    op.create_index(
        "dead_letter_archive",
        "dead_letter",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("expires_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("dead_letter_archive", table_name="dead_letter")
    op.drop_table("letter_return")

"""collective settlement cases and their terms."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "projection_rcd_case",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("register_ref", sa.Text(), nullable=False),
        sa.Column("regions", sa.Text(), nullable=False),
        sa.Column("institutions", sa.Text(), nullable=False),
        sa.Column("outage_open", sa.Boolean(), nullable=False),
        sa.Column("unplaced", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("projection_rcd_case_pkey")),
    )
    op.create_table(
        "projection_rcd_term",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("early", sa.Date(), nullable=False),
        sa.Column("late", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "term", name=op.f("projection_rcd_term_pkey")),
    )
    op.create_index("projection_rcd_term_due", "projection_rcd_term", ["state", "late"], unique=False)


def downgrade() -> None:
    op.drop_table("projection_rcd_term")
    op.drop_table("projection_rcd_case")

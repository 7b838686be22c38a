"""claims of collective settlement cases, and who mediates a case."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("projection_rcd_case", sa.Column("mediator", sa.Text(), nullable=True))
    op.execute("""
        UPDATE projection_rcd_case AS one SET mediator = state.data::json ->> 'mediator'
        FROM state WHERE state.consumer_group = 'hub.rcd' AND state.key = one.case_id
    """)
    op.create_table(
        "projection_rcd_claim",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("claim_ref", sa.Text(), nullable=False),
        sa.Column("case_ref", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("nature", sa.Text(), nullable=False),
        sa.Column("principal", sa.BigInteger(), nullable=False),
        sa.Column("interest", sa.BigInteger(), nullable=False),
        sa.Column("costs", sa.BigInteger(), nullable=False),
        sa.Column("preferred", sa.Boolean(), nullable=False),
        sa.Column("title", sa.Boolean(), nullable=False),
        sa.Column("proceedings", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=False),
        sa.Column("told_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "claim_ref", name=op.f("projection_rcd_claim_pkey")),
    )


def downgrade() -> None:
    op.drop_table("projection_rcd_claim")
    op.drop_column("projection_rcd_case", "mediator")

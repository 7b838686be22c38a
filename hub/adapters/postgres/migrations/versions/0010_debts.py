"""general files, debt files, refunds, households."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "projection_general_file",
        sa.Column("dossier", sa.Text(), nullable=False),
        sa.Column("cpas", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("box", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("dossier", name=op.f("projection_general_file_pkey")),
    )
    op.create_index("projection_general_file_owner", "projection_general_file", ["cpas", "dossier"], unique=False)
    op.create_table(
        "projection_debt_file",
        sa.Column("dossier", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("cpas", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("repaid", sa.BigInteger(), nullable=False),
        sa.Column("remaining", sa.BigInteger(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("box", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("remaining = due - repaid", name="projection_debt_file_balance"),
        sa.PrimaryKeyConstraint("dossier", "file", name=op.f("projection_debt_file_pkey")),
    )
    op.create_index("projection_debt_file_owner", "projection_debt_file", ["cpas", "file"], unique=False)
    op.create_index("projection_debt_file_number", "projection_debt_file", ["dossier", "number"], unique=True)
    op.create_table(
        "projection_debt_step",
        sa.Column("dossier", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("repaid", sa.BigInteger(), nullable=False),
        sa.Column("remaining", sa.BigInteger(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("remaining = due - repaid", name="projection_debt_step_balance"),
        sa.PrimaryKeyConstraint("dossier", "file", "event_id", name=op.f("projection_debt_step_pkey")),
    )
    op.create_table(
        "projection_refund",
        sa.Column("dossier", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("refund", sa.Text(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("made", sa.Boolean(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("box", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("dossier", "file", "refund", name=op.f("projection_refund_pkey")),
    )
    op.create_table(
        "projection_household",
        sa.Column("dossier", sa.Text(), nullable=False),
        sa.Column("composition", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("box", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("dossier", "composition", "member", name=op.f("projection_household_pkey")),
    )


def downgrade() -> None:
    op.drop_table("projection_household")
    op.drop_table("projection_refund")
    op.drop_table("projection_debt_step")
    op.drop_table("projection_debt_file")
    op.drop_table("projection_general_file")

"""administrators: attempts to sign in, what sessions may see."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("administrator", "failed")
    op.drop_column("administrator", "locked_until")
    op.alter_column("administrator", "revoked_at", new_column_name="disabled_at")
    op.create_table(
        "sign_in_attempt",
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("sign_in_attempt_pkey")),
    )
    op.create_table(
        "reveal_grant",
        sa.Column("session", sa.LargeBinary(), nullable=False),
        sa.Column("letter", sa.Uuid(), nullable=False),
        sa.Column("fields", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("session", "letter", name=op.f("reveal_grant_pkey")),
        sa.ForeignKeyConstraint(
            ["session"],
            ["administrator_session.hash"],
            name=op.f("reveal_grant_session_fkey"),
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    op.drop_table("reveal_grant")
    op.drop_table("sign_in_attempt")
    op.alter_column("administrator", "disabled_at", new_column_name="revoked_at")
    op.add_column("administrator", sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("administrator", sa.Column("failed", sa.Integer(), server_default="0", nullable=False))

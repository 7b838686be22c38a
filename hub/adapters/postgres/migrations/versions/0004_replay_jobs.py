"""plans and jobs over dead letters; the tables were empty until now."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("replay_job", sa.Column("release", sa.Text(), nullable=False))
    op.alter_column("replay_job", "plan", existing_type=sa.UUID(), nullable=False)
    op.add_column("replay_job_letter", sa.Column("consumer_group", sa.Text(), nullable=False))
    op.create_index("replay_job_letter_of", "replay_job_letter", ["letter"], unique=False)
    op.add_column("replay_plan", sa.Column("verb", sa.Text(), nullable=False))
    op.add_column("replay_plan", sa.Column("options", postgresql.JSONB(astext_type=sa.Text()), nullable=False))
    op.drop_column("replay_plan", "behind")
    op.drop_column("replay_plan", "verdicts")
    op.add_column("replay_plan_letter", sa.Column("was", sa.Text(), nullable=False))
    op.add_column("replay_plan_letter", sa.Column("state", sa.Text(), nullable=False))
    op.add_column("replay_plan_letter", sa.Column("reason", sa.Text(), nullable=True))
    op.add_column("replay_plan_letter", sa.Column("releases", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("replay_plan_letter", sa.Column("next_fingerprint", sa.Text(), nullable=True))
    op.alter_column("replay_plan_letter", "verdict", existing_type=sa.TEXT(), nullable=True)
    op.alter_column("replay_plan_letter", "behind", existing_type=sa.BigInteger(), server_default="0")
    op.drop_column("replay_plan_letter", "key")


def downgrade() -> None:
    op.add_column("replay_plan_letter", sa.Column("key", sa.Text(), nullable=False))
    op.alter_column("replay_plan_letter", "verdict", existing_type=sa.TEXT(), nullable=False)
    op.alter_column("replay_plan_letter", "behind", existing_type=sa.BigInteger(), server_default=None)
    for name in ("was", "state", "reason", "releases", "next_fingerprint"):
        op.drop_column("replay_plan_letter", name)
    op.add_column("replay_plan", sa.Column("verdicts", postgresql.JSONB(astext_type=sa.Text()), nullable=False))
    op.add_column("replay_plan", sa.Column("behind", sa.BigInteger(), nullable=False))
    op.drop_column("replay_plan", "options")
    op.drop_column("replay_plan", "verb")
    op.drop_index("replay_job_letter_of", table_name="replay_job_letter")
    op.drop_column("replay_job_letter", "consumer_group")
    op.alter_column("replay_job", "plan", existing_type=sa.UUID(), nullable=True)
    op.drop_column("replay_job", "release")

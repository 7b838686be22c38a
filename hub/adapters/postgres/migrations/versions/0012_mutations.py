"""mutations: since when answers are stale; numbers that replaced others."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "projection_flow_mutation",
        sa.Column("dossier", sa.Text(), nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("mutated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("dossier", "flow", name=op.f("projection_flow_mutation_pkey")),
    )
    op.create_table(
        "person_alias",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("stands_for", sa.Text(), nullable=False),
        sa.Column("document", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("person_alias_pkey")),
    )
    op.drop_column("answer", "invalidated_at")


def downgrade() -> None:
    op.add_column("answer", sa.Column("invalidated_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_table("person_alias")
    op.drop_table("projection_flow_mutation")

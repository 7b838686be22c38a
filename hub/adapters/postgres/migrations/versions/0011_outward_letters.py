"""open letters of deliveries, documents and timers: looked at every two seconds, among a million others."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "dead_letter_outward",
        "dead_letter",
        ["origin", "state"],
        unique=False,
        postgresql_where=sa.text("origin <> 'record' AND closed_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("dead_letter_outward", table_name="dead_letter")

"""outages of the register, as each case knows them."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "projection_rcd_outage",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("outage", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("case_id", "outage", name=op.f("projection_rcd_outage_pkey")),
    )
    op.execute(
        """
        INSERT INTO projection_rcd_outage (case_id, outage, started_at, ended_at)
        SELECT key, told.key, (told.value->>0)::timestamptz, (told.value->>1)::timestamptz
        FROM state, jsonb_each(state.data::jsonb->'outages') AS told (key, value)
        WHERE consumer_group = 'hub.rcd' AND data IS NOT NULL AND jsonb_typeof(state.data::jsonb->'outages') = 'object'
    """.replace("SELECT key, told.key", "SELECT state.key, told.key")
    )


def downgrade() -> None:
    op.drop_table("projection_rcd_outage")

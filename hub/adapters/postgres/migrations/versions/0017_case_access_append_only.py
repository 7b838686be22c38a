"""the log of accesses to cases is append-only by force."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE FUNCTION case_access_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'case_access is append-only (AR 11-10-2023, art. 4): % is refused', TG_OP
                USING ERRCODE = 'insufficient_privilege';
        END $$
    """)
    op.execute("""
        CREATE TRIGGER case_access_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON case_access
        FOR EACH STATEMENT EXECUTE FUNCTION case_access_append_only()
    """)


def downgrade() -> None:
    op.execute("DROP TRIGGER case_access_append_only ON case_access")
    op.execute("DROP FUNCTION case_access_append_only")

"""Everything that speaks to the database: tables, migrations, one module per port."""

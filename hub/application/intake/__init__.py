"""Documents and events come in: who, limits, parser, schema, mapping, one transaction, receipt."""

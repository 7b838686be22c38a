"""Workbooks (.xlsx): hardened reading, rows as a document of a contract, workbooks as answers."""

"""Debt files of a person at a CPAS: refunds, balance, closing, household (bcss-primaweb §4)."""

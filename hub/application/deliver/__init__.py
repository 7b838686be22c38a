"""Outward effects: attempts, leases, the effect ledger, outcomes."""

"""Accounts of institutions at the register: users, groups, and who sees which case."""

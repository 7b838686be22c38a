"""Administrators: their accounts, how they sign in, their sessions."""

"""Mails out."""

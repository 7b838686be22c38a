"""Mails of partners: whom to believe, and what their layouts say."""

"""Simulated institutions on real sockets, with synthetic people.

They speak to a hub as partners do: XML over HTTP, watched folders, CloudEvents, mails. Each keeps its own ledger:
what it sent, what it was answered, what must follow. Nothing here knows the hub's inside or its tables.
"""

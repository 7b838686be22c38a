"""Logs, metrics and traces: what operators see. Never a payload, a name or an identifier."""

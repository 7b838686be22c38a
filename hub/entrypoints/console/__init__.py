"""The administrators' console: pages made on the server, one style sheet, one small script (ADR 0015)."""

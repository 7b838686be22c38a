"""A person at a CPAS and the Crossroads Bank: integrations, the legal gate, consultations (bcss-primaweb §3)."""

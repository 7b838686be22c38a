"""Consulting the Crossroads Bank (BCSS) for a CPAS, behind the legal gate (bcss-primaweb §3.1)."""

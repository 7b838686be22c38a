"""A case that was kept long enough goes to the State Archives and is erased here (ADR 0028)."""

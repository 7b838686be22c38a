"""Claims of offices on a person, and the dossiers in which they count (fca-cpc §4.4–4.5)."""

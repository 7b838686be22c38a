"""The CPC dossier of a client with a CPAS: opening, invitations, answers, closing (fca-cpc §4)."""

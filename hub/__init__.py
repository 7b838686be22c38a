"""The mediation hub: a document goes from a partner to a dossier, a feed and a mail, with exactly one effect."""

"""What institutions read: feeds and dossiers, filtered to their rights."""

"""Events become dossiers: batches, folds, what follows, dead letters and their replay."""

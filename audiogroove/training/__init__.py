"""From a folder of music to a checkpoint: prepare, train, evaluate."""

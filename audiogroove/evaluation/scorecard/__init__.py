"""How like real music a set of pieces is, metric by metric, with controls beside it."""

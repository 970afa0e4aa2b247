"""A piece as a piano roll: drawn, painted, filmed."""

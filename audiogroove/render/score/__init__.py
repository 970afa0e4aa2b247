"""A piece as a score: engraved by verovio, on pages."""

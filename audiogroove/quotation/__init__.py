"""How much of a piece is quoted from other music: exactly, and at once by a small index."""

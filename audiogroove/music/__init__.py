"""What a piece of music is, how it is read and written, what is known about it."""

"""A piece as a row of events, and an event as the ids that a network reads and writes."""

"""The web page, and the interface behind it."""

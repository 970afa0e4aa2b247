"""Discord: its events become asks, our replies become its messages; nothing else happens here."""

"""MIDI files spelled out byte by byte, with words beside them.

A track is text: hex bytes, and after each `|` of a line what they mean. Headers and lengths are
added here, so that a test shows only what it is about.
"""

END = "00 FF 2F 00"


def track(text: str) -> bytes:
    """Spell a track: its letters, its length, its events, and its end unless it says one."""
    body = spelled(text)
    if not body.endswith(spelled(END[3:])):
        body += spelled(END)
    return chunk(b"MTrk", body)


def smf(*tracks: str | bytes, kind: int = 1, division: int = 96) -> bytes:
    """Spell a file of some type (0, 1, 2) and division (96 ticks a quarter note)."""
    bodies = [each if isinstance(each, bytes) else track(each) for each in tracks]
    return head(kind, len(bodies), division) + b"".join(bodies)


def head(kind: int, tracks: int, division: int) -> bytes:
    """Spell a header chunk, possible or not."""
    numbers = (kind, tracks, division)
    return chunk(b"MThd", b"".join(number.to_bytes(2, "big") for number in numbers))


def chunk(letters: bytes, body: bytes) -> bytes:
    """Put letters and length before a body."""
    return letters + len(body).to_bytes(4, "big") + body


def spelled(text: str) -> bytes:
    """Read hex bytes, leaving out what stands behind `|` on each line."""
    return bytes.fromhex(" ".join(line.partition("|")[0] for line in text.splitlines()))

"""Wishes as people type them in a chat, in any order and with any words around them.

    "a slow waltz for violin and piano, 24 bars, in Eb major"
    {"tempo": "slow", "style": "waltz", "parts": "violin, piano", "bars": "24", "key": "Eb major"}

What comes out are wishes by their names, as `audiogroove.wishes.request_of` takes them.
"""

from audiogroove.typed.reading import read_typed

__all__ = ["read_typed"]

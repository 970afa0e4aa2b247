"""Rules of music that a new note keeps to, each a small function from facts to a mask.

They are preferences with reason, not grammar: where one leaves nothing to choose from, it gives
way (see `strictest`), so that a wish for the nearly impossible still ends in music.
"""

import numpy as np
from numpy.typing import NDArray

from audiogroove.music.instruments import Instrument

Mask = NDArray[np.bool_]
Ints = NDArray[np.int64]

# Notes that one part sounds at once, at most; a family that is not named has PLENTY.
POLYPHONY = {
    "bass": 2,
    "strings": 3,
    "ensemble": 4,
    "brass": 3,
    "reed": 2,
    "pipe": 2,
    "synth lead": 2,
    "guitar": 6,
}
PLENTY = 10


def in_instrument_range(pitches: Ints, instrument: Instrument) -> Mask:
    """Tell which pitches (any shape, 0..127) the instrument has."""
    low, high = instrument.possible
    return (pitches >= low) & (pitches <= high)


def polyphony(instrument: Instrument) -> int:
    """Tell how many notes a part sounds at once, at most."""
    return POLYPHONY.get(instrument.family, PLENTY)


def beyond(pitches: Ints, low: int, high: int) -> Ints:
    """Tell by how many semitones pitches lie below `low` or above `high`, 0 between them."""
    return np.maximum(np.maximum(low - pitches, pitches - high), 0)


def outside_scale(pitches: Ints, pitch_classes: frozenset[int]) -> Mask:
    """Tell which pitches are foreign to a scale."""
    return ~np.isin(pitches % 12, list(pitch_classes))

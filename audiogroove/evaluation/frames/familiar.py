"""How much of a set has been heard before: in train, or earlier in the piece itself.

A fragment is a run of chords one after another, whatever their lengths, silence left out, and
transposed it is the same. What occurs in train may have been learnt by heart; what occurs earlier
in its own piece can be copied by whoever looks back.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from audiogroove.evaluation.frames.rolls import Roll, Splits

FRAGMENT = 8  # chords

Fragment = tuple[
    tuple[int, bytes], ...
]  # of each chord, how high it lies above the first; its shape


class Familiar(NamedTuple):
    """Shares of a split's fragments, 0..1."""

    known: float  # that occur in train
    again: float  # that occur earlier in their own piece


def familiar(splits: Splits) -> dict[str, Familiar]:
    """Tell of `valid` and `test` how much of them has been heard before."""
    train = {one for piece in splits["train"] for one in fragments(piece)}
    return {split: _familiar(splits[split], train) for split in ("valid", "test")}


def fragments(piece: Roll) -> list[Fragment]:
    """List a piece's fragments in their order."""
    sounding = piece[piece.any(axis=1)]
    changed = (np.diff(sounding, axis=0) != 0).any(axis=1)
    chords = sounding[np.concatenate(([True], changed))] if len(sounding) else sounding
    heights = chords.argmax(axis=1).tolist()
    shapes = [
        np.packbits(chord[height:]).tobytes().rstrip(b"\0")
        for chord, height in zip(chords, heights, strict=True)
    ]
    return [
        tuple(
            (height - heights[first], shape)
            for height, shape in zip(
                heights[first : first + FRAGMENT], shapes[first : first + FRAGMENT], strict=True
            )
        )
        for first in range(len(chords) - FRAGMENT + 1)
    ]


def _familiar(pieces: Sequence[Roll], train: set[Fragment]) -> Familiar:
    found = [fragments(piece) for piece in pieces]
    known = [fragment in train for own in found for fragment in own]
    again = [came for own in found for came in _again(own)]
    return Familiar(_share(known), _share(again))


def _again(own: Iterable[Fragment]) -> list[bool]:
    heard: set[Fragment] = set()
    came = []
    for fragment in own:
        came.append(fragment in heard)
        heard.add(fragment)
    return came


def _share(found: Sequence[bool]) -> float:
    return sum(found) / len(found) if found else 0.0

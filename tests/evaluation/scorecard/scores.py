"""Tiny music for the scorecard's tests, written as tuples: (onset, pitch, length), in quarters."""

from collections.abc import Iterable, Sequence

import numpy as np

from audiogroove.evaluation.scorecard.passage import Passage
from audiogroove.music.piece import Meter, Note, Part, Piece

Tuples = Iterable[tuple[float, int, float]]
SCALE = (60, 62, 64, 65, 67, 69, 71, 72)


def part(notes: Tuples, *, program: int = 0, drums: bool = False) -> Part:
    """Write a part."""
    rows = (Note(round(12 * onset), pitch, round(12 * length)) for onset, pitch, length in notes)
    return Part(tuple(sorted(rows)), program, drums)


def piece(*parts: Part, bars: int = 2, meter: tuple[int, int] = (4, 4)) -> Piece:
    """Write a piece of whole bars."""
    return Piece(parts, bars, ((0, Meter(*meter)),))


def line(pitches: Sequence[int], *, start: float = 0, length: float = 1) -> Tuples:
    """Write notes of one length, each as soon as the one before is over."""
    return [(start + at * length, pitch, length) for at, pitch in enumerate(pitches)]


def passage(*parts: Tuples, bars: int = 2, meter: tuple[int, int] = (4, 4)) -> Passage:
    """Write pitched parts as a passage."""
    return Passage.of(piece(*map(part, parts), bars=bars, meter=meter))


def kit(*hits: tuple[float, int], bars: int = 2) -> Passage:
    """Write drums alone: (onset, key)."""
    return Passage.of(piece(part([(at, key, 0.25) for at, key in hits], drums=True), bars=bars))


def tune(number: int, *, bars: int = 4) -> Piece:
    """Make up a melody in C that moves by step over a bass in fifths; each number has its own."""
    dice = np.random.default_rng(number)
    degrees = np.clip(np.cumsum(dice.integers(-1, 2, 4 * bars)) + 3, 0, 7)
    high = line([SCALE[degree] for degree in degrees])
    low = line([36, 43] * bars, length=2)
    return piece(part(high), part(low, program=32), bars=bars)

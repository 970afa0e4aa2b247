"""How like two stretches of music are, one trait at a time.

A *share* is 0..1, where 1 says that the trait is the same. Where there is nothing to compare,
such as the pitch classes of drums, a measure is NaN.
"""

from collections import Counter
from math import isnan, nan
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from audiogroove.music import theory
from audiogroove.music.piece import Key, Note, Part, Piece

LONGEST_STEPS = 48  # a note held longer says no more
QUANTILES = np.linspace(0, 1, 33)

Counts = Counter[int]
T = TypeVar("T")


def overlap(one: Counts, other: Counts) -> float:
    """Tell how much of two histograms lies in common, a share; NaN when one is empty."""
    sizes = one.total(), other.total()
    if not all(sizes):
        return nan
    return sum(min(one[value] / sizes[0], other[value] / sizes[1]) for value in one)


def ratio(one: float, other: float) -> float:
    """Tell how near two amounts are: the less as a share of the more; NaN without any."""
    most = max(one, other)
    return min(one, other) / most if most else nan


def pitched(piece: Piece) -> list[Note]:
    """List the notes of all parts but the drums."""
    return [note for part in piece.parts if not part.is_drums for note in part.notes]


def pitch_classes(piece: Piece) -> Counts:
    """Count for how many steps each pitch class is held."""
    held: Counts = Counter()
    for note in pitched(piece):
        held[note.pitch % 12] += min(note.duration, LONGEST_STEPS)
    return held


def onset_places(piece: Piece) -> Counts:
    """Count the notes that begin so many steps after a bar line."""
    lines = np.asarray(piece.bar_lines)
    onsets = np.array([note.onset for part in piece.parts for note in part.notes], dtype=np.int64)
    bars = np.searchsorted(lines, onsets, side="right") - 1
    return Counter((onsets - lines[bars]).tolist())


def durations(piece: Piece) -> Counts:
    """Count the notes of each duration, drums left out."""
    return Counter(min(note.duration, LONGEST_STEPS) for note in pitched(piece))


def programs(piece: Piece) -> frozenset[int]:
    """Tell which programs play at least a note, -1 for the drums."""
    return frozenset(-1 if part.is_drums else part.program for part in piece.parts if part.notes)


def density(piece: Piece) -> float:
    """Tell how many notes a bar there are."""
    return piece.note_count / piece.bars


def polyphony(piece: Piece) -> float:
    """Tell how many pitched notes sound at once on average, silence left out; 0 without any."""
    change = np.zeros(piece.steps + 1, dtype=np.int64)
    for note in pitched(piece):
        change[note.onset] += 1
        change[note.end] -= 1
    sounding = change.cumsum()
    return float(sounding.sum() / max(1, (sounding > 0).sum()))


def register_distance(one: Piece, other: Piece) -> float:
    """Tell how many semitones apart two distributions of pitches are (earth mover's distance)."""
    heights = [_heights(piece) for piece in (one, other)]
    if not all(map(len, heights)):
        return nan
    first, second = (np.quantile(height, QUANTILES) for height in heights)
    return float(np.abs(first - second).mean())


def same_key(one: Piece, other: Piece) -> float:
    """Tell (1 or 0) whether two stretches seem to be in one key, or in relative keys."""
    keys = theory.find_key(one), theory.find_key(other)
    if keys[0] is None or keys[1] is None:
        return nan
    return float(keys[1] in {keys[0], relative(keys[0])})


def relative(key: Key) -> Key:
    """Give the key with the same signature: A minor for C major, and the reverse."""
    if key.mode == "major":
        return Key((key.tonic + 9) % 12, "minor")
    return Key((key.tonic + 3) % 12, "major")


def sounding_bars(piece: Piece, part: Part) -> int:
    """Count the bars of a piece in which a part of it sounds."""
    sounding: set[int] = set()
    for note in part.notes:
        sounding.update(range(piece.bar_at(note.onset), piece.bar_at(note.end - 1) + 1))
    return len(sounding)


def jaccard(one: frozenset[T], other: frozenset[T]) -> float:
    """Tell what share of all members two sets have in common; NaN when both are empty."""
    return len(one & other) / len(one | other) if one | other else nan


def bar_sets(piece: Piece) -> list[frozenset[tuple[int, int, int]]]:
    """List what is struck in each bar: (steps after the bar line, part, pitch)."""
    lines = piece.bar_lines
    bars: list[set[tuple[int, int, int]]] = [set() for _ in range(piece.bars)]
    for index, part in enumerate(piece.parts):
        for note in part.notes:
            bar = piece.bar_at(note.onset)
            bars[bar].add((note.onset - lines[bar], index, note.pitch))
    return [frozenset(struck) for struck in bars]


def mean(values: list[float]) -> float:
    """Give the mean of the values that are not NaN; NaN when none is left."""
    known = [value for value in values if not isnan(value)]
    return sum(known) / len(known) if known else nan


def _heights(piece: Piece) -> NDArray[np.float64]:
    return np.array([note.pitch for note in pitched(piece)], dtype=np.float64)

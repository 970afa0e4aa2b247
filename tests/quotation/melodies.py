"""Melodies made of numbers, and a second opinion on what two of them have in common."""

from collections.abc import Sequence

import numpy as np

from audiogroove.quotation.phrases import Phrase

Moves = list[tuple[int, int]]  # semitones and steps


def phrase(moves: Sequence[tuple[int, int]], *, start: int = 60, part: int = 0) -> Phrase:
    """Sing moves from a pitch on."""
    told = np.array([(start, 0), *moves], dtype=np.int64).cumsum(axis=0)
    return Phrase.of(told[:, 1], told[:, 0], part=part)


def random_moves(dice: np.random.Generator, count: int) -> Moves:
    """Make up moves that hardly ever come again, an even number of steps apart."""
    semitones, steps = dice.integers(-12, 13, count), 2 * dice.integers(1, 25, count)
    return list(zip(semitones.tolist(), steps.tolist(), strict=True))


def foreign_moves(dice: np.random.Generator, count: int) -> Moves:
    """Make up moves that are none of `random_moves`."""
    return [(semitones, steps - 1) for semitones, steps in random_moves(dice, count)]


def longest_common(one: Moves, two: Moves) -> tuple[int, int]:
    """Find the longest run of moves that two melodies share: its length and its first place."""
    best, place = 0, 0
    row = [0] * (len(two) + 1)
    for index, own in enumerate(one):
        row = [0] + [
            before + 1 if own == other else 0 for before, other in zip(row, two, strict=False)
        ]
        if max(row) > best:
            best = max(row)
            place = index + 1 - best
    return best, place

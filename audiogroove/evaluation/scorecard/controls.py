"""Music that is bad in a known way: the upper rungs of the ladder.

Each is made of a real passage: its bars, its parts, and for some of them its notes.
"""

import numpy as np
from numpy.random import Generator

from audiogroove.evaluation.scorecard.passage import CELL, Passage


def shuffled(passage: Passage, dice: Generator) -> Passage:
    """Move each part in time against all others, by a bar or more, what falls out coming in again.

    Parts move by whole sixteenths, so that bar lines and beats are lost as well.
    """
    least = min(int(passage.lines[1]), passage.steps // 2)
    choices = np.arange(least, passage.steps - least + 1, CELL)
    offsets = dice.choice(choices, size=len(passage.programs))
    columns = passage.columns
    columns[:, 0] = (columns[:, 0] + offsets[columns[:, 1]]) % passage.steps
    return passage.with_columns(columns)


def scattered(passage: Passage, dice: Generator) -> Passage:
    """Play on each beat, in each part that plays, any pitch between its lowest and its highest."""
    beats = [
        (step, size)
        for start, end, size in zip(
            passage.lines[:-1].tolist(),
            passage.lines[1:].tolist(),
            passage.beats.tolist(),
            strict=True,
        )
        for step in range(start, end, size)
    ]
    rows = []
    for part in passage.playing.tolist():
        own = passage.pitches[passage.parts == part]
        pitches = dice.integers(own.min(), own.max() + 1, size=len(beats))
        rows += [
            (step, part, pitch, size, 80)
            for (step, size), pitch in zip(beats, pitches.tolist(), strict=True)
        ]
    return passage.with_columns(np.array(rows, dtype=np.int64).reshape(-1, 5))

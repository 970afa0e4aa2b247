"""Small chorales and piano rolls, written by dice."""

import json
from pathlib import Path

import numpy as np
from numpy.random import Generator
from scipy.io import savemat  # type: ignore[import-untyped]

from audiogroove.evaluation.frames import chorales, chords, rolls, voices
from audiogroove.evaluation.frames.recall import Ints

SMALL_VOICES = voices.Sizes(width=16, hidden=16, chain=16, dropout=0.1)
SMALL_CHORDS = chords.Sizes(width=16, hidden=16, chain=16, dropout=0.1)
LINES = ((60, 80), (55, 74), (48, 68), (40, 60))  # soprano, alto, tenor, bass


def chorale(dice: Generator, frames: int = 24) -> Ints:
    """Write four voices that hold, step and now and then rest."""
    piece = np.array([[dice.integers(*line) for line in LINES]] * frames)
    for place in range(1, frames):
        steps = dice.integers(-2, 3, 4) * (dice.random(4) < 0.3)
        piece[place] = np.clip(piece[place - 1] + steps, 40, 79)
    piece[dice.random(piece.shape) < 0.03] = chorales.SILENCE
    return piece


def chorale_splits(seed: int = 1, pieces: int = 5) -> chorales.Splits:
    """Write three splits of chorales."""
    dice = np.random.default_rng(seed)
    return {
        split: [chorale(dice, 20 + 4 * number) for number in range(pieces)]
        for split in chorales.SPLITS
    }


def roll(dice: Generator, frames: int = 24) -> rolls.Roll:
    """Write chords that hold for a while, and silence now and then."""
    piece = np.zeros((frames, rolls.KEYS), np.uint8)
    for start in range(0, frames, 4):
        keys = dice.integers(30, 60, int(dice.integers(0, 5)))
        piece[start : start + 4, keys] = 1
    return piece


def roll_splits(seed: int = 1, pieces: int = 5) -> rolls.Splits:
    """Write three splits of piano rolls."""
    dice = np.random.default_rng(seed)
    return {
        split: [roll(dice, 20 + 4 * number) for number in range(pieces)] for split in rolls.SPLITS
    }


def save_chorales(path: Path, splits: chorales.Splits) -> None:
    """Write chorales as they were published; `chorales.read` undoes it."""
    told = {split: [piece.tolist() for piece in pieces] for split, pieces in splits.items()}
    path.write_text(json.dumps(told))


def save_rolls(folder: Path, name: str, splits: rolls.Splits) -> None:
    """Write piano rolls as they were published; `rolls.read` undoes it."""
    cells = {}
    for split, pieces in splits.items():
        cells[rolls.SPLITS[split]] = np.empty((1, len(pieces)), object)
        for number, piece in enumerate(pieces):
            cells[rolls.SPLITS[split]][0, number] = piece
    savemat(folder / f"{name}.mat", cells)

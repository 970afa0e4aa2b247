"""The JSB chorales on a sixteenth grid: how they are read, and how far they may be moved.

A piece is a matrix of frames × voices (soprano, alto, tenor, bass) of MIDI pitches, -1 where a
voice is silent. Data: `Jsb16thSeparated.json` of czhuang/JSB-Chorales-dataset. A note that is
struck again cannot be told from one that is held, and there are no fermatas.
"""

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audiogroove.errors import DatasetRejected

Ints = NDArray[np.int64]
Splits = dict[str, list[Ints]]  # "train", "valid", "test" to pieces (T, VOICES)

VOICES = 4
ORDER = (0, 3, 1, 2)  # heads decide the soprano, then the bass, then alto and tenor
SILENCE, NOTHING = -1, -2  # no pitch; no frame
OCTAVE, MOVE = 12, 6
LOWEST, HIGHEST = 36, 81  # pitches as they are written …
LOW, HIGH = LOWEST - MOVE + 1, HIGHEST + MOVE  # … and as they are told
PITCHES = HIGH - LOW + 2  # classes: silence, then LOW..HIGH
SPLITS = ("train", "valid", "test")


def read(path: Path) -> Splits:
    """Read the published file.

    Raises:
        DatasetRejected: when it holds something else.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        splits = {
            name: [np.array(piece, dtype=np.int64) for piece in told[name]] for name in SPLITS
        }
    except (ValueError, LookupError, TypeError) as error:
        raise DatasetRejected(path, fault=f"it is not Jsb16thSeparated.json: {error}") from error
    for piece in (piece for pieces in splits.values() for piece in pieces):
        if piece.ndim != 2 or piece.shape[1] != VOICES or not len(piece):
            raise DatasetRejected(path, fault="a piece is not made of frames of four pitches")
        known = (piece == SILENCE) | ((piece >= LOWEST) & (piece <= HIGHEST))
        if not known.all():
            raise DatasetRejected(path, fault="it holds what is no pitch of the chorales")
    return splits


def ranges(pieces: list[Ints]) -> Ints:
    """Tell the lowest and the highest pitch of each voice, (VOICES, 2); SILENCE if it has none."""
    frames = np.concatenate(pieces)
    highest = frames.max(axis=0)
    lowest = np.where(frames == SILENCE, highest, frames).min(axis=0)
    return np.stack((lowest, highest), axis=1)


def transpositions(piece: Ints, within: Ints) -> list[int]:
    """List by how many semitones, -6..6, a piece may be moved with each voice in its range."""
    own = ranges([piece])
    sings = own[:, 0] != SILENCE
    lowest, highest = (within - own)[sings].T
    return [k for k in range(-MOVE, MOVE + 1) if (lowest <= k).all() and (k <= highest).all()]


def offset(first: Ints) -> int:
    """Tell how far above C, -6..5, the lowest pitch of a first frame is; 0 when all are silent."""
    sounding = first[first >= 0]
    return (int(sounding.min()) + MOVE) % OCTAVE - MOVE if len(sounding) else 0
